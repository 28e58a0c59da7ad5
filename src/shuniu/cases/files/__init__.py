"""Uploaded files: what they are by their content, whether they carry a virus, and where they lie as ciphertext."""
