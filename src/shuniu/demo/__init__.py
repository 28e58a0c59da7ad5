"""A fictional province's departments, people and firms, acting only through the public doors."""
