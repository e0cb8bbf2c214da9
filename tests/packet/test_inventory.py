"""The inventory: every document is something, or is said not to be; what the descriptor says are its own claims."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from release_staging.evidence.resolve import Resolver
from release_staging.model.tables import gathered
from release_staging.packet.inventory import inventory
from release_staging.packet.open import OpenedPacket
from tests.packet.support import COMMIT, CONTENT, DESCRIPTOR, JUNIT, RUN, RUNBOOK, Kept, folder_of, opened, zip_of

BARE = DESCRIPTOR.partition(b"documents:")[0]
K6 = b'{"metrics": {"http_req_duration": {"avg": 1.5}}, "root_group": {"name": "", "path": "", "groups": {}, "checks": {}}}'


def tables(tmp_path: Path, content: dict[str, bytes]) -> tuple[dict[str, list[dict[str, Any]]], OpenedPacket, Kept]:
    packet, kept = opened(folder_of(tmp_path, content))
    found = inventory(packet, kept.__getitem__)
    for name, table in found.items():
        assert table.schema == gathered(name)
    return {name: table.to_pylist() for name, table in found.items()}, packet, kept


def described(entries: str) -> bytes:
    return BARE + b"documents:\n" + entries.encode()


def taken_for(tmp_path: Path, data: bytes, entry: str = "") -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The row of a document ``x``, with an optional entry in the descriptor, and what is told of it."""
    content = {"packet.yaml": described(f"  - {{path: x, {entry}}}\n") if entry else BARE, "x": data}
    found, _, _ = tables(tmp_path, content)
    row = next(row for row in found["documents"] if row["path"] == "x")
    return row, [(problem["code"], problem["message"]) for problem in found.get("problems", []) if problem["subject"] == "x"]


def test_a_sound_packet_is_known_from_its_bytes(tmp_path: Path) -> None:
    found, packet, _ = tables(tmp_path, CONTENT)
    assert "problems" not in found
    assert {(row["path"], row["source"], row["format"], row["encoding"], row["recognised_by"]) for row in found["documents"]} == {
        ("packet.yaml", None, "release-packet@1", "yaml", "content"),
        ("tests/unit.xml", "test_reports", "junit-xml/pytest", "xml", "content"),
        ("build/run.json", "pipeline_runs", "github-actions-run", "json", "content"),
    }
    assert {row["packet"] for row in found["documents"]} == {packet.packet_id}


def test_what_the_descriptor_asserts_of_a_document_stands_beside_it(tmp_path: Path) -> None:
    row, _ = taken_for(tmp_path, JUNIT, "level: load, environment: staging, run: 77")
    assert (row["level"], row["environment"], row["run"]) == ("load", "staging", "77")


@pytest.mark.parametrize("name", ["packet.yaml", "packet.json"])
def test_the_descriptors_claims_resolve_in_its_own_bytes(tmp_path: Path, name: str) -> None:
    tree = {
        "packet": "1",
        "id": "a",
        "submitted_at": "2026-11-20T10:15:00Z",
        "candidate": {"service": "s", "version": 4, "commit": COMMIT, "tag": "v4", "branch": "main", "repository": "https://r.example.com"},
        "environments": ["eu", "us"],
    }
    tree["candidate"]["build"] = {"id": 77, "url": "https://b.example.com", "attempt": "2"}  # type: ignore[index]
    found, packet, kept = tables(tmp_path, {name: json.dumps(tree).encode(), "x.xml": JUNIT})
    digest = packet.descriptor_document.sha256  # type: ignore[union-attr]
    claims = found["claims"]
    assert {(claim["field"], claim["value"]) for claim in claims} == {
        ("service.name", "s"),
        ("candidate.version", "4"),
        ("candidate.commit", COMMIT),
        ("candidate.tag", "v4"),
        ("candidate.branch", "main"),
        ("repository.url", "https://r.example.com"),
        ("build.id", "77"),
        ("build.url", "https://b.example.com"),
        ("build.attempt", "2"),
        ("environment.target", "eu"),
        ("environment.target", "us"),
        ("produced_at", "2026-11-20T10:15:00Z"),
    }
    assert {(claim["document"], claim["confidence"]) for claim in claims} == {(digest, "exact")}
    resolver = Resolver(kept[digest])
    assert [resolver.text(claim["locator"]) for claim in claims] == [claim["source_value"] for claim in claims]
    assert all(claim["locator"].startswith("json-pointer:/" if name == "packet.json" else "yaml=0;json-pointer:/") for claim in claims)


