"""Readers: one folder a source, one module a format. ``docs/ADDING_A_FORMAT.md`` says how to add one."""
