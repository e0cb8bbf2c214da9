"""A time is the instant its source means, or the bounds of what it can mean; never a guess."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from release_staging.normalize.times import instant


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("2026-11-20T08:41:12Z", "2026-11-20T08:41:12Z"),
        ("2026-11-20t08:41:12z", "2026-11-20T08:41:12Z"),
        ("2026-11-20T09:41:12+01:00", "2026-11-20T08:41:12Z"),
        ("2026-11-20T03:11:12-0530", "2026-11-20T08:41:12Z"),
        ("2026-11-20 08:41:12 UTC", "2026-11-20T08:41:12Z"),
        ("2026-11-20 08:41:12 +0000 UTC", "2026-11-20T08:41:12Z"),
        ("2026-11-20 08:41:12.5 +0000 UTC m=+0.001", "2026-11-20T08:41:12.500000Z"),
        ("2026-11-20T08:41:12.0061880Z", "2026-11-20T08:41:12.006188Z"),
        ("2026-11-20T08:41Z", "2026-11-20T08:41:00Z"),
        ("1795164072", "2026-11-20T08:41:12Z"),
        ("1795164072123", "2026-11-20T08:41:12.123000Z"),
        ("1795164072.5", "2026-11-20T08:41:12.500000Z"),
        ("1795164072123456789", "2026-11-20T08:41:12.123456Z"),
        ("Fri, 20 Nov 2026 08:41:12 GMT", "2026-11-20T08:41:12Z"),
        ("20 Nov 2026 09:41:12 +0100", "2026-11-20T08:41:12Z"),
    ],
)
def test_every_way_to_write_an_instant_is_read(text: str, canonical: str) -> None:
    known = instant(text)
    assert known.canonical == canonical
    assert known.text == text
    assert known.earliest == known.latest == known.utc


@pytest.mark.parametrize("text", ["2026-11-20T08:41:12.123456789Z", "2026-11-20T08:41:12.1234567Z", "1795164072123456789"])
def test_digits_beyond_the_microsecond_are_told_as_lost(text: str) -> None:
    assert instant(text).note == "digits beyond the microsecond"


def test_a_time_without_zone_says_so_and_bounds_the_instant() -> None:
    known = instant("2026-11-20T08:41:12")
    assert (known.utc, known.note) == (None, "no zone stated")
    assert known.earliest == datetime(2026, 11, 19, 18, 41, 12, tzinfo=UTC)
    assert known.latest == datetime(2026, 11, 20, 20, 41, 12, tzinfo=UTC)


def test_a_date_bounds_the_instant_by_a_day_in_any_zone() -> None:
    known = instant("2026-10-30")
    assert (known.utc, known.note) == (None, "a date without time and zone")
    assert known.earliest == datetime(2026, 10, 29, 10, tzinfo=UTC)
    assert known.latest == datetime(2026, 10, 31, 11, 59, 59, 999999, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["", "${TIMESTAMP}", "yesterday", "Sat, 99 Dec 2020 10:00:00 GMT", "2026-02-30", "2026-13-01T00:00:00Z", "2026-11-20T25:00:00Z", "12",
     "2026-11-20T08:41:12+99:00", "9999-12-31T23:59:59-12:00", "0001-01-01", "11/20/2026 8:41:12 AM", "12345678901", "1795164072123.5"],
)  # fmt: skip
def test_what_cannot_be_read_has_no_instant_no_bounds_and_a_note(text: str) -> None:
    known = instant(text)
    assert (known.utc, known.earliest, known.latest, known.canonical) == (None, None, None, None)
    assert known.note


def test_a_leap_second_is_the_second_after() -> None:
    assert instant("2016-12-31T23:59:60Z")[1:3] == (datetime(2017, 1, 1, tzinfo=UTC), "a leap second")


ZONED = st.tuples(st.integers(86400, 7_000_000_000), st.integers(-12 * 60, 14 * 60)).map(
    lambda pair: datetime.fromtimestamp(pair[0] + pair[0] % 7 / 8, timezone(timedelta(minutes=pair[1])))
)


@given(ZONED)
def test_an_instant_survives_any_zone_it_is_written_in(when: datetime) -> None:
    assert instant(when.isoformat()).utc == when
    assert instant(str(instant(when.isoformat()).canonical)).utc == when


@given(ZONED)
def test_the_bounds_hold_the_instant_whatever_zone_was_left_out(when: datetime) -> None:
    for text in (when.replace(tzinfo=None).isoformat(), when.date().isoformat()):
        known = instant(text)
        assert known.earliest is not None
        assert known.latest is not None
        assert known.earliest <= when <= known.latest


@given(st.text(max_size=60))
def test_any_text_is_read_or_noted(text: str) -> None:
    known = instant(text)
    assert known.earliest is not None or known.note
