"""What a reader makes of one document."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa


@dataclass(frozen=True)
class Extraction:
    """``tables`` maps a table name of ``model.tables.SCHEMAS`` to its rows; tables without rows are left out.

    ``format`` is the format id with version (``cyclonedx-json@1.6``), ``reader`` the reader and its revision.
    """

    source: str
    format: str
    reader: str
    tables: dict[str, pa.Table]

    def loss(self) -> dict[str, int]:
        """Totals of the loss ledger: mapped, summarised, dropped, not_understood."""
        names = ("mapped", "summarised", "dropped", "not_understood")
        losses = self.tables.get("losses")
        return {name: sum(losses[name].to_pylist()) if losses is not None else 0 for name in names}
