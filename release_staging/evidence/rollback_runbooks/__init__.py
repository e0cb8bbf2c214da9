"""Readers of rollback_runbooks: how to go back."""
