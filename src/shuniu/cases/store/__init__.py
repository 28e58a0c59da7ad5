"""SQL of cases, a file for each part; called by its verbs alone."""
