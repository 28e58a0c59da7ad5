"""核心: submissions and receipts, reconciliation, quality, objections, reading another's rows."""
