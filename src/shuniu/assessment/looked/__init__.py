"""Who looked at whose data: told to the subject, asked about, kept back for a time by law, and watched over."""
