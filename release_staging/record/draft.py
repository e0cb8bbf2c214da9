"""The draft: the record of one packet as far as it could be made, with its exceptions, before it is handed off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from release_staging.model.exceptions import Code, Evidence, ReviewException, Role
from release_staging.record.answers import adjudication, answered
from release_staging.record.answers import shown as finding_shown
from release_staging.record.assemble import assemble
from release_staging.record.checks import DRAFT_CHECKS, Check, verdicts
from release_staging.record.contract import Contract, Slot
from release_staging.record.provenance import MOST_EVIDENCE, QUOTED, bounded, shown
from release_staging.record.rules.rule import Context, apply_all
from release_staging.record.view import PacketView, Sides
from release_staging.record.withhold import rescanning, without_leaks


@dataclass(frozen=True)
class Draft:
    """``document`` has every part of the contract but ``record_id`` and ``revision``, which handing off adds.

    ``compared_with`` names what was used of earlier staged records: paths of their documents, and records. ``findings`` names
    those in force, ``opened_with`` what the evidence was opened with.
    """

    document: dict[str, Any]
    exceptions: tuple[ReviewException, ...]
    compared_with: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    opened_with: str = ""


def draft(contract: Contract, view: PacketView, trace: Mapping[str, Any]) -> Draft:
    """Assembles the record, applies every rule, and puts both into one document."""
    assembly = assemble(contract, view)
    exceptions: Sequence[ReviewException] = answered(view, apply_all(Context(contract, view, assembly)))
    document: Mapping[str, Any] = {
        **assembly.tree,
        "contract": contract.version,
        "packet": {"id": view.facts.id, "digest": view.facts.digest, "effective_time": view.facts.effective_time},
        "contradictions": [_contradiction(sides, view) for sides in view.contradictions],
        "missing": [_missing(slot) for slot in assembly.missing],
        "evidence": [_document(view, sha256) for sha256 in view.documents],
        "field_provenance": assembly.provenance,
        "trace": dict(trace),
    }
    if "findings" in contract.schema["properties"]:
        document = {**document, "findings": [finding_shown(row) for row in view.findings]}
    # What shows drafts must not show it either.
    document, exceptions = without_leaks(contract, document, exceptions, rescanning(view.policy.disclosure))
    return Draft(
        {**document, **exception_parts(exceptions)}, tuple(exceptions), _compared_with(view), tuple(row["finding"] for row in view.findings)
    )


def _compared_with(view: PacketView) -> tuple[str, ...]:
    documents = {document.path for document in view.documents.values() if document.earlier}
    back = {claim.agreed for claim in view.claimed("rollback.artifact")} if view.policy.rollback.known else set()
    records = {row["record"] for row in view.gathered.rows("releases", view.facts.id) if row["digest"] in back}
    return tuple(sorted(documents | records))


def exception_parts(exceptions: Iterable[ReviewException], checks: Iterable[Check] = DRAFT_CHECKS) -> dict[str, Any]:
    """The parts of a document that its exceptions make: themselves, their codes, and the checks they answer."""
    found = sorted(exceptions, key=lambda one: one.sort_key)
    return {
        "exceptions": [exception_shown(one) for one in found],
        "exception_flags": sorted({one.code.value for one in found}),
        "checks": [{"name": one.name, "passed": one.passed, "summary": one.summary} for one in verdicts(checks, found)],
    }


def exception_shown(exception: ReviewException) -> dict[str, Any]:
    """An exception as documents carry it."""
    return {
        "code": exception.code.value,
        "subject": exception.subject[:QUOTED],
        "message": exception.message[:1000],
        "remedy": exception.remedy,
        "owner": exception.owner.value,
        "blocking": exception.blocking,
        "evidence": [shown(evidence) for evidence in dict.fromkeys(exception.evidence)][:MOST_EVIDENCE],
    }


def exception_read(shown_exception: Mapping[str, Any]) -> ReviewException:
    """The exception that ``exception_shown`` wrote."""
    evidence = tuple(Evidence(one["document"], one["path"], one["locator"], one["source_value"]) for one in shown_exception["evidence"])
    return ReviewException(
        Code(shown_exception["code"]),
        shown_exception["subject"],
        shown_exception["message"],
        shown_exception["remedy"],
        Role(shown_exception["owner"]),
        shown_exception["blocking"],
        evidence,
    )


def _contradiction(sides: Sides, view: PacketView) -> dict[str, Any]:
    return {
        "field": sides.field,
        "rule": sides.rule,
        "sides": [{"value": value, "evidence": [shown(evidence) for evidence in bounded(said)]} for value, said in sides.sides],
        "adjudication": adjudication(view, sides.field),
    }


def _missing(slot: Slot) -> dict[str, Any]:
    return {"field": slot.name, "required": slot.required, "owner": slot.owner, "consequence": slot.consequence}


def _document(view: PacketView, sha256: str) -> dict[str, Any]:
    document = view.documents[sha256]
    binding, bound_by = view.bindings.get(sha256, ("none", None))
    return {
        "document": sha256,
        "path": document.path,
        "link": f"vault:{sha256}",
        "size": document.size,
        "source": document.source,
        "format": document.format,
        "binding": binding,
        "bound_by": bound_by,
        "loss": view.loss(sha256),
    }
