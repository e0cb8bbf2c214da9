"""Handing off: the last checks on a finished draft, and its one outcome, a staging record or an exception hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from release_staging.model.exceptions import Code, Evidence, ReviewException, Role
from release_staging.record.canonical import canonical, digest
from release_staging.record.checks import DRAFT_CHECKS, HANDOFF_CHECKS, verdicts
from release_staging.record.contract import Contract
from release_staging.record.draft import Draft, exception_parts
from release_staging.record.traceability import untraced

STAGED, HELD = "staged", "held"

# (document, locator) -> the text there; raises LookupError or ValueError where it leads nowhere.
Resolve = Callable[[str, str], Any]
# bytes of the finished document -> (exception code, kind, locator) of each thing beyond the disclosure boundary.
Rescan = Callable[[bytes], list[tuple[str, str, str]]]


@dataclass(frozen=True)
class Outcome:
    """What was handed off: ``body`` is the canonical JSON of the record or hold, ``document_digest`` its sha256."""

    packet: str
    outcome: str
    revision: int
    contract: str
    body: bytes
    document_digest: str
    exceptions: tuple[ReviewException, ...]
    document: Mapping[str, Any]


def basis(facts: Mapping[str, str]) -> str:
    """Digest over everything a revision is made from: the same basis must give the same bytes."""
    return digest(canonical(dict(facts)))


def hand_off(contract: Contract, made: Draft, revision: int, resolve: Resolve, rescan: Rescan) -> Outcome:
    """Adds what only the finished document shows (untraced values, a broken contract, a disclosure), then decides by data."""
    exceptions = [*made.exceptions]
    exceptions += _untraced(contract, made.document, resolve)
    document = _finished(made.document, exceptions, revision)
    leaks = rescan(canonical(document))
    if leaks:
        exceptions += [_leak(*leak) for leak in leaks]
        document = _emptied(_finished(made.document, exceptions, revision), contract)
    held = any(one.blocking for one in exceptions)
    problems = contract.errors(document, hold=held)
    if problems:
        exceptions.append(_invalid(contract, problems))
        held = True
        document = _finished(made.document, exceptions, revision)
    body = canonical(document)
    return Outcome(
        packet=document["packet"]["id"],
        outcome=HELD if held else STAGED,
        revision=revision,
        contract=contract.version,
        body=body,
        document_digest=digest(body),
        exceptions=tuple(sorted(exceptions, key=lambda one: one.sort_key)),
        document=document,
    )


def record_id(document: Mapping[str, Any]) -> str:
    """The id of a record or hold: the digest of its canonical form without the id itself."""
    return digest(canonical({key: value for key, value in document.items() if key != "record_id"}))


def _finished(drafted: Mapping[str, Any], exceptions: list[ReviewException], revision: int) -> dict[str, Any]:
    document = {**drafted, **exception_parts(exceptions), "revision": revision}
    answers = verdicts((*DRAFT_CHECKS, *HANDOFF_CHECKS), exceptions)
    document["checks"] = [{"name": one.name, "passed": one.passed, "summary": one.summary} for one in answers]
    return {**document, "record_id": record_id(document)}


def _untraced(contract: Contract, document: Mapping[str, Any], resolve: Resolve) -> list[ReviewException]:
    return [
        ReviewException(
            Code.TRACE_INCOMPLETE,
            pointer,
            f"{pointer}: {why}",
            "This is a defect of a reader or of the assembly: report it with the document.",
            Role.RELEASE_MANAGER,
            True,
            (evidence,) if evidence else (),
        )
        for pointer, why, evidence in untraced(contract, document, resolve)
    ]


def _leak(code: str, kind: str, locator: str) -> ReviewException:
    return ReviewException(
        Code(code),
        "finished document",
        f"the finished document would have carried {kind}; everything taken from evidence was left out of it",
        "Remove it at its source, and submit a clean document.",
        Role.SECURITY_REVIEWER,
        True,
        (Evidence("", "finished document", locator),),
    )


def _emptied(document: dict[str, Any], contract: Contract) -> dict[str, Any]:
    """A document without any value from evidence: what is left cannot disclose."""
    kept = {**document, "contradictions": [], "field_provenance": {}}
    for slot in contract.slots:
        _clear(kept, slot.pointer[1:].split("/"), [] if slot.schema.get("type") == "array" else None)
    for part in ("exceptions", "evidence"):
        kept[part] = [_without_words(item) for item in kept[part]]
    return {**kept, "record_id": record_id(kept)}


def _without_words(item: dict[str, Any]) -> dict[str, Any]:
    if "evidence" not in item:
        return item
    return {**item, "evidence": [{**evidence, "source_value": None} for evidence in item["evidence"]]}


def _clear(tree: dict[str, Any], path: list[str], value: Any) -> None:
    for part in path[:-1]:
        tree[part] = tree = dict(tree[part])
    tree[path[-1]] = value


def _invalid(contract: Contract, problems: list[str]) -> ReviewException:
    return ReviewException(
        Code.SCHEMA_INVALID,
        f"contract {contract.version}",
        f"the document does not keep to contract {contract.version}: " + "; ".join(problems[:5]),
        "This is a defect of the assembly or of the contract: report it with the packet.",
        Role.RELEASE_MANAGER,
        True,
    )
