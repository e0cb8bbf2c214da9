"""The DAG: what depends on what, checks, jobs, sensors, partitions. A body calls ``release_staging`` and no more."""
