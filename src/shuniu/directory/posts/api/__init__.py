"""Verbs of rights: explained, held for somebody else, looked through once a year."""
