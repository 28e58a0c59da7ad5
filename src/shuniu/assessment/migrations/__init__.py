"""Tables of assessment, step by step."""
