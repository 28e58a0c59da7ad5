"""根本: the public catalogue and credit site, and the staff desk."""
