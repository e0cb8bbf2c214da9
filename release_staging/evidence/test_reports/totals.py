"""Declared totals beside what a report lists: where they differ, it contradicts itself."""

from __future__ import annotations

from collections.abc import Collection

from release_staging.evidence.extract import Extract, Place
from release_staging.model.exceptions import Code


def compare(out: Extract, place: Place, declared: int | None, what: str, listed: Collection[int], first: str | None = None) -> None:
    """Compares the number ``declared`` at ``place`` with what the report lists of it.

    ``listed`` are the counts that agree with it, as writers count in different ways; the first is told. ``first`` is where
    the first that is listed stands. A total that is left out declares nothing.
    """
    if declared is None or declared in listed:
        return
    count = next(iter(listed))
    where = f", the first at {first}" if first and count else ""
    message = f"{declared} {what} declared at {place.locator}, but {count} listed{where}"
    out.problem(Code.CONTRADICTION, message, place, expected=str(count), found=str(declared))
