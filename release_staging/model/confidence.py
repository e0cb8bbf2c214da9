"""How a value came to be known. Never a made-up percentage."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Confidence(StrEnum):
    """Ordered from best to worst."""

    EXACT = "exact"  # copied
    MAPPED = "mapped"  # by an approved registry or taxonomy
    DERIVED = "derived"  # computed from located values
    ASSERTED = "asserted"  # the packet says so about a document that does not say it itself
    LOW = "low"  # pattern or partial


ORDER: dict[str, int] = {confidence.value: rank for rank, confidence in enumerate(Confidence)}


def weakest(confidences: list[str]) -> str:
    """The confidence of a value that rests on several claims."""
    return max(confidences, key=ORDER.__getitem__)


def strongest(confidences: Iterable[str]) -> str:
    """The confidence of a value that several claims agree on: that of the best of them."""
    return min(confidences, key=ORDER.__getitem__)
