"""Time spans are written in two ways, and nothing else is one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from release_staging.config.durations import duration


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("14d", timedelta(days=14)),
        ("36h", timedelta(hours=36)),
        ("30m", timedelta(minutes=30)),
        ("P14D", timedelta(days=14)),
        ("P2W", timedelta(weeks=2)),
        ("PT36H", timedelta(hours=36)),
        ("P1DT12H30M5S", timedelta(days=1, hours=12, minutes=30, seconds=5)),
        ("PT5M", timedelta(minutes=5)),
    ],
)
def test_a_time_span_is_read(text: str, span: timedelta) -> None:
    assert duration(text) == span


@pytest.mark.parametrize("text", ["", "P", "PT", "P1DT", "14", "14 d", "-1d", "1.5d", "P1M", "P1Y", "14D", "d", 14, None])
def test_what_is_no_time_span_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="not a time span"):
        duration(text)
