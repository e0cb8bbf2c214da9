"""Leaving out of a document what it must not disclose: every value from evidence, and each text that is found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from release_staging.config.disclosure import DisclosureRules
from release_staging.disclosure.conceal import WITHHELD
from release_staging.disclosure.scan import scan_text
from release_staging.model.exceptions import Code, Evidence, ReviewException, Role
from release_staging.record.canonical import canonical
from release_staging.record.contract import Contract

# bytes of a document -> (exception code, kind) of each thing beyond the disclosure boundary.
Rescan = Callable[[bytes], list[tuple[str, str]]]
_Discloses = Callable[[str], bool]


def rescanning(boundary: DisclosureRules) -> Rescan:
    """The scan of records and holds under these rules."""
    return lambda document: [(found.code.value, found.kind) for found in scan_text(document.decode(), boundary)]


def without_leaks(
    contract: Contract, document: Mapping[str, Any], exceptions: Sequence[ReviewException], rescan: Rescan
) -> tuple[Mapping[str, Any], Sequence[ReviewException]]:
    """Document and exceptions as they are, where they disclose nothing; else emptied, with a blocking exception for each kind found.

    What shows only in several texts together takes all of them with it.
    """
    leaks = rescan(_whole(document, exceptions))
    if not leaks:
        return document, exceptions
    kept, unsaid = _emptied(document, contract, exceptions, lambda text: bool(rescan(canonical(text))))
    if rescan(_whole(kept, unsaid)):
        kept, unsaid = _emptied(document, contract, exceptions, lambda _: True)
    return kept, [*unsaid, *(_leak(code, kind) for code, kind in sorted(set(leaks)))]


def _whole(document: Mapping[str, Any], exceptions: Iterable[ReviewException]) -> bytes:
    """All of it, with the exceptions as they are now."""
    said = [
        [one.subject, one.message, [[evidence.path, evidence.locator, evidence.source_value] for evidence in one.evidence]]
        for one in exceptions
    ]
    return canonical({**document, "exceptions": said, "checks": []})


def _emptied(
    document: Mapping[str, Any], contract: Contract, exceptions: Iterable[ReviewException], discloses: _Discloses
) -> tuple[dict[str, Any], list[ReviewException]]:
    """Without any value that the contract has filled and any that an exception quotes; texts around them are masked.

    Codes, documents, remedies, and the locators that do not disclose (they hold member names) stay.
    """
    kept = {**document, "contradictions": [], "field_provenance": {}}
    for slot in contract.slots:
        _clear(kept, slot.pointer[1:].split("/"), [] if slot.schema.get("type") == "array" else None)
    kept["evidence"] = [{**one, "path": _masked(one["path"], discloses)} for one in kept["evidence"]]
    unsaid = [
        replace(
            one,
            subject=_masked(one.subject, discloses),
            message=_masked(one.message, discloses),
            evidence=tuple(_unquoted(seen, discloses) for seen in one.evidence),
        )
        for one in exceptions
    ]
    return kept, unsaid


def _unquoted(seen: Evidence, discloses: _Discloses) -> Evidence:
    locator = None if seen.locator is None or discloses(seen.locator) else seen.locator
    return Evidence(seen.document, _masked(seen.path, discloses), locator)


def _masked(text: str, discloses: _Discloses) -> str:
    return WITHHELD if discloses(text) else text


def _clear(tree: dict[str, Any], path: list[str], value: Any) -> None:
    for part in path[:-1]:
        tree[part] = tree = dict(tree[part])
    tree[path[-1]] = value


def _leak(code: str, kind: str) -> ReviewException:
    return ReviewException(
        Code(code),
        "finished document",
        f"the finished document would have carried {kind}; everything taken from evidence was left out of it",
        "Remove it at its source, and submit a clean document.",
        Role.SECURITY_REVIEWER,
        True,
    )
