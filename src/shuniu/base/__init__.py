"""What every room stands on: identifiers, periods, the calendar, dated rules, Chinese text, the one expression type."""
