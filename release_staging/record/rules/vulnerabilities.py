"""Rules on findings of scans: a score that is not that of the CVSS vector beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pyarrow.compute as pc

from release_staging.model.exceptions import Code, Role
from release_staging.record.rules.rule import Context, Raised, rule

_MOST = 20  # places told of one document


@rule(
    Code.CONTRADICTION,
    title="A score is not that of its CVSS vector",
    looks_at="scores of findings beside what their own CVSS vectors come to; not words of severity, by which vendors rate as they see fit",
    remedy="Look at the findings named: score or vector was edited, cut, or is of another CVSS version.",
    owner=Role.SECURITY_REVIEWER,
    blocking=False,
)
def score_of_vector(context: Context) -> Iterator[Raised]:
    view = context.view
    rows = view.table("vulnerabilities")
    if rows is None:
        return
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows.filter(pc.is_valid(rows["score_loss"])).select(["document", "locator", "id", "score_loss"]).to_pylist():
        found[row["document"]].append(row)
    for sha256, told in sorted(found.items()):
        document = view.documents[sha256]
        more = f" (the first of {len(told)} such findings)" if len(told) > 1 else ""
        places = tuple(document.at(row["locator"]) for row in told[:_MOST])
        yield Raised(document.path, f"{told[0]['id']}: {told[0]['score_loss']}{more}", places, source=document.source)
