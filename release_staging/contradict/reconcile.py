"""What only looks different: claims reconciled by a named rule that leaves a note, before anything is called a contradiction."""

from __future__ import annotations

import re
from collections.abc import Iterable

_ATTEMPT = re.compile(r"/attempts/[0-9]{1,6}$")  # GitHub: .../actions/runs/<id>/attempts/<n>
SHORTEST_ABBREVIATION = 7  # git's own least for an abbreviated object name


def reconciled(field: str, values: Iterable[str]) -> dict[str, tuple[str, str | None]]:
    """For each distinct normal value: what it agrees to, and the rule that says so (None where it stands for itself)."""
    distinct = sorted(set(values))
    if field == "candidate.commit":
        return {value: _full_commit(value, distinct) for value in distinct}
    if field == "build.url":
        return {value: _run_of_attempt(value, distinct) for value in distinct}
    return {value: (value, None) for value in distinct}


def _run_of_attempt(value: str, distinct: list[str]) -> tuple[str, str | None]:
    """The address of an attempt of a CI run stands for the run's own, where some document names that."""
    run = without_attempt(value)
    return (run, "run-of-attempt") if run != value and run in distinct else (value, None)


def without_attempt(address: str) -> str:
    """The address of a CI run, from that of one of its attempts."""
    return _ATTEMPT.sub("", address)


def _full_commit(value: str, distinct: list[str]) -> tuple[str, str | None]:
    """An abbreviated git revision stands for the one full revision it begins; for none or several it stands for itself."""
    if SHORTEST_ABBREVIATION <= len(value) < 40:
        full = [other for other in distinct if len(other) >= 40 and other.startswith(value)]
        if len(full) == 1:
            return full[0], "abbreviated-commit"
    return value, None
