"""``release-staging evaluate``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.support import Said


def test_it_prints_one_json_line_and_packets_come_out_of_dagster_as_out_of_the_steps(
    cli: Callable[..., Said], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RELEASE_STAGING_CORPUS", raising=False)
    page = tmp_path / "below" / "page.html"
    said = cli("evaluate", "--packets", "24", "--workers", "1", "--dagster", "3", "--format", "json", "--page", page)
    [data] = said.lines
    assert said.status in (0, None)
    assert (data["packets"], data["corpus"], data["page"]) == (24, None, str(page))
    assert data["false_holds"]["part"] == 0
    assert data["dagster"] == {"part": 3, "whole": 3, "rate": 1.0}
    assert page.is_file()


def test_too_few_packets_are_refused(cli: Callable[..., Said]) -> None:
    assert "20" in cli("evaluate", "--packets", "3").refused()
