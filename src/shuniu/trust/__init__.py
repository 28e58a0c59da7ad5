"""支撑: keys, signatures, the journal and its proofs, the @verb door."""
