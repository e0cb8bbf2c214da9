"""The composition root: the Dagster definitions of this code location."""
