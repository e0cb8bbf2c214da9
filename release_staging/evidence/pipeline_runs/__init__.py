"""Readers of pipeline_runs: CI/CD runs and their jobs."""
