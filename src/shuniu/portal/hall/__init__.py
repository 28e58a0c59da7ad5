"""The service hall (办事大厅): pages for people and firms."""
