"""A claim as judgement sees it: normalised, and joined with the document that makes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from release_staging.model.exceptions import Evidence
from release_staging.model.gathered import Gathered


@dataclass(frozen=True, slots=True)
class Claim:
    """``normal`` is the value in the controlled vocabulary; ``agreed`` what it was reconciled to (the same without a rule)."""

    document: str
    path: str
    source: str | None
    field: str
    subject: str | None
    value: str
    normal: str
    agreed: str
    source_value: str
    confidence: str
    locator: str
    rule: str | None
    loss: str | None
    earliest: datetime | None  # of a time: the first and the last instant it can mean
    latest: datetime | None

    @property
    def evidence(self) -> Evidence:
        return Evidence(self.document, self.path, self.locator, self.source_value)


def claims_of(tables: Gathered, packet: str) -> list[Claim]:
    """The packet's claims, ordered by field, document and locator: by nothing that a file name or an order of arrival changes."""
    documents = {row["document"]: row for row in sorted(tables.rows("documents", packet), key=lambda row: row["path"], reverse=True)}
    agreed = {(row["document"], row["field"], row["normal"]): row for row in tables.rows("agreed", packet)}
    found = []
    for row in tables.rows("claims", packet):
        document = documents[row["document"]]
        field = _of_baseline(row["field"]) if document["baseline"] else row["field"]
        if field is None:
            continue
        reconciled = agreed.get((row["document"], row["field"], row["normal"]))
        found.append(
            Claim(
                document=row["document"],
                path=document["path"],
                source=document["source"],
                field=field,
                subject=row["subject"],
                value=row["value"],
                normal=row["normal"],
                agreed=reconciled["agreed"] if reconciled else row["normal"],
                source_value=row["source_value"],
                confidence=row["confidence"],
                locator=row["locator"],
                rule=reconciled["reconciled_by"] if reconciled else row["rule"],
                loss=row["normal_loss"] or row["loss"],
                earliest=row["earliest"],
                latest=row["latest"],
            )
        )
    return sorted(found, key=lambda claim: (claim.field, claim.document, claim.locator, claim.normal))


def _of_baseline(field: str) -> str | None:
    """What a document of the release before says: its version is the baseline's, and nothing it says is of the candidate."""
    return "baseline.version" if field == "candidate.version" else None
