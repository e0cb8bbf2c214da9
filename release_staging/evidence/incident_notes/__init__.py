"""Readers of incident_notes: sanitised incident notes."""
