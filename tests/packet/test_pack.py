"""Packing a CI workspace: evidence in, everything else told, nothing guessed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from release_staging.packet.descriptor import ID, Descriptor
from release_staging.packet.inventory import inventory
from release_staging.packet.pack import PackError, PackResult, pack, packet_name
from release_staging.parsing import yaml
from tests.packet.support import COMMIT, JUNIT, RUN, folder_of, opened, sha256
from tests.packet.test_ci import GITHUB

NOW = datetime(2026, 11, 20, 10, 15, tzinfo=UTC)
WORKSPACE = {"tests/unit.xml": JUNIT, "build/run.json": RUN, "README.md": b"# hello\n", "logo.png": b"\x89PNG\xff"}


def packed(tmp_path: Path, content: dict[str, bytes] = WORKSPACE, out: str = "packet.tar.gz", **more: Any) -> PackResult:
    directory = folder_of(tmp_path / "workspace", content)
    return pack(
        directory,
        more.get("service", "billing-api"),
        more.get("version", "4.12.0-rc.3"),
        more.get("environments", ["production-eu"]),
        tmp_path / out,
        more.get("levels", {}),
        more.get("environ", GITHUB),
        more.get("now", NOW),
    )


def descriptor_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.parse((folder / "packet.yaml").read_bytes())
    return found


@pytest.mark.parametrize("out", ["packet.tar.gz", "packet"])
def test_what_is_packed_opens_as_a_sound_packet(tmp_path: Path, out: str) -> None:
    result = packed(tmp_path, out=out)
    packet, kept = opened(result.path)
    assert (packet.packet_id, packet.digest) == (result.packet_id, result.digest)
    assert packet.problems == ()
    assert "problems" not in inventory(packet, kept.__getitem__)
    assert [document.path for document in packet.documents] == ["build/run.json", "packet.yaml", "tests/unit.xml"]


def test_folder_and_archive_are_the_same_packet(tmp_path: Path) -> None:
    assert packed(tmp_path).packet_id == packed(tmp_path, out="packet").packet_id


def test_the_descriptor_binds_every_document_to_the_run(tmp_path: Path) -> None:
    described = descriptor_of(packed(tmp_path, out="packet", levels={"tests/*": "unit"}).path)
    assert described == {
        "packet": "1",
        "id": "billing-api-4.12.0-rc.3",
        "submitted_at": "2026-11-20T10:15:00Z",
        "candidate": {
            "service": "billing-api",
            "version": "4.12.0-rc.3",
            "commit": COMMIT,
            "branch": "release/4.12",
            "repository": "https://git.example.com/acme-pay/billing-api",
            "build": {"id": "7714620931", "url": "https://git.example.com/acme-pay/billing-api/actions/runs/7714620931", "attempt": "2"},
        },
        "environments": ["production-eu"],
        "documents": [
            {
                "path": "build/run.json",
                "sha256": sha256(RUN),
                "source": "pipeline_runs",
                "format": "github-actions-run",
                "run": "7714620931",
            },
            {
                "path": "tests/unit.xml",
                "sha256": sha256(JUNIT),
                "source": "test_reports",
                "format": "junit-xml/pytest",
                "level": "unit",
                "run": "7714620931",
            },
        ],
    }
    Descriptor.model_validate(described)


def test_outside_of_ci_nothing_is_bound(tmp_path: Path) -> None:
    result = packed(tmp_path, out="packet", environ={})
    described = descriptor_of(result.path)
    assert result.run is None
    assert described["candidate"] == {"service": "billing-api", "version": "4.12.0-rc.3"}
    assert all("run" not in entry for entry in described["documents"])


def test_a_level_is_never_guessed(tmp_path: Path) -> None:
    content = {"unit-tests/unit.xml": JUNIT, "load/load-test.xml": JUNIT + b"<!-- -->"}
    assert [document.level for document in packed(tmp_path, content).documents] == [None, None]
    levels = {"load/*": "load"}
    assert {document.path: document.level for document in packed(tmp_path, content, levels=levels).documents} == {
        "unit-tests/unit.xml": None,
        "load/load-test.xml": "load",
    }


def test_what_is_left_out_is_told(tmp_path: Path) -> None:
    folder_of(tmp_path / "workspace", {})
    (tmp_path / "workspace" / "link").symlink_to("/etc/passwd")
    result = packed(tmp_path, WORKSPACE | {"__init__.py": b""})
    told = dict(result.left_out)
    assert told.keys() == {"README.md", "logo.png", "__init__.py", "link"}
    assert "not a format that is read here" in told["README.md"]
    assert "not followed" in told["link"]


@pytest.mark.parametrize("broken", [b"", b"<testsuites><testsuite>", b'{"head_sha": ', b" \n"])
def test_evidence_that_went_wrong_is_packed_so_that_it_is_seen(tmp_path: Path, broken: bytes) -> None:
    result = packed(tmp_path, WORKSPACE | {"tests/it.xml": broken})
    note = next(document.note for document in result.documents if document.path == "tests/it.xml")
    assert note
    assert "tests/it.xml" in [document.path for document in opened(result.path)[0].documents]


def test_a_packet_within_the_workspace_is_not_packed_again(tmp_path: Path) -> None:
    first = packed(tmp_path, out="workspace/packet.tar.gz")
    again = packed(tmp_path, out="workspace/packet.tar.gz")
    assert first == again


def test_the_same_workspace_makes_the_same_bytes(tmp_path: Path) -> None:
    first = packed(tmp_path).path.read_bytes()
    assert packed(tmp_path).path.read_bytes() == first


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"content": {"README.md": b"# x\n"}}, "no file below .* is of a format that is read here"),
        ({"content": WORKSPACE | {"packet.yaml": b""}}, "it is a packet already"),
        ({"levels": {"nothing/*": "unit"}}, "no document matches 'nothing/\\*' of --level"),
        ({"levels": {"tests/*": "e2e"}}, "'e2e' is not a test level; they are unit, integration, load, smoke"),
        ({"levels": {"tests/*": "unit", "*.xml": "load"}}, "gives tests/unit.xml several levels: load, unit"),
        ({"service": ""}, "/candidate/service: expected text that is not empty"),
        ({"environments": ["a\nb"]}, "/environments/0"),
        ({"out": "workspace"}, "is there already"),
    ],
)
def test_a_packet_that_cannot_be_made_is_told_and_leaves_nothing(tmp_path: Path, more: dict[str, Any], said: str) -> None:
    with pytest.raises(PackError, match=said):
        packed(tmp_path, **more)
    assert [path.name for path in tmp_path.iterdir()] == ["workspace"]


def test_a_document_that_changes_meanwhile_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def changing(*args: Any) -> bytes:
        (tmp_path / "workspace" / "tests" / "unit.xml").write_bytes(JUNIT + b"<!-- later -->")
        return dump(*args)

    dump = yaml.dump
    monkeypatch.setattr(yaml, "dump", changing)
    with pytest.raises(PackError, match=r"tests/unit\.xml changed while it was packed"):
        packed(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["workspace"]


@pytest.mark.parametrize(
    ("service", "version", "name"),
    [
        ("billing-api", "4.12.0", "billing-api-4.12.0"),
        ("Billing API", "4.12.0+build.5", "billing-api-4.12.0-build.5"),
        ("..", "1..2", "1.2"),
        ("größe", "1", "gr-e-1"),
        ("x" * 90, "1", "x" * 80),
    ],
)
def test_a_packet_is_named_after_what_it_is_about(service: str, version: str, name: str) -> None:
    assert packet_name(service, version) == name
    assert ID.fullmatch(name)
