"""Where rights come from: posts explained, held by somebody else for a while, and looked through once a year."""
