"""CVSS vectors of versions 2.0, 3.0, 3.1 and 4.0: what their base metrics score, and the severity this is on their own scale."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from cvss import CVSS2, CVSS3, CVSS4
from cvss.exceptions import CVSSError

# (score from which on, severity): the qualitative scale of CVSS 3.0, 3.1 and 4.0, and the one that NVD uses for version 2.
SCALE = (
    (Decimal("9.0"), "critical"),
    (Decimal("7.0"), "high"),
    (Decimal("4.0"), "medium"),
    (Decimal("0.1"), "low"),
    (Decimal("0.0"), "none"),
)
SCALE_2 = ((Decimal("7.0"), "high"), (Decimal("4.0"), "medium"), (Decimal("0.0"), "low"))
_LONGEST = 512  # one with every metric of version 4 has 201 characters
_IN_PARENTHESES = re.compile(r"[^()]*\(([^()]*)\)")  # NVD's and Snyk's way to write version 2: "5.0 (MEDIUM) (AV:N/AC:L/…)"
_VERSION = re.compile(r"CVSS:([34]\.[01])/")
_BASE_4 = ("AV", "AC", "AT", "PR", "UI", "VC", "VI", "VA", "SC", "SI", "SA")


class Rated(NamedTuple):
    """``score`` and ``severity`` are of the base metrics; ``scores`` are all that the vector can give, with threat and environment."""

    version: str
    score: Decimal
    severity: str
    scores: frozenset[Decimal]


def every(vectors: str) -> list[Rated]:
    """What each of several vectors, joined by ", ", comes to."""
    return [one for vector in vectors.split(", ") if (one := rated(vector))]


def worst(ratings: list[Rated]) -> Rated:
    """The worst of several ratings (at least one), by version 2 only where there is no other."""
    return max((one for one in ratings if one.version != "2.0"), key=lambda one: one.score, default=max(ratings, key=lambda one: one.score))


def rated(vector: str) -> Rated | None:
    """What a vector comes to; None for what is none.

    One of version 3 without its prefix is read as 3.1, whose base scores are those of 3.0.
    """
    bare = vector.strip()
    if len(bare) > _LONGEST:
        return None
    inner = _IN_PARENTHESES.findall(bare)
    bare = inner[-1] if inner else bare
    if bare.startswith("AV:") and "/PR:" in bare:
        bare = f"CVSS:3.1/{bare}"
    match = _VERSION.match(bare)
    try:
        return _rated(match[1] if match else "2.0", bare)
    except CVSSError:
        return None


def _rated(version: str, vector: str) -> Rated:
    scores: set[Decimal] = set()
    if version == "4.0":
        whole = CVSS4(vector)
        base = Decimal(str(CVSS4("CVSS:4.0/" + "/".join(f"{name}:{whole.metrics[name]}" for name in _BASE_4)).base_score))
        scores = {base, Decimal(str(whole.base_score))}
    else:
        parsed = CVSS2(vector) if version == "2.0" else CVSS3(vector)
        base = parsed.base_score
        scores = {score for score in (base, parsed.temporal_score, parsed.environmental_score) if score is not None}
    return Rated(version, base, severity(base, version), frozenset(scores))


def severity(score: Decimal, version: str = "3.1") -> str:
    """The severity that a score of this version stands for. One of version 2 is never critical, and 0 of it is low."""
    return next(name for least, name in (SCALE_2 if version == "2.0" else SCALE) if score >= least)
