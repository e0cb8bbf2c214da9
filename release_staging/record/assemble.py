"""Assembling the record from the contract: each slot filled as its annotation says, each value with its provenance."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from release_staging.model.claims import Claim
from release_staging.model.confidence import ORDER, Confidence, strongest
from release_staging.model.exceptions import Code, Evidence
from release_staging.model.fields import DECLARING, FIELDS
from release_staging.record.contract import Contract, Slot
from release_staging.record.derivations.derivation import derivations
from release_staging.record.losses import of_cell, of_rows
from release_staging.record.provenance import Located
from release_staging.record.view import PacketView

# A table with fewer rows than this gets provenance for each cell that a claim locates; others one entry a row.
_FEW = 100
_EACH_FINDING = "of those of one document that agree in vulnerability, package, version, target, location, state and suppression one"
_NOT_READ = {Code.EVIDENCE_UNREADABLE, Code.EVIDENCE_EMPTY, Code.EVIDENCE_UNRECOGNISED}


@dataclass
class Assembly:
    """``tree`` is the filled part of the record; ``missing`` the slots without a value (null, or an empty list that may not be)."""

    tree: dict[str, Any] = field(default_factory=dict)
    provenance: dict[str, dict[str, Any]] = field(default_factory=dict)
    missing: list[Slot] = field(default_factory=list)


def assemble(contract: Contract, view: PacketView) -> Assembly:
    """Fills every slot of the contract that it can; a contradicted slot stays empty: no side wins."""
    assembly = Assembly()
    for slot in contract.slots:
        located = _FILL[slot.how](slot, view)
        value = located.value if located is not None else ([] if slot.schema.get("type") == "array" else None)
        _put(assembly.tree, slot.pointer, value)
        if value is None or (value == [] and slot.required):
            assembly.missing.append(slot)
        if located is not None:
            assembly.provenance |= located.entries(slot.pointer)
    return assembly


def _claim(slot: Slot, view: PacketView) -> Located | None:
    claims = view.claimed(slot.what)
    if (decided := view.adjudicated.get(slot.what)) is not None:
        return _adjudicated(decided, claims)
    if any(sides.field == slot.what for sides in view.contradictions):
        return None
    if FIELDS[slot.what].declared:
        claims = [claim for claim in claims if claim.source in DECLARING] or claims
    values = {claim.agreed for claim in claims}
    return _agreed(values.pop(), claims) if len(values) == 1 else None


def _adjudicated(decided: dict[str, Any], claims: list[Claim]) -> Located:
    """The side that a reviewer says holds, from those who say so; what the other side says stays in the contradiction."""
    found = _agreed(decided["value"], [claim for claim in claims if claim.agreed == decided["value"]])
    return replace(
        found, rule=f"adjudicated:{decided['finding']}", loss=f"others say otherwise; {decided['role']} {decided['reviewer']} decided"
    )


def _each(slot: Slot, view: PacketView) -> Located | None:
    if any(sides.field == slot.what for sides in view.contradictions):
        return None
    claims = view.claimed(slot.what)
    values = sorted({claim.agreed for claim in claims})
    parts = {f"/{index}": _agreed(value, [claim for claim in claims if claim.agreed == value]) for index, value in enumerate(values)}
    return Located(values, (), parts=parts)


def _agreed(value: str, claims: list[Claim]) -> Located:
    # by what the claims say, not by digests: the descriptor's changes when a document is renamed
    best = min(claims, key=lambda claim: (ORDER[claim.confidence], claim.rule is not None, claim.rule or "", claim.loss or ""))
    return Located(
        value=value,
        evidence=tuple(claim.evidence for claim in claims),
        confidence=strongest(claim.confidence for claim in claims),
        rule=best.rule,
        loss=best.loss,
    )


def _rows(slot: Slot, view: PacketView) -> Located | None:
    what = slot.what
    rows = list(view.rows(what["table"], what.get("where"), what.get("source")))
    columns = {name: below["x-column"] for name, below in slot.schema["items"]["properties"].items()}
    kept = rows[: what.get("limit", len(rows))]
    items = [{name: row.get(column) for name, column in columns.items()} for row in kept]
    parts = {f"/{index}": _row(row, columns, view, cells=len(rows) < _FEW) for index, row in enumerate(kept)}
    return Located(items, (), parts=parts)


def _row(row: dict[str, Any], columns: dict[str, str], view: PacketView, *, cells: bool) -> Located:
    """A row's place, the exact places of those cells that a claim of the same element locates, and what made those that are computed."""
    document = view.documents[row["document"]]
    place = document.at(row["locator"])
    parts = {}
    for name, column in columns.items() if cells else ():
        claim = next(
            (
                claim
                for claim in view.claims
                if claim.document == row["document"]
                and row[column] in (claim.value, claim.normal)
                and _within(claim.locator, row["locator"])
            ),
            None,
        )
        if claim is not None:
            parts[f"/{name}"] = Located(row[column], (claim.evidence,), claim.confidence, claim.rule, claim.loss)
        elif (known := of_cell(row, column, place)) is not None:
            parts[f"/{name}"] = known
    return Located(row, (place,), Confidence.EXACT.value, f"row of {', '.join(sorted(set(columns.values())))}", parts=parts)


def _within(locator: str, element: str) -> bool:
    return locator.startswith(element + "/")


def _count(slot: Slot, view: PacketView) -> Located | None:
    """A count is null, not zero, where no document was read that could have brought a row: not read is not clean."""
    evidence = read_evidence(view, slot.sources)
    if not evidence:
        return None
    name, where, source = slot.what["table"], slot.what.get("where") or {}, slot.what.get("source")
    rule = f"count of {name}"
    table = view.table(name, where, source)
    if table is None:
        return Located(0, evidence, Confidence.DERIVED.value, rule)
    losses = [of_rows(table, where)]
    if "repeats" in table.column_names:
        rule += f", {_EACH_FINDING}"
        repeats = view.table(name, {**where, "repeats": True}, source)
        losses.insert(0, f"{repeats.num_rows} rows repeat a finding of their document" if repeats else None)
    return Located(table.num_rows, evidence, Confidence.DERIVED.value, rule, "; ".join(filter(None, losses)) or None)


def _derive(slot: Slot, view: PacketView) -> Located | None:
    return derivations()[slot.what](view)


_FILL = {"x-claim": _claim, "x-each": _each, "x-rows": _rows, "x-count": _count, "x-derive": _derive}


def read_evidence(view: PacketView, sources: tuple[str, ...]) -> tuple[Evidence, ...]:
    """The documents of these sources that were read."""
    unread = {problem["document"] for problem in view.problems if problem["code"] in _NOT_READ}
    return tuple(document.at() for source in sources for document in view.of_source(source) if document.sha256 not in unread)


def _put(tree: dict[str, Any], pointer: str, value: Any) -> None:
    *above, last = pointer[1:].split("/")
    for part in above:
        tree = tree.setdefault(part, {})
    tree[last] = value
