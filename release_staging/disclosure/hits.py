"""What the detectors hand to the scanner: a kind and a stretch of the text, never the text itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Hit:
    """``start`` to before ``end``: in bytes of the UTF-8 text for secrets, in characters for the other kinds."""

    start: int
    end: int
    kind: str
