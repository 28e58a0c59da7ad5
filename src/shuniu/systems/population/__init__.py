"""人口库: one golden record a person, each attribute from the department that answers for it; portraits are not held."""
