"""Is every consequential value traced, and does every locator still lead to what the record says stood there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from release_staging.model.exceptions import Evidence
from release_staging.record.contract import Contract
from release_staging.record.provenance import QUOTED

Trouble = tuple[str, str, Evidence | None]


def untraced(contract: Contract, document: Mapping[str, Any], resolve: Callable[[str, str], Any]) -> Iterator[Trouble]:
    """``(pointer, why, where)`` of every consequential value without provenance, and every locator that does not lead to its value."""
    provenance = document["field_provenance"]
    for slot in contract.slots:
        value = value_at(document, slot.pointer)
        if slot.consequential and value not in (None, []):
            entries = [at for at in provenance if at == slot.pointer or at.startswith(slot.pointer + "/")]
            if not entries:
                yield slot.pointer, "a consequential value without provenance", None
    for pointer, entry in provenance.items():
        yield from _astray(pointer, entry, resolve)


def _astray(pointer: str, entry: Mapping[str, Any], resolve: Callable[[str, str], Any]) -> Iterator[Trouble]:
    for shown in entry["evidence"]:
        if shown["locator"] is None:
            continue
        evidence = Evidence(shown["document"], shown["path"], shown["locator"])
        try:
            found = resolve(shown["document"], shown["locator"])
        except (LookupError, ValueError) as error:
            yield pointer, f"its locator does not resolve: {str(error)[:200]}", evidence
            continue
        if shown["source_value"] is not None and found[:QUOTED] != shown["source_value"]:
            yield pointer, "another value stands at its locator now", evidence


def value_at(document: Any, pointer: str) -> Any:
    """The value at an RFC 6901 pointer of plain names."""
    for part in pointer[1:].split("/"):
        document = document[int(part)] if isinstance(document, list) else document[part]
    return document
