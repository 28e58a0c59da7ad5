"""The service items of the province's hall: one file of data each, by agency."""
