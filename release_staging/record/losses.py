"""What normalised rows do not say any more, for the values that are made of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Evidence
from release_staging.record.provenance import Located

# Columns whose values are mapped or computed -> (column that names the rule, column that says what was lost).
_SAID_OF = {
    "severity_level": ("severity_rule", "severity_loss"),
    "outcome": (None, "outcome_loss"),
    "state": (None, "state_loss"),
    "licence_normal": (None, "licence_loss"),
    "purl_normal": (None, "purl_loss"),
}
_MOST = 5  # different losses told of one value; the rest are counted
_AS_WRITTEN = "vocabulary"  # the rule of a value that is its source's own word


def of_rows(rows: pa.Table, columns: Iterable[str]) -> str | None:
    """What these columns of the rows lose, the most frequent first, each with the number of rows; None where they lose nothing."""
    told: list[str] = []
    for column in columns:
        _, loss = _SAID_OF.get(column, (None, ""))
        if loss in rows.column_names:
            counted = pc.value_counts(rows[loss].combine_chunks().drop_null()).to_pylist()
            told += (f"{one['values']} ({one['counts']})" for one in sorted(counted, key=lambda one: (-one["counts"], one["values"])))
    return "; ".join(told[:_MOST]) + (f"; and {len(told) - _MOST} more" if len(told) > _MOST else "") or None


def of_cell(row: dict[str, Any], column: str, evidence: Evidence) -> Located | None:
    """The value of a row's column with the rule that made it and its loss; None where it is just what the source says."""
    rule_column, loss_column = _SAID_OF.get(column, (None, ""))
    rule, loss = row.get(rule_column or ""), row.get(loss_column)
    if loss is None and rule in (None, _AS_WRITTEN):
        return None
    confidence = Confidence.MAPPED if rule in (None, _AS_WRITTEN) else Confidence.DERIVED
    return Located(row[column], (evidence,), confidence.value, rule or _AS_WRITTEN, loss)
