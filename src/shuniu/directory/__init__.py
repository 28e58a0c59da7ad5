"""支撑: regions with history, agencies, posts, officers, accounts; who holds which right."""
