"""Readers of release_manifest: what is being released, by its own declaration."""
