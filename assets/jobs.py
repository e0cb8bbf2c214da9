"""The one job: everything from packet to outcome. In-process: a process for each step costs 25 times more."""

from __future__ import annotations

import dagster as dg

stage_packets = dg.define_asset_job(
    "stage_packets",
    selection=dg.AssetSelection.all(),
    executor_def=dg.in_process_executor,
    description="Stages packets, one or a range: opens, extracts, normalises, looks for contradictions, assembles, hands off.",
)
