"""What a materialisation shows in the UI. Everything from a packet is escaped; nothing from beyond the boundary is here."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import dagster as dg
import pyarrow as pa
import pyarrow.compute as pc

from release_staging.model.exceptions import ReviewException
from release_staging.model.gathered import Gathered

_MOST_ROWS = 40  # metadata is stored in the event and loaded with every page of events
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~&:@])")


def escaped(text: str, most: int = 200) -> str:
    """Text from a packet, as Markdown that shows just that text."""
    flat = " ".join(text.split())
    return _SPECIAL.sub(r"\\\1", flat[:most] + ("…" if len(flat) > most else "")).replace("\\<", "&lt;").replace("\\>", "&gt;")


def table(records: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> dg.TableMetadataValue:
    """A table of at most _MOST_ROWS rows; ``columns`` gives names and types."""
    schema = dg.TableSchema(columns=[dg.TableColumn(name, kind) for name, kind in columns.items()])
    shown = [dg.TableRecord({name: record.get(name) for name in columns}) for record in records[:_MOST_ROWS]]
    return dg.MetadataValue.table(records=shown, schema=schema)


def of_documents(gathered: Gathered, packet: str) -> dict[str, Any]:
    """The packet's documents by format, and what could not be recognised."""
    documents = gathered.rows("documents", packet)
    formats = Counter((row["source"] or "not evidence", row["format"] or "not recognised") for row in documents)
    records = [{"source": source, "format": name, "documents": count} for (source, name), count in sorted(formats.items())]
    return {
        "documents": len(documents),
        "bytes": sum(row["size"] or 0 for row in documents),
        "documents_by_format": table(records, {"source": "string", "format": "string", "documents": "int"}),
        "problems": len(gathered.rows("problems", packet)),
    }


def of_extraction(gathered: Gathered, packet: str, names: Iterable[str]) -> dict[str, Any]:
    """Claims, rows and losses of one source's extraction."""
    found: dict[str, Any] = {}
    for name in names:
        content = gathered.table(name, packet)
        if content is not None and name != "losses":
            found[name] = content.num_rows
    found["losses"] = _losses(gathered.table("losses", packet))
    return found


def _losses(losses: pa.Table | None) -> dg.TableMetadataValue:
    """The loss ledger: shapes that were not understood first, then by count."""
    kinds = ("not_understood", "dropped", "summarised", "mapped")
    records: list[dict[str, Any]] = []
    if losses is not None and losses.num_rows:
        order = pc.sort_indices(losses, [(kind, "descending") for kind in kinds])
        records = losses.take(order.slice(0, _MOST_ROWS)).to_pylist()
    return table(records, {"path": "string", **dict.fromkeys(reversed(kinds), "int"), "rule": "string"})


def of_exceptions(exceptions: Iterable[ReviewException]) -> dg.MarkdownMetadataValue:
    """Exceptions as a Markdown list, blocking first."""
    lines = []
    for one in list(exceptions)[:_MOST_ROWS]:
        where = ", ".join(f"{escaped(evidence.path)} {escaped(evidence.locator or '')}".strip() for evidence in one.evidence[:3])
        mark = "**" if one.blocking else ""
        lines.append(
            f"- {mark}{one.code.value}{mark} {escaped(one.subject)} ({one.owner.value}): {escaped(one.message, 400)}"
            + (f" at {where}" if where else "")
        )
    return dg.MetadataValue.md("\n".join(lines) or "none")
