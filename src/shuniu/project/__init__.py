"""Settings, addresses, command line, embedded services."""
