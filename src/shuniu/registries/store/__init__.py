"""SQL of the registries, called by `api` alone: tables, loading, identity, history."""
