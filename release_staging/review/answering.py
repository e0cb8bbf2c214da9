"""May this finding answer this hold? Only a role that owns an exception may answer it, in a way that suits it, on what the hold shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from release_staging.model.exceptions import Code, Role
from release_staging.model.fields import FIELDS
from release_staging.record.contract import Contract
from release_staging.review.finding import Finding
from release_staging.review.words import Refused

_SUITS = {
    "read": {Code.REQUIRED_FIELD_MISSING, Code.LOW_CONFIDENCE, Code.UNMAPPED_IDENTIFIER},
    "adjudicate": {Code.CONTRADICTION},
    "map": {Code.UNMAPPED_IDENTIFIER},
    "absent": {Code.EVIDENCE_MISSING},
}
_Document = Mapping[str, Any]


def check(finding: Finding, hold: _Document, contract: Contract) -> None:
    """Raises Refused where the finding does not answer ``hold``, the body of the revision that it names, made to ``contract``."""
    _check_documents(finding, hold)
    answered = _answered(finding, hold)
    said = finding.said
    match finding.kind:
        case "exclude":
            _check_exclusion(finding, hold, answered)
        case "read":
            _check_field(said.field, answered["subject"], contract)
        case "adjudicate":
            _check_side(said.field, said.value, hold)
        case "absent":
            if said.evidence != answered["subject"]:
                raise Refused(f"the exception is about {answered['subject']!r}, not about {said.evidence!r}", remedy="name its subject")
        case "withdraw":
            if finding.role is not Role.RELEASE_MANAGER:
                raise Refused("a packet is withdrawn by the release manager", remedy="ask the release manager")


def _check_documents(finding: Finding, hold: _Document) -> None:
    there = {one["document"] for one in hold["evidence"]}
    named = {place.document for place in finding.rests_on}
    if finding.kind in ("exclude", "boundary"):
        named.add(finding.said.document)
    for document in sorted(named - there):
        raise Refused(f"{document} is no document of the packet", remedy="name a document that the hold lists in evidence")


def _answered(finding: Finding, hold: _Document) -> dict[str, Any]:
    """The exception that it answers: an empty one for a kind that needs none."""
    if finding.answers is None:
        return {}
    code, subject = finding.answers.code, finding.answers.subject
    matching = [one for one in hold["exceptions"] if (one["code"], one["subject"]) == (code, subject)]
    if not matching:
        raise Refused(f"the hold has no exception {code} about {subject!r}", remedy="name code and subject as the hold shows them")
    owned = [one for one in matching if one["owner"] == finding.role]
    if not owned:
        raise Refused(
            f"{code} about {subject!r} is the {matching[0]['owner']}'s to answer, not the {finding.role}'s", remedy="ask who owns it"
        )
    if code not in _SUITS.get(finding.kind, {code}):
        raise Refused(
            f"a finding of kind {finding.kind} does not answer {code}", remedy=f"it answers {', '.join(sorted(_SUITS[finding.kind]))}"
        )
    return dict(owned[0])


def _check_exclusion(finding: Finding, hold: _Document, answered: _Document) -> None:
    """The document is one that the exception is about; and no exception of somebody else's goes away with it."""
    document = finding.exclude.document if finding.exclude else ""
    entry = next(one for one in hold["evidence"] if one["document"] == document)
    if not _concerns(answered, entry):
        raise Refused(f"the exception does not name {entry['path']}", remedy="exclude a document that the exception is about")
    if entry["source"] is None and entry["format"] is not None:
        raise Refused(
            f"{entry['path']} describes the packet or is a finding; it cannot be excluded", remedy="retract, or submit a new packet"
        )
    others = [one for one in hold["exceptions"] if one["blocking"] and one["owner"] != finding.role and _concerns(one, entry)]
    if others and finding.role is not Role.SECURITY_REVIEWER:
        told = ", ".join(sorted({f"{one['code']} ({one['owner']})" for one in others}))
        raise Refused(f"{entry['path']} is also what others must look at: {told}", remedy="let the security reviewer exclude it")


def _concerns(exception: _Document, entry: _Document) -> bool:
    return exception["subject"] == entry["path"] or any(one["document"] == entry["document"] for one in exception["evidence"])


def _check_field(field: str, subject: str, contract: Contract) -> None:
    slot = next((slot for slot in contract.slots if slot.name == subject), None)
    fills = slot.what if slot is not None and slot.how in ("x-claim", "x-each") else subject
    if field not in FIELDS or field != fills:
        known = f"it is filled by the field {fills!r}" if fills in FIELDS else "it is not filled by what one document says"
        raise Refused(f"{subject!r} cannot be read as {field!r}: {known}", remedy="name that field, or supply a document that says it")


def _check_side(field: str, value: str, hold: _Document) -> None:
    sides = [side["value"] for one in hold["contradictions"] if one["field"] == field for side in one["sides"]]
    if value not in sides:
        raise Refused(f"no side of the contradiction about {field!r} says {value!r}", remedy=f"name one of: {', '.join(sides) or 'none'}")


def check_alone(finding: Finding, in_force: Iterable[Finding]) -> None:
    """Raises Refused where another finding in force speaks of the same, or the one to retract is not in force."""
    known = {one.name: one for one in in_force}
    if finding.kind == "retract":
        retracted = known.get(finding.target)
        if retracted is None:
            raise Refused(f"no finding {finding.target} is in force on this packet", remedy="name one that release-staging show lists")
        if retracted.role is not finding.role:
            raise Refused(f"the finding is the {retracted.role}'s, not the {finding.role}'s", remedy="ask who owns it")
        return
    for one in known.values():
        if (one.kind, one.target) == (finding.kind, finding.target):
            raise Refused(
                f"{one.reviewer} ({one.role}) has answered this already, with finding {one.name}", remedy="retract that finding first"
            )
