"""Evidence vault and staging store: where side effects live."""
