"""Times and durations as test runners write them, in the form of the tables: RFC 3339 UTC, seconds as decimal text."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from release_staging.evidence.items import Items, Texts
from release_staging.evidence.reader import Extract
from release_staging.evidence.tree import Node
from release_staging.model.confidence import Confidence

_MOST_DIGITS = 24
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CLOCK = re.compile(r"(?:(\d{1,6})\.)?(\d{1,2}):(\d{2}):(\d{2}(?:\.\d{1,9})?)")  # .NET TimeSpan "c": [d.]hh:mm:ss[.fffffff]
_ISO = re.compile(r"PT(?=\d)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9}(?:\.\d{1,9})?)S)?")  # java.time.Duration


def claim_milliseconds(field: str, place: Node, out: Extract) -> None:
    """Claims a time that stands as milliseconds since 1970."""
    if type(place.raw) is not int:
        out.claim(field, place, accept=(int,))
        return
    try:
        instant = _EPOCH + timedelta(milliseconds=place.raw)
    except OverflowError:
        out.drift(place, "milliseconds since 1970")
        return
    value = instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    out.claim(field, place, value=value, accept=(int,), confidence=Confidence.DERIVED, loss="milliseconds since 1970 written as RFC 3339")


def milliseconds(node: Node, key: str) -> str | None:
    """The number of milliseconds at ``key``, as seconds."""
    number = node.number(key)
    return None if number is None else scaled(number, 3)


def each_milliseconds(items: Items, key: str) -> Texts:
    """As ``milliseconds``, of each item."""
    numbers = items.number(key)
    seconds = {number: number and scaled(number, 3) for number in set(numbers)}
    return [seconds[number] for number in numbers]


def scaled(number: str, power: int) -> str | None:
    """``number`` divided by ten to the ``power``, without an exponent. None where that would take more digits than any duration has."""
    value = Decimal(number)
    return None if value and abs(value.adjusted()) > _MOST_DIGITS else f"{value.scaleb(-power).normalize():f}"


def clock_seconds(text: str) -> str | None:
    """Seconds of a .NET ``[d.]hh:mm:ss[.fffffff]``; None where it is not one."""
    match = _CLOCK.fullmatch(text)
    return _sum(match.groups(), (86400, 3600, 60, 1)) if match else None


def iso_seconds(text: str) -> str | None:
    """Seconds of an ISO 8601 duration of hours, minutes and seconds; None where it is not one."""
    match = _ISO.fullmatch(text)
    return _sum(match.groups(), (3600, 60, 1)) if match else None


def _sum(parts: tuple[str | None, ...], factors: tuple[int, ...]) -> str:
    total = sum((Decimal(part or 0) * factor for part, factor in zip(parts, factors, strict=True)), Decimal(0))
    return f"{total.normalize():f}"
