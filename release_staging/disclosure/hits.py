"""What the detectors hand to the scanner: a kind and a stretch of the text, never the text itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Hit:
    """``start`` to before ``end``, in bytes of the UTF-8 text."""

    start: int
    end: int
    kind: str


def occurrences(data: bytes, word: bytes, step: int | None = None) -> Iterator[int]:
    """Where ``word`` stands in ``data``: the cheap look that decides where an expensive one is worth it.

    ``step`` is how far after one the next may begin (else: behind it).
    """
    step = step or len(word)
    at = data.find(word)
    while at >= 0:
        yield at
        at = data.find(word, at + step)
