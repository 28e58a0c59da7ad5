"""SQL and rows of holiday tables and clocks. Called by `calendars.api` and the engine's own store alone."""
