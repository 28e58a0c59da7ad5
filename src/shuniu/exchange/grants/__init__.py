"""Grants: a department asks for data, its owner grants it item by item, a versioned agreement comes of it."""
