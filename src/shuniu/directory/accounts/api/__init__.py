"""Verbs of accounts and tokens; reached from elsewhere through `shuniu.directory.api`."""
