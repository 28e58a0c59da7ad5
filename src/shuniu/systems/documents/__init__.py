"""公文流转: documents sent out and taken in, information reported, and matters supervised to their end (督查)."""
