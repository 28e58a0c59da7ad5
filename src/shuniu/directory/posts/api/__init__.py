"""Verbs of posts and the rights they give: appointed to, held for somebody else, explained, looked through once a year."""
