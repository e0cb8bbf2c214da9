"""Handing off: the last checks on a finished draft, and its one outcome, a staging record or an exception hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from release_staging.model.exceptions import Code, ReviewException, Role
from release_staging.record.canonical import canonical, digest
from release_staging.record.checks import DRAFT_CHECKS, HANDOFF_CHECKS
from release_staging.record.contract import Contract
from release_staging.record.draft import Draft, exception_parts
from release_staging.record.traceability import untraced
from release_staging.record.withhold import Rescan, without_leaks

STAGED, HELD = "staged", "held"

_MOST_TEXT = 2_000  # characters of any text of a record or hold

# (document, locator) -> the text there; raises LookupError or ValueError where it leads nowhere.
Resolve = Callable[[str, str], Any]


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
    untraced_too = [*made.exceptions, *_untraced(contract, made.document, resolve)]
    drafted, exceptions = without_leaks(contract, made.document, untraced_too, rescan)
    held = any(one.blocking for one in exceptions)
    document = _finished(drafted, exceptions, revision)
    problems = contract.errors(document, hold=held)
    if problems:
        exceptions = [*exceptions, _invalid(contract, problems)]
        held = True
        document = _finished(drafted, exceptions, revision)
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


def _finished(drafted: Mapping[str, Any], exceptions: Iterable[ReviewException], revision: int) -> dict[str, Any]:
    document = {**_bounded(drafted), **exception_parts(exceptions, (*DRAFT_CHECKS, *HANDOFF_CHECKS)), "revision": revision}
    return {**document, "record_id": record_id(document)}


def _bounded(value: Any, name: str = "") -> Any:
    """Enough of each text for a reviewer: what contradicts or breaks a contract may be of any length. Places cannot be cut."""
    if isinstance(value, str):
        return value if len(value) <= _MOST_TEXT or name == "locator" else value[:_MOST_TEXT] + "…"
    if isinstance(value, dict):
        return {key: _bounded(below, key) for key, below in value.items()}
    return [_bounded(below, name) for below in value] if isinstance(value, list) else value


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


def _invalid(contract: Contract, problems: list[str]) -> ReviewException:
    return ReviewException(
        Code.SCHEMA_INVALID,
        f"contract {contract.version}",
        f"the document does not keep to contract {contract.version}: " + "; ".join(problems[:5]),
        "This is a defect of the assembly or of the contract: report it with the packet.",
        Role.RELEASE_MANAGER,
        True,
    )
