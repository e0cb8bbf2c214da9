"""Readers of artifact_registry: what a registry says it holds."""
