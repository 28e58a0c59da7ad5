"""Cases: what is applied for (办件): forms, materials, licences, fees, documents and ratings, on top of procedures."""
