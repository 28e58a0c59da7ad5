"""核心: typed tables, loading, history, subjects and matching, golden registers."""
