"""The public credit site: looking a firm up, its public file, reports under a number, checking one."""
