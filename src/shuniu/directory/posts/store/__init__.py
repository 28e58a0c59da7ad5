"""Reading and writing who holds posts for whom, and the yearly lists. Called by the directory's `api` alone."""
