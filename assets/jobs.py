"""The jobs: everything from packet to outcome, and how the deployment does. In-process: a process for each step costs 25 times more.

The evaluation is no step of a packet: it is materialised by itself.
"""

from __future__ import annotations

import dagster as dg

from assets.evaluation import GROUP as EVALUATION
from assets.operations import GROUP as OPERATIONS

_OPERATIONS = dg.AssetSelection.groups(OPERATIONS)

stage_packets = dg.define_asset_job(
    "stage_packets",
    selection=dg.AssetSelection.all() - _OPERATIONS - dg.AssetSelection.groups(EVALUATION),
    executor_def=dg.in_process_executor,
    description="Stages packets, one or a range: opens, extracts, normalises, looks for contradictions, assembles, hands off.",
)

look_after = dg.define_asset_job(
    "look_after",
    selection=_OPERATIONS,
    executor_def=dg.in_process_executor,
    description="Looks at the exception queue and at the quality of the intake.",
)

hourly = dg.ScheduleDefinition(
    name="look_after_hourly",
    job=look_after,
    cron_schedule="0 * * * *",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Queue health and intake quality, once an hour.",
)