def test_the_descriptors_losses_add_up(tmp_path: Path) -> None:
    found, _, _ = tables(tmp_path, CONTENT)
    losses = found["losses"]
    assert sum(row["mapped"] for row in losses) == 8  # service, version, commit, build id and url, two environments, time
    assert sum(row["summarised"] for row in losses) == 5  # packet, id, and the entry of a document
    assert sum(row["not_understood"] for row in losses) == 0


def test_a_descriptor_that_breaks_its_contract_still_claims_what_it_says(tmp_path: Path) -> None:
    found, packet, _ = tables(tmp_path, CONTENT | {"packet.yaml": DESCRIPTOR.replace(b"submitted_at", b"submitted")})
    assert packet.descriptor is None
    assert "candidate.version" in [claim["field"] for claim in found["claims"]]
    assert [problem["code"] for problem in found["problems"]] == ["SCHEMA_INVALID", "SCHEMA_INVALID"]


def test_the_problems_of_opening_are_among_those_of_the_inventory(tmp_path: Path) -> None:
    found, _, _ = tables(tmp_path, {"empty.json": b"", "run.json": RUN})
    assert [(p["code"], p["subject"]) for p in found["problems"]] == [("EVIDENCE_EMPTY", "empty.json"), ("EVIDENCE_MISSING", "packet.yaml")]
    assert "claims" not in found
    assert "export the document again" in found["problems"][0]["message"]


@pytest.mark.parametrize(
    ("data", "code", "said"),
    [
        (b"just some words\n", "EVIDENCE_UNRECOGNISED", "tried as text against"),
        (b'{"hello": "world"}', "EVIDENCE_UNRECOGNISED", "tried as json against"),
        (b"<hello/>", "EVIDENCE_UNRECOGNISED", "tried as xml, text against"),
        (b'{"a": 1}\n{"b": 2}\n', "EVIDENCE_UNRECOGNISED", "tried as json-lines against"),
        (b" \n\t ", "EVIDENCE_EMPTY", "white space"),
        (b'{"head_sha": ', "EVIDENCE_UNREADABLE", "line 1, column 13"),
        (b"<testsuites>\n<testsuite>\n</testsuites>", "EVIDENCE_UNREADABLE", "line 3, column 3"),
        (b"\x89PNG\r\n\x1a\n\x00", "EVIDENCE_UNREADABLE", "not valid UTF-8"),
        (gzip.compress(b"x", mtime=0), "EVIDENCE_UNRECOGNISED", "an archive within the packet is not opened"),
        (b'{"a": 1, "a": 2}', "EVIDENCE_UNREADABLE", "duplicate key"),
    ],
)
def test_an_unknown_document_is_never_skipped_silently(tmp_path: Path, data: bytes, code: str, said: str) -> None:
    row, told = taken_for(tmp_path, data)
    assert (row["source"], row["format"], row["recognised_by"]) == (None, None, None)
    assert [found for found, _ in told] == [code]
    assert said in told[0][1]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b'{"incident": null, "incident": {}}', ["EVIDENCE_UNREADABLE"]),
        (b"[INC-1](https://example.com/1) was over by noon.\n", []),
        (b"<!-- sanitised --> The queue was slow.\n", []),
    ],
)
def test_an_object_that_is_broken_is_no_prose_and_text_that_begins_with_a_bracket_is(tmp_path: Path, data: bytes, told: list[str]) -> None:
    row, problems = taken_for(tmp_path, data, "source: incident_notes")
    assert [code for code, _ in problems] == told
    assert (row["source"] == "incident_notes") is not bool(told)


