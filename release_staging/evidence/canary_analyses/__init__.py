"""Readers of canary_analyses: canary judgements."""
