"""What somebody posted whose session had ended: kept, and shown again after signing in, to be posted by nobody but himself."""