def test_a_nested_archive_is_told_whatever_it_holds(tmp_path: Path) -> None:
    inner = zip_of(tmp_path / "inner.zip", {"run.json": RUN}, method=0).read_bytes()
    row, told = taken_for(tmp_path / "packet", inner)
    assert row["source"] is None
    assert [code for code, _ in told] == ["EVIDENCE_UNRECOGNISED"]


def test_broken_bytes_are_located_by_line(tmp_path: Path) -> None:
    found, _, kept = tables(tmp_path, {"packet.yaml": BARE, "x": b'{\n"head_sha": 1,\n"head_sha": 2}'})
    problem = found["problems"][0]
    assert problem["locator"] == "line=2,3"
    assert Resolver(kept[problem["document"]]).text(problem["locator"]) == '"head_sha": 2}'


@pytest.mark.parametrize(
    ("data", "entry", "said"),
    [
        (RUN, "format: junit-xml", "is declared as junit-xml, but its bytes are github-actions-run of source pipeline_runs"),
        (RUN, "source: sboms", "is declared as sboms, but its bytes are github-actions-run of source pipeline_runs"),
        (RUN, "format: github-actions-run, source: sboms", "github-actions-run of source sboms, but its bytes are"),
        (RUN, "format: github-actions-run@99", "is declared as github-actions-run@99"),
        (RUN, "format: incident-note-markdown", "is declared as incident-note-markdown, but its bytes are github-actions-run"),
        (b'{"hello": 1}', "format: junit-xml", "it is declared as junit-xml and is not that"),
        (RUN, "format: no-such-format", "is declared as no-such-format, a format that is not read here"),
        (RUN, "source: weather", "is declared for weather, which is not a source of evidence"),
    ],
)
def test_a_document_that_lies_about_what_it_is_is_told(tmp_path: Path, data: bytes, entry: str, said: str) -> None:
    row, told = taken_for(tmp_path, data, entry)
    assert [code for code, _ in told] == ["EVIDENCE_UNRECOGNISED"]
    assert said in told[0][1]
    assert row["source"] == ("pipeline_runs" if data == RUN else None)  # the bytes decide


def test_a_true_declaration_changes_nothing(tmp_path: Path) -> None:
    row, told = taken_for(tmp_path, RUN, "format: github-actions-run, source: pipeline_runs")
    assert (row["recognised_by"], told) == ("content", [])


@pytest.mark.parametrize("entry", ["format: rollback-runbook-markdown", "source: rollback_runbooks"])
def test_prose_may_be_declared_where_its_bytes_do_not_tell(tmp_path: Path, entry: str) -> None:
    row, told = taken_for(tmp_path, RUNBOOK, entry)
    assert (row["source"], row["recognised_by"], told) == ("rollback_runbooks", "declared", [])
    assert taken_for(tmp_path, RUNBOOK)[1][0][0] == "EVIDENCE_UNRECOGNISED"


def test_prose_that_begins_like_json_may_be_declared(tmp_path: Path) -> None:
    row, told = taken_for(tmp_path, b"[INC-7](https://x.example.com): a note\n", "format: incident-note-markdown")
    assert (row["source"], told) == ("incident_notes", [])


def test_a_document_that_fits_several_formats_is_not_guessed(tmp_path: Path) -> None:
    both = b'{"head_sha": "a", "run_number": 1, "workflow_id": 1, "event": "push", "releaseManifest": "1.0", "service": "s"}'
    row, told = taken_for(tmp_path, both)
    assert row["source"] is None
    assert told[0][0] == "EVIDENCE_UNRECOGNISED"
    assert "fits several formats: release-manifest@1.0, github-actions-run" in told[0][1]
    row, told = taken_for(tmp_path, both, "format: github-actions-run")
    assert (row["source"], row["recognised_by"], told) == ("pipeline_runs", "declared", [])
    row, told = taken_for(tmp_path, both, "source: release_manifest")
    assert (row["source"], row["recognised_by"], told) == ("release_manifest", "declared", [])


def test_an_unreadable_packet_has_an_inventory_of_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(b"PK\x03\x04")
    packet, kept = opened(path)
    found = inventory(packet, kept.__getitem__)
    assert found["documents"].num_rows == 0
    assert found["problems"]["code"].to_pylist() == ["EVIDENCE_UNREADABLE"]
