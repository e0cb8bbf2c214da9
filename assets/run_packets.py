"""What assets share to work on the packets of a run: one of them or a range."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import dagster as dg

from release_staging.model.gathered import Gathered, Tables


def keys(context: dg.AssetExecutionContext) -> list[str]:
    """The packets of this run."""
    return list(context.partition_keys)


def described(context: dg.AssetExecutionContext, tables: Tables, describe: Callable[[Gathered, str], Mapping[str, Any]]) -> Tables:
    """Gives each packet's materialisation its own metadata, and passes the tables on."""
    gathered = Gathered(tables)
    for packet in keys(context):
        context.add_asset_metadata(describe(gathered, packet), partition_key=packet)
    return tables
