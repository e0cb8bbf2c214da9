"""How complete a record is: consequential fields with a value, with provenance that leads back to it, and with a stated confidence."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from release_staging.evidence.resolve import Resolver, Unresolved
from release_staging.model.confidence import ORDER
from release_staging.parsing.xml_elements import Element
from release_staging.record.contract import Contract
from release_staging.record.handoff import Outcome
from release_staging.record.provenance import QUOTED
from release_staging.record.traceability import value_at


@dataclass(frozen=True)
class Completeness:
    """Counts of one record or hold. ``unresolved`` are the consequential fields that have no value."""

    unresolved: tuple[str, ...]
    filled: int  # consequential fields with a value
    traced: int  # of these, with evidence of which every place still says what the record quotes
    confident: int  # of these, with a confidence on every entry
    documents: int
    versioned: int  # documents whose format (with version, where it has one) the record names


def completeness(outcome: Outcome, files: Mapping[str, bytes], contract: Contract) -> Completeness:
    """Against the packet's own files, not against what the system stored of them."""
    document = outcome.document
    kept = {"sha256:" + hashlib.sha256(data).hexdigest(): data for data in files.values()}
    resolvers: dict[str, Resolver] = {}
    unresolved, filled, traced, confident = [], 0, 0, 0
    for slot in contract.slots:
        if not slot.consequential:
            continue
        if value_at(document, slot.pointer) in (None, []):
            unresolved.append(slot.name)
            continue
        filled += 1
        entries = [entry for at, entry in document["field_provenance"].items() if at == slot.pointer or at.startswith(slot.pointer + "/")]
        evidence = [shown for entry in entries for shown in entry["evidence"]]
        traced += bool(evidence) and all(_leads_back(shown, kept, resolvers) for shown in evidence)
        confident += bool(entries) and all(entry["confidence"] in ORDER for entry in entries)
    read = [one for one in document["evidence"] if one["source"] is not None]
    return Completeness(tuple(unresolved), filled, traced, confident, len(read), sum(one["format"] is not None for one in read))


def _leads_back(shown: Mapping[str, Any], kept: Mapping[str, bytes], resolvers: dict[str, Resolver]) -> bool:
    """Whether the document is in the packet, and what is quoted stands at its place. Evidence may be a whole document."""
    digest = shown["document"]
    if digest not in kept:
        return False
    if shown["locator"] is None:
        return True
    if digest not in resolvers:
        resolvers[digest] = Resolver(kept[digest])
    try:
        value = resolvers[digest].value(shown["locator"])
    except Unresolved:
        return False
    if shown["source_value"] is None or isinstance(value, Element | dict | list):
        return True
    quoted: str = shown["source_value"]
    return resolvers[digest].text(shown["locator"])[:QUOTED] == quoted
