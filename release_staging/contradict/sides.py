"""A contradiction: its sides, each with the places that say it, and how claims become sides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from release_staging.model.claims import Claim
from release_staging.model.exceptions import Code, Evidence


@dataclass(frozen=True)
class Contradiction:
    """``sides`` maps each value to the places that say it."""

    code: Code
    field: str
    rule: str
    sides: dict[str, list[Evidence]]


def places(found: Iterable[Contradiction]) -> set[tuple[str, str | None]]:
    """Every place that these contradictions name."""
    return {(place.document, place.locator) for one in found for places in one.sides.values() for place in places}


def values(claims: Iterable[Claim]) -> dict[str, list[Claim]]:
    """One side for each value that claims come to."""
    sides: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        sides[claim.agreed].append(claim)
    return dict(sorted(sides.items()))


def sets(claims: Iterable[Claim]) -> dict[str, list[Claim]]:
    """Sides where each document names a whole set: documents that name the same set are one side."""
    sides: dict[str, list[Claim]] = defaultdict(list)
    for said in by_document(claims).values():
        sides[", ".join(sorted({claim.agreed for claim in said}))] += said
    return dict(sorted(sides.items()))


def by_document(claims: Iterable[Claim]) -> dict[str, list[Claim]]:
    """The claims of each document."""
    found: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        found[claim.document].append(claim)
    return found


def contradiction(code: Code, field: str, rule: str, sides: dict[str, list[Claim]]) -> Contradiction:
    return Contradiction(code, field, rule, {value: [claim.evidence for claim in said] for value, said in sides.items()})
