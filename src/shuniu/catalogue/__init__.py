"""核心: data elements, code lists, resources and their versions, sharing terms, conformance."""
