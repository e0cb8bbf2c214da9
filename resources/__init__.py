"""What the DAG reaches: vault, staging store, registries and policy, the IO manager, the Dagster instance's storage."""
