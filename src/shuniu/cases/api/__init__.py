"""The front door of cases: its verbs, a file for each part."""
