"""Tables over all packets of a run, and each packet's share of them.

Between steps everything is a dict of Arrow tables whose first column is ``packet``. A run over one packet and a run over
a thousand take the same path.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

Tables = dict[str, pa.Table]


class Gathered:
    """Read access to the tables of a run by packet. Slices are zero-copy; the tables are sorted by packet once."""

    def __init__(self, tables: Mapping[str, pa.Table]) -> None:
        self._tables = dict(tables)
        self._sorted: dict[str, tuple[pa.Table, dict[str, tuple[int, int]]]] = {}

    @cached_property
    def packets(self) -> list[str]:
        """Every packet that any table names, sorted."""
        return sorted({packet for table in self._tables.values() for packet in pc.unique(table["packet"]).to_pylist()})

    def table(self, name: str, packet: str) -> pa.Table | None:
        """The packet's rows of a table, or None where there is no such table."""
        if name not in self._tables:
            return None
        if name not in self._sorted:
            self._sorted[name] = _by_packet(self._tables[name])
        table, spans = self._sorted[name]
        start, length = spans.get(packet, (0, 0))
        return table.slice(start, length)

    def rows(self, name: str, packet: str) -> list[dict[str, Any]]:
        """The packet's rows of a table as dicts: for tables of bounded size."""
        table = self.table(name, packet)
        return [] if table is None else table.to_pylist()


def _by_packet(table: pa.Table) -> tuple[pa.Table, dict[str, tuple[int, int]]]:
    """The table in packet order (documents and rows keep theirs), and each packet's span."""
    if not table.num_rows:
        return table, {}
    keys = table["packet"].combine_chunks()
    order = pc.sort_indices(
        pa.table({"packet": keys, "place": pa.array(range(len(keys)))}), [("packet", "ascending"), ("place", "ascending")]
    )
    table = table.take(order).combine_chunks()
    runs = pc.run_end_encode(table["packet"].combine_chunks())
    spans, start = {}, 0
    for packet, end in zip(runs.values.to_pylist(), runs.run_ends.to_pylist(), strict=True):
        spans[packet] = (start, end - start)
        start = end
    return table, spans


def merged(parts: Iterable[Mapping[str, pa.Table]]) -> Tables:
    """Several sets of tables as one: tables of the same name are put behind one another."""
    found: dict[str, list[pa.Table]] = {}
    for part in parts:
        for name, table in part.items():
            found.setdefault(name, []).append(table)
    return {name: pa.concat_tables(tables, promote_options="default") if len(tables) > 1 else tables[0] for name, tables in found.items()}


def owned(tables: Mapping[str, pa.Table], packet: str, document: str) -> Tables:
    """One document's tables with the owner columns ``packet`` and ``document`` in front."""
    return {name: _with_owner(table, packet, document) for name, table in tables.items()}


def _with_owner(table: pa.Table, packet: str, document: str) -> pa.Table:
    count = table.num_rows
    table = table.add_column(0, pa.field("document", pa.string()), pa.repeat(pa.scalar(document, pa.string()), count))
    return table.add_column(0, pa.field("packet", pa.string()), pa.repeat(pa.scalar(packet, pa.string()), count))
