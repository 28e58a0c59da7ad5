"""Evidence of an exchange that an outsider checks alone: what was asked and answered, without the answer being kept."""
