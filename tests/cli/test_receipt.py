"""``release-staging receipt``, as a downstream review calls it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.cli.support import Said

Cli = Callable[..., Said]


def of(ran: list[dict[str, Any]], name: str) -> dict[str, Any]:
    """The packet of ``ran`` that was made from a sample."""
    return next(one for one in ran if Path(one["path"]).name == name)


def written(folder: Path, record: str, **more: Any) -> Path:
    said = {"receipt": "1", "record": record, "by": {"kind": "system", "name": "board"}, "usable": "as_it_was", **more}
    file = folder / "receipt.json"
    file.write_text(json.dumps(said))
    return file


def test_a_receipt_is_recorded_once_and_listed(cli: Cli, ran: list[dict[str, Any]], tmp_path: Path) -> None:
    packet = of(ran, "clean")["packet_id"]
    record = json.loads(cli("show", packet, "--format", "json").out)
    fields = [{"field": "/rollback/version", "use": "reconstructed", "note": "from the deployment log"}]
    file = written(tmp_path, record["record_id"], usable="with_reconstruction", fields=fields)
    first, again = (cli("receipt", packet, "--file", file, "--format", "json") for _ in range(2))
    assert (first.status, again.status) == (0, 0)
    assert [one.lines[0]["new"] for one in (first, again)] == [True, False]
    assert first.lines[0]["receipt"] == again.lines[0]["receipt"]
    [listed] = cli("receipt", packet, "--format", "json").lines
    assert (listed["record"], listed["fields"], listed["revision"]) == (record["record_id"], fields, 1)
    assert "/rollback/version reconstructed" in cli("receipt", packet).out


def test_a_receipt_on_a_hold_or_about_another_record_is_refused_in_a_line(cli: Cli, ran: list[dict[str, Any]], tmp_path: Path) -> None:
    held, staged = of(ran, "mixed-candidates")["packet_id"], of(ran, "clean")["packet_id"]
    hold = json.loads(cli("show", held, "--format", "json").out)
    file = written(tmp_path, hold["record_id"])
    assert "only a staged record has receipts" in cli("receipt", held, "--file", file).refused()
    assert "not about revision 1 of packet" in cli("receipt", staged, "--file", file).refused()


def test_a_receipt_that_speaks_of_the_release_is_refused_in_a_line(cli: Cli, ran: list[dict[str, Any]], tmp_path: Path) -> None:
    packet = of(ran, "clean")["packet_id"]
    record = json.loads(cli("show", packet, "--format", "json").out)["record_id"]
    file = written(tmp_path, record, note="approved for production")
    assert "speaks of the release" in cli("receipt", packet, "--file", file).refused()
