"""Delegation (代办): a person or firm lets another account act for it, for named acts and items, until a day, never longer."""
