"""Pages of the directory: signing in, one's own security and rights, an agency's accounts, single sign-on."""
