"""Registries, taxonomies and mapping rules: source values to the controlled vocabulary."""
