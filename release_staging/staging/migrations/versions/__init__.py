"""One module a schema version, named by its number. A released one is never edited."""
