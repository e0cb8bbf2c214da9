"""Values that know where they came from, and the map from places in the record to their sources."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Evidence

MOST_EVIDENCE = 20  # sources kept for one value; they all say the same
QUOTED = 500  # characters of a source value that the record keeps


@dataclass(frozen=True)
class Located:
    """A value for one slot of the record. ``parts`` locates places below it, by pointer relative to the slot."""

    value: Any
    evidence: tuple[Evidence, ...]
    confidence: str = Confidence.EXACT.value
    rule: str | None = None
    loss: str | None = None
    parts: dict[str, Located] = field(default_factory=dict)

    def entries(self, pointer: str) -> dict[str, dict[str, Any]]:
        """The ``field_provenance`` entries; an entry covers all that stands below its pointer."""
        found = {}
        if self.evidence:
            found[pointer] = {
                "confidence": self.confidence,
                "rule": self.rule,
                "loss": self.loss,
                "evidence": [shown(evidence) for evidence in bounded(self.evidence)],
            }
        for below, part in self.parts.items():
            found |= part.entries(pointer + below)
        return found


def shown(evidence: Evidence) -> dict[str, Any]:
    """Evidence as the record carries it."""
    value = evidence.source_value
    return {
        "document": evidence.document,
        "path": evidence.path,
        "locator": evidence.locator,
        "source_value": value[:QUOTED] if value else value,
    }


def bounded(evidence: Iterable[Evidence]) -> list[Evidence]:
    """Distinct evidence in a stable order, at most MOST_EVIDENCE."""
    distinct = sorted(set(evidence), key=lambda item: (item.document, item.locator or "", item.source_value or ""))
    return distinct[:MOST_EVIDENCE]
