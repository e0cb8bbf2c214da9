import time

import pytest

from release_staging.evidence.test_reports.units import clock_seconds, iso_seconds, scaled


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("00:00:00.0123000", "0.0123"),
        ("00:01:02.5", "62.5"),
        ("1.02:00:00", "93600"),
        ("00:00:00", "0"),
        ("12 ms", None),
        ("", None),
        ("0:0:0", None),
    ],
)
def test_a_dotnet_duration_becomes_seconds(text, seconds):
    assert clock_seconds(text) == seconds


@pytest.mark.parametrize(
    ("text", "seconds"), [("PT1.234S", "1.234"), ("PT1M2.5S", "62.5"), ("PT1H", "3600"), ("PT0S", "0"), ("PT", None), ("P1D", None)]
)
def test_an_iso_duration_becomes_seconds(text, seconds):
    assert iso_seconds(text) == seconds


@pytest.mark.parametrize(("number", "power", "expected"), [("12", 3, "0.012"), ("120.5", 3, "0.1205"), ("0", 9, "0"), ("-5", 3, "-0.005")])
def test_numbers_are_scaled_without_an_exponent(number, power, expected):
    assert scaled(number, power) == expected


@pytest.mark.parametrize("number", ["1e-999999999", "1e300", "-1e-400"])
def test_a_number_no_duration_has_costs_nothing(number):
    start = time.perf_counter()
    assert scaled(number, 3) is None
    assert time.perf_counter() - start < 1
