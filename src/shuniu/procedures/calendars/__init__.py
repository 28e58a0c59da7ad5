"""Holiday tables and the running clocks that they move: tables of clocks, their verbs and their SQL."""
