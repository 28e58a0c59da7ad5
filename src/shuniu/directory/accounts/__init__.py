"""Accounts made, restored and closed, and the tokens of departments' machines."""
