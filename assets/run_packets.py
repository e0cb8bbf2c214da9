"""What assets share to work on the packets of a run: one of them, or a range."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import dagster as dg

from release_staging.model.gathered import Gathered, Tables


def keys(context: dg.AssetExecutionContext) -> list[str]:
    """The packets of this run."""
    return list(context.partition_keys)


def described(context: dg.AssetExecutionContext, tables: Tables, describe: Callable[[Gathered, str], Mapping[str, Any]]) -> Tables:
    """Gives the materialisation its metadata, and passes the tables on.

    A range has one set for all its packets: looking each of them up costs more than making them. ``handoff_outcome`` tells them apart.
    """
    packets = keys(context)
    if len(packets) == 1:
        context.add_asset_metadata(describe(Gathered(tables), packets[0]))
    else:
        context.add_asset_metadata({"packets": len(packets), **{name: table.num_rows for name, table in sorted(tables.items())}})
    return tables
