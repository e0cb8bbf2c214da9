"""``archive`` and ``restore`` on a real deployment: what is gone, what is said meanwhile, and that everything comes back."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.support import Said
from tests.config.support import changed_policy
from tests.packets import PacketBuilder

Cli = Callable[..., Said]


def test_an_archived_packet_says_so_and_comes_back(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = PacketBuilder.clean().descriptor(id="to-archive").edit_text("incidents/INC-2031.md", "# INC-2031", "# INC-2031 for archiving")
    ran = cli("run", "--format", "json", made.write_zip(tmp_path))
    assert ran.lines, ran
    [line] = ran.lines
    packet = line["packet_id"]
    assert cli("archive", "--dry-run").out == ""
    policy = changed_policy(tmp_path / "policy", "archive_after: 180d", "archive_after: 0m")
    monkeypatch.setenv("RELEASE_STAGING_POLICY", str(policy))
    due = cli("archive", "--dry-run", "--format", "json").lines
    assert {"packet_id": packet, "result": "would be archived"}.items() <= next(one for one in due if one["packet_id"] == packet).items()
    assert cli("verify", packet).status == 0
    archived = cli("archive", "--format", "json")
    assert archived.status == 0, archived
    assert {one["result"] for one in archived.lines} == {"archived"}
    told: dict[str, Any] = cli("verify", packet, "--format", "json").lines[0]
    assert told["verified"] is False
    assert f"release-staging restore {packet}" in told["troubles"][0]
    assert json.loads(cli("show", packet, "--format", "json").out)["packet"]["id"] == packet
    for one in archived.lines:
        assert cli("restore", one["packet_id"]).status == 0
    assert cli("verify", packet).status == 0
    never = PacketBuilder.sample("mixed-candidates").descriptor(id="never-archived")
    [line] = cli("run", "--format", "json", never.write_zip(tmp_path)).lines
    assert "is not archived" in cli("restore", line["packet_id"]).refused()
