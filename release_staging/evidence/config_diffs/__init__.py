"""Readers of config_diffs: configuration changes by environment."""
