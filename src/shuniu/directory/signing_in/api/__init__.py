"""Verbs of signing in; reached from elsewhere through `shuniu.directory.api`."""
