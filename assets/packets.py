"""Partitions, and what all assets of a packet share. One packet is one partition; keys are made by the intake and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import dagster as dg

PARTITIONS = "packets"
packets = dg.DynamicPartitionsDefinition(name=PARTITIONS)

# A run takes one packet or a contiguous range of them: a burst is a few runs, not one a packet, and none without bounds.
MOST_PACKETS = 250
ranged = dg.BackfillPolicy.multi_run(max_partitions_per_run=MOST_PACKETS)

PLATFORM = "release-platform"


def packet_asset(
    name: str,
    *,
    group: str,
    description: str,
    owner: str = PLATFORM,
    inputs: Sequence[str] = (),
    checks: Sequence[dg.AssetCheckSpec] = (),
) -> Callable[[Callable[..., Any]], dg.AssetsDefinition]:
    """The decorator of an asset whose value is ``Tables``, one Parquet file a packet. ``inputs`` become arguments of the same names."""
    return dg.asset(
        name=name,
        partitions_def=packets,
        backfill_policy=ranged,
        io_manager_key="packet_tables",
        group_name=group,
        kinds={"arrow", "parquet"},
        owners=[f"team:{owner}"],
        description=description,
        ins={asset: dg.AssetIn(asset) for asset in inputs},
        check_specs=list(checks),
    )
