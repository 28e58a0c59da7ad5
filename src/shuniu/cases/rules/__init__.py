"""Pure rules of cases, a file for each part: no database, no clock."""
