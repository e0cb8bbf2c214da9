"""Taking what documents disclose out of the tables that were made of them."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from release_staging.disclosure.conceal import Concealment
from release_staging.model import locators
from release_staging.model.gathered import Tables

# Columns of our own words: they say what the others are.
_OURS = frozenset(
    ("packet", "document", "code", "field", "confidence", "vocabulary", "source", "asserted_source", "format", "encoding", "recognised_by")
)
_SOMEWHERE = locators.lines(0, 1)  # instead of a place whose name may not be told


def concealed(tables: Tables, by_packet: Mapping[str, Concealment]) -> Tables:
    """The tables without what their packets disclose; those of other packets are left as they are.

    What stood at a place and may not be told is null (``source_value``), or has the found part withheld.
    """
    return {name: _concealed(name, table, by_packet) for name, table in tables.items()} if by_packet else tables


def _concealed(name: str, table: pa.Table, by_packet: Mapping[str, Concealment]) -> pa.Table:
    theirs = pc.is_in(table["packet"], pa.array(list(by_packet), pa.string()))
    if not pc.any(theirs).as_py():
        return table
    parts = [table.filter(pc.invert(theirs))]
    for packet, concealment in by_packet.items():
        rows = table.filter(pc.equal(table["packet"], packet))
        if rows.num_rows:
            parts.append(_without(name, rows, concealment))
    return pa.concat_tables(parts)


def _without(name: str, rows: pa.Table, concealment: Concealment) -> pa.Table:
    columns = [field.name for field in rows.schema if field.type == pa.string() and field.name not in _OURS]
    texts = {text for column in columns for text in pc.unique(rows[column]).to_pylist() if text}
    changed = concealment.changed(sorted(texts))
    for column in columns if changed else ():
        values = rows[column].to_pylist()
        if any(value in changed for value in values):
            instead = [_instead(name, column, changed[value]) if value in changed else value for value in values]
            rows = rows.set_column(rows.schema.get_field_index(column), rows.schema.field(column), pa.array(instead, pa.string()))
    return rows


def _instead(table: str, column: str, rest: str) -> str | None:
    if column == "locator":
        return None if table == "problems" else _SOMEWHERE
    return None if column == "source_value" else rest
