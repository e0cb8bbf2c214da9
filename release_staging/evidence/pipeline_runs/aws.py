"""What the readers of AWS share: times, which version 1 of its command line writes as seconds since 1970 and version 2 as RFC 3339."""

from __future__ import annotations

from release_staging.evidence.pipeline_runs.runs import Claims, utc
from release_staging.evidence.tree import Node


def time_of(place: Node) -> str | None:
    """The time at ``place``, written as RFC 3339 where it is a number."""
    return place.out.scalar(place) if isinstance(place.raw, str) else utc(place, unit=1)


def claim_time(name: str, place: Node, claims: Claims) -> None:
    """Claims the time at ``place``."""
    if isinstance(place.raw, str):
        claims.claim(name, place)
    else:
        claims.epoch(name, place, unit=1)
