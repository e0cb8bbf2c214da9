"""Times: the instant, or the span of instants, that a source's text can mean.

Nothing is guessed. A text without a zone has no instant; but as zones lie between UTC-12 and UTC+14 it still bounds one,
and a bound can be enough to tell that evidence is too old.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import NamedTuple

_EASTMOST, _WESTMOST = timedelta(hours=14), timedelta(hours=12)  # UTC+14 sees a wall time first, UTC-12 last


class Instant(NamedTuple):
    """``utc`` is the instant, to the microsecond, where the text says one; ``earliest`` and ``latest`` bound it where it can be read.

    ``note`` says what the text leaves open or what was lost; ``form`` names the way it is written.
    """

    text: str
    utc: datetime | None = None
    note: str | None = None
    form: str | None = None
    earliest: datetime | None = None
    latest: datetime | None = None

    @property
    def canonical(self) -> str | None:
        """``utc`` as RFC 3339 with ``Z``; a fraction only where there is one."""
        return None if self.utc is None else self.utc.replace(tzinfo=None).isoformat() + "Z"


# RFC 3339 and its relatives: a space for the T, 1 to 9 digits of a second (.NET 7, Go 9), "+0000", " UTC", " +0000 UTC" (Go).
_WALL = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ](?P<time>[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:[.,](?P<fraction>[0-9]{1,9}))?"
    r"(?: ?(?P<zone>[Zz]|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})(?: (?:UTC|GMT))?)?(?: m=[+-][0-9.]+)?"
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EPOCH = re.compile(r"(?P<whole>[0-9]{9,19})(?:\.(?P<fraction>[0-9]{1,9}))?")
_RFC1123 = re.compile(r"(?:[A-Z][a-z]{2}, )?[0-9]{1,2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}(?::[0-9]{2})? (?:GMT|UTC|UT|[+-][0-9]{4})")
_EPOCH_UNITS = {9: 0, 10: 0, 12: 3, 13: 3, 15: 6, 16: 6, 18: 9, 19: 9}  # digits of the number -> power of ten a second


def instant(text: str) -> Instant:
    """What ``text`` says of a time. A text that cannot be read has no bounds either, and a note."""
    bare = text.strip()
    try:
        for pattern, read in ((_WALL, _wall), (_DATE, _day), (_EPOCH, _epoch), (_RFC1123, _rfc1123)):
            match = pattern.fullmatch(bare)
            if match is not None:
                return read(text, match)
    except (ValueError, OverflowError):
        return Instant(text, note="no such date or time")
    return Instant(text, note="not a time in a known form")


def _wall(text: str, match: re.Match[str]) -> Instant:
    clock, fraction, zone = match["time"], match["fraction"] or "", match["zone"]
    leap = clock.endswith(":60")
    wall = datetime.fromisoformat(f"{match['date']}T{clock[:-2] + '59' if leap else clock}")
    wall = wall.replace(microsecond=int(fraction[:6].ljust(6, "0")), tzinfo=UTC) + timedelta(seconds=leap)
    lost = "a leap second" if leap else "digits beyond the microsecond" if fraction[6:].strip("0") else None
    if zone is None:
        return Instant(text, note="no zone stated", form="no-zone", earliest=wall - _EASTMOST, latest=wall + _WESTMOST)
    return _exact(text, wall - _offset(zone), "rfc3339", lost)


def _offset(zone: str) -> timedelta:
    if zone[0] not in "+-":
        return timedelta(0)
    hours, minutes = int(zone[1:3]), int(zone[-2:])
    if hours > 23 or minutes > 59:
        raise ValueError(zone)
    return timedelta(hours=hours, minutes=minutes) * (-1 if zone[0] == "-" else 1)


def _day(text: str, match: re.Match[str]) -> Instant:
    day = datetime.combine(date.fromisoformat(match[0]), datetime.min.time(), UTC)
    last = day + timedelta(days=1) - timedelta(microseconds=1)
    return Instant(text, note="a date without time and zone", form="date", earliest=day - _EASTMOST, latest=last + _WESTMOST)


def _epoch(text: str, match: re.Match[str]) -> Instant:
    whole, fraction = match["whole"], match["fraction"] or ""
    power = _EPOCH_UNITS.get(len(whole))
    if power is None or (fraction and power):
        return Instant(text, note="a number, but not of a known unit since 1970")
    nanoseconds = int(whole) * 10 ** (9 - power) + int(fraction.ljust(9, "0"))
    utc = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=nanoseconds // 1000)
    return _exact(text, utc, "epoch", "digits beyond the microsecond" if nanoseconds % 1000 else None)


def _rfc1123(text: str, match: re.Match[str]) -> Instant:
    return _exact(text, parsedate_to_datetime(match[0].replace("UTC", "GMT")).astimezone(UTC), "rfc1123", None)


def _exact(text: str, utc: datetime, form: str, lost: str | None) -> Instant:
    return Instant(text, utc, lost, form, utc, utc)
