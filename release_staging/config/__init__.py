"""Registries and policy: versioned data files, checked where they are loaded."""
