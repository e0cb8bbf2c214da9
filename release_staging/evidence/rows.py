"""The rows of one table while they are gathered: Arrow, but for the last few."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

_HELD = 1024  # rows held as Python objects
_POOL = pa.system_memory_pool()  # takes no more than pieces of this size need; Arrow's own pool takes nearly twice as much


class Rows:
    """Columns that are left out are null; one that the table does not have is a KeyError."""

    __slots__ = ("_batches", "_last", "_rows", "schema", "texts")

    def __init__(self, schema: pa.Schema) -> None:
        self.schema = schema
        self.texts = frozenset(field.name for field in schema if field.type == pa.string())
        self._batches: list[pa.RecordBatch] = []
        self._last: dict[str, list[Any]] = {name: [] for name in schema.names}
        self._rows = 0

    def append(self, row: Mapping[str, Any]) -> None:
        self._refuse_unknown(row)
        for name, column in self._last.items():
            column.append(row.get(name))
        self._grown(1)

    def extend(self, columns: Mapping[str, Sequence[Any]], count: int) -> None:
        """Adds ``count`` rows, given by their columns."""
        self._refuse_unknown(columns)
        if {*map(len, columns.values())} != {count}:
            raise ValueError(f"not every column has {count} cells: { ({name: len(column) for name, column in columns.items()}) }")
        nothing = [None] * count
        for name, column in self._last.items():
            column.extend(columns.get(name, nothing))
        self._grown(count)

    def table(self) -> pa.Table:
        """In pieces as they were packed: to join them would hold all rows twice."""
        self._pack()
        return pa.Table.from_batches(self._batches, self.schema)

    def _refuse_unknown(self, columns: Mapping[str, Any]) -> None:
        if not columns.keys() <= self._last.keys():
            unknown = sorted(columns.keys() - self._last.keys())
            raise KeyError(f"the table has only the columns {', '.join(self.schema.names)}, not {unknown}")

    def _grown(self, count: int) -> None:
        self._rows += count
        if self._rows >= _HELD:
            self._pack()

    def _pack(self) -> None:
        columns = [pa.array(self._last[field.name], field.type, memory_pool=_POOL) for field in self.schema]
        self._batches.append(pa.RecordBatch.from_arrays(columns, schema=self.schema))
        self._last = {name: [] for name in self.schema.names}
        self._rows = 0
