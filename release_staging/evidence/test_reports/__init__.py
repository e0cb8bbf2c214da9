"""Readers of test_reports: unit, integration, load and smoke results."""
