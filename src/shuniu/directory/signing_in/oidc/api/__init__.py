"""Verbs of single sign-on; reached from elsewhere through `shuniu.directory.api`."""
