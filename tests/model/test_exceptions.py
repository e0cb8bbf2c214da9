"""Exceptions stand in the order of what to look at first, the same on every run."""

from __future__ import annotations

from itertools import permutations

from release_staging.model.exceptions import Code, ReviewException, Role


def one(code: Code, *, blocking: bool = True) -> ReviewException:
    return ReviewException(code, "subject", "message", "remedy", Role.RELEASE_MANAGER, blocking)


def test_every_code_has_its_place() -> None:
    places = [one(code).sort_key for code in Code]
    assert len(set(places)) == len(Code)


def test_what_holds_comes_first_then_what_must_be_contained() -> None:
    ordered = [
        one(Code.DISCLOSURE_SECRET),
        one(Code.MIXED_CANDIDATE),
        one(Code.EVIDENCE_MISSING),
        one(Code.DISCLOSURE_SECRET, blocking=False),
    ]
    assert all(sorted(shuffled, key=lambda exception: exception.sort_key) == ordered for shuffled in permutations(ordered))
