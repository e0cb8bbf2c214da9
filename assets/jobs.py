"""The one job: everything from packet to outcome. In-process: a process for each step costs 25 times more.

The evaluation is no step of a packet: it is materialised by itself.
"""

from __future__ import annotations

import dagster as dg

from assets.evaluation import GROUP as EVALUATION

stage_packets = dg.define_asset_job(
    "stage_packets",
    selection=dg.AssetSelection.all() - dg.AssetSelection.groups(EVALUATION),
    executor_def=dg.in_process_executor,
    description="Stages packets, one or a range: opens, extracts, normalises, looks for contradictions, assembles, hands off.",
)
