"""Regions and agencies, as they stand and as they stood."""
