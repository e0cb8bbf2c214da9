"""What findings change: the tables that join a packet's evidence. Nothing is taken away without a mark that stays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from release_staging.model import locators
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code
from release_staging.model.gathered import Tables, merged
from release_staging.model.review import EXCLUDED, FINDING_FORMAT, REVIEW_FINDINGS, SUPPLIED
from release_staging.model.tables import gathered
from release_staging.packet.descriptor import Assertion
from release_staging.packet.inventory import Identified, identify
from release_staging.packet.open import Document
from release_staging.review.finding import Finding, Supply

Fetch = Callable[[str], bytes]

_BEYOND = {
    "secret": Code.DISCLOSURE_SECRET,
    "customer_data": Code.DISCLOSURE_CUSTOMER_DATA,
    "incident_internal": Code.DISCLOSURE_INCIDENT_INTERNAL,
}
_DESCRIBING = ("documents", "problems", "losses", "readers", "review_findings")  # tables that keep what they say about an excluded document


@dataclass(frozen=True)
class Recorded:
    """A finding as the store keeps it: with the instant at which it was recorded."""

    finding: Finding
    at: datetime


def in_force(recorded: Sequence[Recorded], now: datetime) -> list[Recorded]:
    """Those that count at ``now``, in the order of their names: not retracted, and not expired."""
    retracted = {one.finding.target for one in recorded if one.finding.kind == "retract"}
    counting = (one for one in recorded if one.finding.kind not in ("retract", "withdraw") and one.finding.name not in retracted)
    return sorted((one for one in counting if _until(one.finding) > now), key=lambda one: one.finding.name)


def listing(recorded: Sequence[Recorded], now: datetime) -> list[dict[str, object]]:
    """The findings for programs, in the order in which they were recorded: what was said, when, and whether it counts at ``now``."""
    counting = {one.finding.name for one in in_force(recorded, now)}
    return [
        {
            "name": one.finding.name,
            "in_force": one.finding.name in counting,
            "recorded_at": one.at.isoformat(),
            **one.finding.model_dump(mode="json", exclude_none=True),
        }
        for one in recorded
    ]


def _until(finding: Finding) -> datetime:
    return finding.absent.until if finding.absent else datetime.max.replace(tzinfo=UTC)


def effects(packet: str, recorded: Iterable[Recorded], fetch: Fetch) -> Tables:
    """The tables ``review_findings``, ``documents`` (findings, and what they supply), ``claims`` and ``problems`` for one packet."""
    rows: dict[str, list[dict[str, Any]]] = {"review_findings": [], "documents": [], "claims": [], "problems": []}
    for one in recorded:
        finding = one.finding
        rows["review_findings"].append(_row(packet, one))
        rows["documents"].append(
            {"packet": packet, "document": finding.name, "path": finding.path, "size": len(finding.body), "format": FINDING_FORMAT}
        )
        if finding.supply:
            document, problems = _supplied(packet, finding.supply, fetch)
            rows["documents"].append(document)
            rows["problems"] += problems
        elif finding.read:
            rows["claims"].append(_claim(packet, finding))
        elif finding.boundary:
            rows["problems"].append(_passage(packet, finding))
    schemas = {name: REVIEW_FINDINGS if name == "review_findings" else gathered(name) for name in rows}
    return {name: pa.Table.from_pylist(listed, schema=schemas[name]) for name, listed in rows.items()}


def reviewed(evidence: Tables, review: Tables, *extracted: Tables) -> Tables:
    """Evidence with what findings change in it. An excluded document stays in ``documents``, and nothing that was read of it does."""
    tables = merged([evidence, review, *extracted])
    said = tables["review_findings"].to_pylist() if "review_findings" in tables else []
    out = [(row["packet"], row["target"]) for row in said if row["kind"] == "exclude"]
    for packet, document in out:
        tables = {name: _without(name, table, packet, document) for name, table in tables.items()}
    return tables


def _without(name: str, table: pa.Table, packet: str, document: str) -> pa.Table:
    if "document" not in table.column_names:
        return table
    theirs = pc.fill_null(pc.and_(pc.equal(table["packet"], packet), pc.equal(table["document"], document)), False)
    if name == "documents":
        nothing = {"source": None, "asserted_source": None, "baseline": None, "recognised_by": EXCLUDED}
        for column, value in nothing.items():
            kind = table.schema.field(column)
            changed = pc.if_else(theirs, pa.scalar(value, kind.type), table[column])
            table = table.set_column(table.schema.get_field_index(column), kind, changed)
        return table
    return table if name in _DESCRIBING else table.filter(pc.invert(theirs))


def _row(packet: str, recorded: Recorded) -> dict[str, Any]:
    finding = recorded.finding
    return {
        "packet": packet,
        "finding": finding.name,
        "kind": finding.kind,
        "target": finding.map.registry if finding.map else finding.target,
        "value": finding.map.id if finding.map else getattr(finding.said, "value", None),
        "name": finding.map.name if finding.map else None,
        "reviewer": finding.reviewer,
        "role": finding.role.value,
        "reason": finding.reason,
        "recorded_at": recorded.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
    }


def identified(supply: Supply, data: bytes) -> Identified:
    """What a supplied document is, as a document of a packet would be recognised."""
    document = Document(supply.path, f"sha256:{supply.sha256}", len(data))
    return identify(document, data, Assertion.model_validate(supply.model_dump(exclude={"path", "sha256"})))


def _supplied(packet: str, supply: Supply, fetch: Fetch) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    data = fetch(f"sha256:{supply.sha256}")
    known = identified(supply, data)
    row = {"packet": packet, "document": f"sha256:{supply.sha256}", "path": supply.path, "size": len(data), "recognised_by": SUPPLIED}
    row |= {"level": supply.level, "environment": supply.environment, "run": supply.run, "baseline": supply.baseline}
    if known.known:
        row |= {"source": known.known.reader.source, "format": known.known.format, "encoding": known.known.encoding}
    problems = [
        {
            "packet": packet,
            "document": problem.document,
            "code": problem.code.value,
            "subject": problem.subject,
            "message": problem.message,
            "locator": problem.locator,
        }
        for problem in known.problems
    ]
    return row, problems


def _claim(packet: str, finding: Finding) -> dict[str, Any]:
    """The finding is a document too: what the reviewer says stands in it, and what it rests on can be looked up from there."""
    return {
        "packet": packet,
        "document": finding.name,
        "field": finding.said.field,
        "value": finding.said.value,
        "source_value": finding.said.value,
        "confidence": Confidence.ASSERTED.value,
        "locator": locators.pointer("read", "value"),
        "loss": f"as read by {finding.reviewer}, {finding.role.value}",
    }


def _passage(packet: str, finding: Finding) -> dict[str, Any]:
    said = finding.said
    return {
        "packet": packet,
        "document": said.document,
        "code": _BEYOND[said.kind].value,
        "subject": "passage",
        "message": f"{said.kind.replace('_', ' ')}, as {finding.role.value} {finding.reviewer} marked it",
        "locator": said.locator,
    }
