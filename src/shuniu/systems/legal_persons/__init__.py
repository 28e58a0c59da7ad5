"""法人单位库: one golden record a legal person, each attribute from the department that answers for it."""
