"""Readers of service_catalog: who owns the service."""
