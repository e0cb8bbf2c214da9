"""The DAG: what depends on what, checks, jobs, sensors, partitions. A body calls ``release_staging`` and no more."""

import warnings

import dagster as dg

# Two features of this (pinned) Dagster version are marked as not final, and are used knowingly: a run over a range of partitions,
# and checks by partition. Everything else may warn.
warnings.filterwarnings("ignore", message="Parameter `backfill_policy` ", category=dg.BetaWarning)
warnings.filterwarnings("ignore", message=".*partitions_def.* on an AssetCheckSpec", category=dg.PreviewWarning)
