"""Problems that normalisation finds: identifiers and words that no registry knows, each at the first place it stands."""

from __future__ import annotations

from collections import Counter

import pyarrow as pa
import pyarrow.compute as pc

from release_staging.model.exceptions import Code
from release_staging.model.tables import TEXT, gathered

MOST = 100  # of one subject in one document; the rest are counted in a last one
QUOTED = 200  # characters of a source value that a problem may quote

SCHEMA = gathered("problems")


def unmapped(rows: pa.Table, unknown: pa.Array, subject: str, found: pa.Array, expected: pa.Array | str) -> pa.Table:
    """UNMAPPED_IDENTIFIER for each different ``found`` of a document among the rows where ``unknown``.

    ``expected`` says what would have been known. A problem stands at the first row's locator and counts the rows.
    """
    nowhere = pa.nulls(len(rows), TEXT)
    table = pa.table(
        {
            "packet": rows["packet"],
            "document": rows["document"],
            "found": pc.utf8_slice_codeunits(found, 0, QUOTED),
            "expected": pa.array([expected] * len(rows), TEXT) if isinstance(expected, str) else expected,
            "locator": rows["locator"] if "locator" in rows.column_names else nowhere,
        }
    ).filter(unknown)
    groups = table.group_by(["packet", "document", "found", "expected"], use_threads=False)
    made: list[dict[str, str | None]] = []
    counts: Counter[tuple[str, str]] = Counter()
    for group in groups.aggregate([("locator", "first"), ([], "count_all")]).to_pylist():
        owner = (group["packet"], group["document"])
        counts[owner] += 1
        if counts[owner] <= MOST:
            times = f" ({group['count_all']} times)" if group["count_all"] > 1 else ""
            made.append(
                {
                    "packet": group["packet"],
                    "document": group["document"],
                    "code": Code.UNMAPPED_IDENTIFIER.value,
                    "subject": subject,
                    "message": f"{subject}: {group['found']!r} is not {group['expected']}{times}",
                    "expected": group["expected"],
                    "found": group["found"],
                    "locator": group["locator_first"],
                }
            )
    for (packet, document), count in counts.items():
        if count > MOST:
            more = f"{subject}: {count - MOST} more values that are not known"
            made.append(
                {"packet": packet, "document": document, "code": Code.UNMAPPED_IDENTIFIER.value, "subject": subject, "message": more}
            )
    return pa.Table.from_pylist(made, schema=SCHEMA)
