"""关键: one folder per government system: declarations, and small pure functions."""
