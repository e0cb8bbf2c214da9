"""The words every layer shares: sources, claims, rows, losses, locators, exceptions. Imports nothing of ours."""
