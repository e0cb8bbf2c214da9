"""Times of writers that leave the start of a clock where they know none: Go's zero, or the epoch of a reproducible build.

Only for places where such a writer is known to do so. Anywhere else a time of the year 1 is claimed like any other, and judged.
"""

from __future__ import annotations

from release_staging.evidence.extract import Extract
from release_staging.evidence.ledger import DROPPED
from release_staging.evidence.tree import Node

_STARTS = ("0001-01-01T00:00:00", "1970-01-01T00:00:00")


def claim(field: str, place: Node, out: Extract) -> None:
    """Claims the time at ``place``; the start of a clock is no time, and dropped."""
    if not _is_start(place):
        out.claim(field, place)


def text(node: Node, key: str) -> str | None:
    """As ``Node.text``; the start of a clock is no time, and dropped."""
    return None if _is_start(node[key]) else node.text(key)


def _is_start(place: Node) -> bool:
    if isinstance(place.raw, str) and place.raw.startswith(_STARTS):
        place.shape.mark(DROPPED, "zero-time")
        return True
    return False
