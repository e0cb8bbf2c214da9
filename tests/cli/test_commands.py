"""Every command: what it prints for scripts and for people, its exit status, and the one line that says what was wrong."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from release_staging.cli.main import COMMANDS
from release_staging.config.settings import DEFAULT_CONTRACT, ROOT
from release_staging.evidence.reader import split_id
from release_staging.evidence.registry import readers
from release_staging.model.exceptions import Code, Role
from release_staging.model.sources import SOURCE_BY_NAME
from release_staging.record.rules.rule import rules
from release_staging.staging.intake import Watermark, candidates
from release_staging.staging.postgres import databases, engine
from release_staging.staging.store import StagingStore
from tests.cli.support import Said, program
from tests.packets import SAMPLES, PacketBuilder

Cli = Callable[..., Said]
Ran = list[dict[str, Any]]
POLICY = ROOT / "data/policy/default.yaml"


# --- run ----------------------------------------------------------------------------------------------------------------

LINE = {"packet_id": str, "path": str, "outcome": str, "revision": int, "contract": str, "document": str, "exceptions": list}
EXCEPTION = {"code": str, "subject": str, "message": str, "owner": str, "locators": list, "blocking": bool}


def test_run_prints_one_object_a_packet_in_the_order_given(ran: Ran) -> None:
    assert [Path(line["path"]).name for line in ran] == ["clean", "mixed-candidates", "disclosure-secret"]
    assert [line["outcome"] for line in ran] == ["staged", "held", "held"]
    for line in ran:
        assert {name: type(value) for name, value in line.items()} == LINE
        assert line["packet_id"].startswith("billing-api-4.12.0-rc.3-")
        assert line["contract"] == DEFAULT_CONTRACT
        for one in line["exceptions"]:
            assert {name: type(value) for name, value in one.items()} == EXCEPTION
            assert one["code"] in set(Code)
            assert one["owner"] in set(Role)
        assert any(one["blocking"] for one in line["exceptions"]) == (line["outcome"] == "held")
        assert json.loads(Path(line["document"]).read_bytes())["packet"]["id"] == line["packet_id"]


def test_a_hold_leads_a_script_to_the_place(ran: Ran) -> None:
    [reason] = [one for one in ran[1]["exceptions"] if one["blocking"]]
    assert reason["code"] == "MIXED_CANDIDATE"
    assert {"path": "ci/run.json", "locator": "json-pointer:/head_sha"} in reason["locators"]


def test_exit_status_is_0_when_everything_is_staged(home: Path, tmp_path: Path) -> None:
    """As a process of its own, from another folder, by relative paths."""
    said = program(home, "run", "clean", "--format", "json", "--output", tmp_path / "records", cwd=SAMPLES)
    assert said.status == 0, said
    [line] = said.lines
    assert Path(line["document"]).is_relative_to(tmp_path / "records")
    assert Path(line["document"]).is_file()
    assert "Traceback" not in said.err


def test_exit_status_is_3_when_something_is_held_and_people_read_why(cli: Cli, ran: Ran) -> None:
    said = cli("run", SAMPLES / "clean", SAMPLES / "mixed-candidates")
    assert said.status == 3
    assert "MIXED_CANDIDATE candidate.commit" in said.out
    assert "staged" in said.out
    assert "held" in said.out


def test_the_same_packet_given_twice_is_one_packet(cli: Cli, ran: Ran, tmp_path: Path) -> None:
    packed = PacketBuilder.clean().write_zip(tmp_path, "packed")
    lines = cli("run", "--format", "json", SAMPLES / "clean", packed, SAMPLES / "clean").lines
    assert [line["path"] for line in lines] == [str(SAMPLES / "clean"), str(packed), str(SAMPLES / "clean")]
    assert {line["packet_id"] for line in lines} == {ran[0]["packet_id"]}
    assert len({line["revision"] for line in lines}) == 1


def test_a_run_under_another_policy_is_another_revision_and_the_last_one_stands(cli: Cli, tmp_path: Path) -> None:
    text = POLICY.read_text().replace("vulnerability_scans: {max_age: 7d}", "vulnerability_scans: {max_age: 90d}")
    text = text.replace("vulnerability_database: {max_age: 5d}", "vulnerability_database: {max_age: 90d}")
    text = text.replace("  - {first: provenance_attestations, at: end, then: vulnerability_scans}\n", "")
    lenient = tmp_path / "lenient.yaml"
    lenient.write_text(text.replace("file: keys/", f"file: {POLICY.parent}/keys/"))
    stale = SAMPLES / "stale-scan"
    first = cli("run", "--format", "json", stale)
    second = cli("run", "--format", "json", "--policy", lenient, stale)
    third = cli("run", "--format", "json", stale)
    assert [(said.status, said.lines[0]["outcome"], said.lines[0]["revision"]) for said in (first, second, third)] == [
        (3, "held", 1),
        (0, "staged", 2),
        (3, "held", 3),
    ]


# --- what is wrong is told in one line ----------------------------------------------------------------------------------


def test_a_missing_packet_is_bad_usage(cli: Cli, tmp_path: Path) -> None:
    for command in ("run", "submit", "inspect"):
        assert "nothing-here" in cli(command, tmp_path / "nothing-here").refused()


def test_no_arguments_and_unknown_commands_are_bad_usage(cli: Cli) -> None:
    assert "PATH..." in cli("run").refused()
    assert "nonsense" in cli("nonsense").refused()
    assert "--nonsense" in cli("run", "--nonsense", SAMPLES / "clean").refused()
    assert "'xml'" in cli("rules", "--format", "xml").refused()
    assert "nobody" in cli("holds", "--role", "nobody").refused()


def _policy(old: str, new: str) -> tuple[str, int]:
    """The policy with one place changed, and the line where that stands."""
    text = POLICY.read_text()
    assert text.count(old) == 1
    return text.replace(old, new), 1 + text[: text.index(old)].count("\n")


BROKEN_POLICIES = {
    "no YAML": (("version: 1\nfreshness: [\n", 3), "not valid YAML"),
    "a member nobody knows": (_policy("version: 1\n", "unheard_of: 1\nversion: 1\n"), "unheard_of"),
    "a span that is none": (_policy("exercised_within: 90d", "exercised_within: soon"), "rollback.exercised_within"),
    "a pattern that is none": (_policy("'(?i)credential'", "'(?i)credential('"), "secret_change_patterns.keys.2"),
    "a code that is none": (_policy("  codes: {}", "  codes: {NONSENSE: true}"), "NONSENSE"),
}


@pytest.mark.parametrize("what", sorted(BROKEN_POLICIES))
def test_a_broken_policy_is_told_by_file_line_and_key(what: str, cli: Cli, tmp_path: Path) -> None:
    (text, line), key = BROKEN_POLICIES[what]
    file = tmp_path / "policy.yaml"
    file.write_text(text)
    told = cli("run", "--policy", file, SAMPLES / "clean").refused()
    assert "policy.yaml" in told
    assert key in told
    assert f":{line}:" in told or f"line {line}" in told


def test_an_empty_policy_and_one_without_its_keys_are_refused(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text("")
    assert "policy.yaml" in cli("run", "--policy", file, SAMPLES / "clean").refused()
    file.write_bytes(POLICY.read_bytes())
    assert "keys/acme-pay-builder.pem" in cli("run", "--policy", file, SAMPLES / "clean").refused()


def test_a_policy_file_that_is_a_folder_or_not_there_is_bad_usage(cli: Cli, tmp_path: Path) -> None:
    assert str(tmp_path) in cli("run", "--policy", tmp_path, SAMPLES / "clean").refused()
    assert "none.yaml" in cli("run", "--policy", tmp_path / "none.yaml", SAMPLES / "clean").refused()


def test_broken_registries_are_told_by_file_and_key(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for file in (ROOT / "data/registries").iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    services = tmp_path / "services.yaml"
    services.write_text(services.read_text() + "\nunheard_of: true\n")
    monkeypatch.setenv("RELEASE_STAGING_REGISTRIES", str(tmp_path))
    told = cli("run", SAMPLES / "clean").refused()
    assert "services.yaml" in told
    assert "unheard_of" in told


def test_an_unknown_contract_is_told_with_those_there_are(cli: Cli) -> None:
    for wrong in ("9.9.9", "latest", "../1.0.0"):
        told = cli("run", "--contract", wrong, SAMPLES / "clean").refused()
        assert wrong in told
        assert "1.0.0" in told
    assert "9.9.9" in cli("contracts", "diff", "1.0.0", "9.9.9").refused()


def test_an_unknown_packet_is_told_with_what_to_give(cli: Cli) -> None:
    for command in ("show", "verify"):
        told = cli(command, "no-such-packet").refused(1)
        assert "no-such-packet" in told
        assert "sha256:" in told


def test_a_name_that_fits_several_packets_lists_them(cli: Cli, ran: Ran) -> None:
    told = cli("show", "billing-api").refused(1)
    assert ran[0]["packet_id"] in told
    assert "give more of the id" in told


def test_a_database_that_does_not_answer_is_told_without_its_password(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELEASE_STAGING_DATABASE_URL", "postgresql://somebody:hush@127.0.0.1:9/staging")
    told = cli("holds").refused(1)
    assert "hush" not in told
    monkeypatch.setenv("RELEASE_STAGING_DATABASE_URL", "mysql://somebody:hush@127.0.0.1:9/staging")
    told = cli("holds").refused(1)
    assert "PostgreSQL" in told
    assert "hush" not in told


def test_a_run_that_fails_says_why(cli: Cli, tmp_path: Path) -> None:
    """Records cannot be written below a file: the machinery's trouble, not the packet's."""
    (tmp_path / "file").touch()
    said = cli("run", "--output", tmp_path / "file" / "records", SAMPLES / "clean")
    assert said.status == 1
    [told] = [line for line in said.err.splitlines() if line.startswith("release-staging:")]
    assert "Not a directory" in told
    assert str(tmp_path / "file") in told
    assert "Traceback" not in said.err


def test_a_packet_with_an_unusable_name_is_told_beside_the_others(cli: Cli, tmp_path: Path) -> None:
    wrong = PacketBuilder.clean().descriptor(id="../climbing").write_zip(tmp_path, "wrong")
    said = cli("run", "--format", "json", wrong, SAMPLES / "clean")
    assert said.status == 2
    assert [line["outcome"] for line in said.lines] == ["staged"]
    [told] = [line for line in said.err.splitlines() if "wrong.zip" in line]
    assert "name the packet anew" in told
    assert wrong.exists(), "run leaves packets where they are"
    assert "wrong" in cli("submit", wrong).refused()


# --- show, holds, verify ------------------------------------------------------------------------------------------------


def store_of(home: Path) -> StagingStore:
    with databases(home, {}) as found:
        return StagingStore(engine(found.staging))


def test_show_json_is_the_stored_document_to_the_byte(cli: Cli, ran: Ran, home: Path) -> None:
    for line in ran:
        stored = store_of(home).latest(line["packet_id"])
        assert stored is not None
        for name in (line["packet_id"], stored.document_digest, json.loads(stored.body)["record_id"]):
            assert cli("show", name, "--format", "json").out == stored.body + "\n"


def test_show_in_toto_carries_the_record_under_the_digests_of_its_artifacts(cli: Cli, ran: Ran) -> None:
    [statement] = cli("show", ran[0]["packet_id"], "--format", "in-toto").lines
    [shown] = cli("show", ran[0]["packet_id"], "--format", "json").lines
    assert statement["_type"] == "https://in-toto.io/Statement/v1"
    assert statement["predicate"] == shown
    assert ["sha256:" + one["digest"]["sha256"] for one in statement["subject"]] == [one["digest"] for one in shown["artifacts"]]
    assert "held" in cli("show", ran[1]["packet_id"], "--format", "in-toto").refused()


def test_show_for_people_says_outcome_reasons_and_places(cli: Cli, ran: Ran) -> None:
    held = cli("show", ran[1]["packet_id"]).out
    assert "MIXED_CANDIDATE" in held
    assert "json-pointer:/head_sha" in held
    assert "ci/run.json" in held
    assert "4.12.0-rc.3" in cli("show", ran[0]["packet_id"]).out


HOSTILE = "<script>alert(1)</script> [x](javascript:y) ![i](http://h/p) `c` **b** | \x1b[31m\u202e"


def test_show_for_people_shows_hostile_text_as_text(cli: Cli, tmp_path: Path) -> None:
    packet = PacketBuilder.clean().descriptor(id="hostile-text")
    path = "incidents/<img src=x onerror=alert(1)>`[a](b).md"
    packet = packet.edit_json("release-manifest.json", "/artifacts/0/name", HOSTILE.replace("\x1b", "").replace("\u202e", ""))
    packet = packet.rename("incidents/INC-2031.md", path).edit_text(path, "# INC-2031: delayed invoices", f"# INC-2031: {HOSTILE[:100]}")
    [line] = cli("run", "--format", "json", packet.write_zip(tmp_path)).lines
    shown = cli("show", line["packet_id"]).out
    assert "script" in shown
    for markup in ("<script>", "<img", "](javascript:", "](http://h/p)", "\x1b", "\u202e", "**b**"):
        bare = "\n".join(_outside_code(text) for text in shown.splitlines())
        assert markup not in bare, markup


def _outside_code(line: str) -> str:
    """A line without its code spans, which show any text as it is, and without what a backslash makes text."""
    return re.sub(r"\\.", "", re.sub(r"(?<!\\)(`+)(?!`).*?(?<!`)\1(?!`)", "", line))


def test_holds_lists_what_is_held_and_for_whom(cli: Cli, ran: Ran) -> None:
    held = {line["packet_id"]: line for line in cli("holds", "--format", "json").lines}
    assert ran[0]["packet_id"] not in held
    assert {one["code"] for one in held[ran[1]["packet_id"]]["exceptions"]} == {"MIXED_CANDIDATE"}
    for role in Role:
        for line in cli("holds", "--role", role.value, "--format", "json").lines:
            assert {one["owner"] for one in line["exceptions"]} == {role.value}
    security = {line["packet_id"] for line in cli("holds", "--role", "security_reviewer", "--format", "json").lines}
    assert ran[2]["packet_id"] in security
    assert ran[1]["packet_id"] not in security
    shown = cli("holds").out
    assert "MIXED_CANDIDATE" in shown
    assert f"next: release-staging show {ran[1]['packet_id']}" in shown
    assert "What to do:" in shown


HOLD = {"packet_id": str, "revision": int, "since": str, "contract": str, "exceptions": list}
HOLD |= {"age_seconds": int, "revised": str, "roles": dict, "next": str, "overdue": list}


def test_holds_for_scripts_say_since_when_and_what_to_do_next(cli: Cli, ran: Ran) -> None:
    lines = cli("holds", "--format", "json").lines
    assert [line["since"] for line in lines] == sorted(line["since"] for line in lines)
    for line in lines:
        assert {name: type(value) for name, value in line.items()} == HOLD
        assert sum(line["roles"].values()) == len(line["exceptions"])
        assert all(one["remedy"] for one in line["exceptions"])
    [mixed] = [line for line in lines if line["packet_id"] == ran[1]["packet_id"]]
    assert cli(*mixed["next"].split()[1:]).status == 0


def test_verify_leads_every_place_back(cli: Cli, ran: Ran) -> None:
    for line in ran:
        for record in (line["packet_id"], line["document"]):
            [verified] = cli("verify", "--format", "json", record).lines
            assert verified["verified"] is True
            assert verified["troubles"] == []
            assert verified["places"] > 50
    assert "places lead to what the record says" in cli("verify", ran[0]["packet_id"]).out


def changed(record: dict[str, Any], pointer: str) -> dict[str, Any]:
    *way, last = pointer[1:].split("/")
    place: Any = record
    for part in way:
        place = place[int(part)] if isinstance(place, list) else place[part]
    key: Any = int(last) if isinstance(place, list) else last
    place[key] = {str: lambda value: value + "0", int: lambda value: value + 1, type(None): lambda _: "x"}[type(place[key])](place[key])
    return record


CHANGES = ("/candidate/version", "/tests/results/0/passed", "/vulnerabilities/counts/critical", "/rollback/version")


@pytest.mark.parametrize("pointer", CHANGES)
def test_verify_finds_one_changed_value(pointer: str, cli: Cli, ran: Ran, tmp_path: Path) -> None:
    file = tmp_path / "record.json"
    file.write_text(json.dumps(changed(json.loads(Path(ran[0]["document"]).read_bytes()), pointer)))
    said = cli("verify", file)
    assert said.status == 1
    assert "record_id: the document was changed" in said.out


def test_verify_finds_a_quotation_that_is_not_the_documents(cli: Cli, ran: Ran, tmp_path: Path) -> None:
    """Even where whoever changed it made the id anew."""
    from release_staging.record.handoff import record_id

    record = json.loads(Path(ran[0]["document"]).read_bytes())
    record["field_provenance"]["/candidate/version"]["evidence"][0]["source_value"] = "4.12.0-rc.4"
    record["record_id"] = record_id(record)
    file = tmp_path / "record.json"
    file.write_text(json.dumps(record))
    said = cli("verify", file)
    assert said.status == 1
    assert said.out == "/candidate/version: another value stands at its locator now\n"


NOT_RECORDS = {
    "no JSON": b"{",
    "JSON of something else": b'{"a": 1}',
    "a list": b"[]",
    "only an id": b'{"record_id": "sha256:0"}',
    "a future contract": b'{"record_id": "x", "contract": "7.0.0", "exceptions": [], "field_provenance": {}}',
    "the right names, the wrong types": b'{"record_id": 1, "contract": "1.0.0", "exceptions": 3, "field_provenance": [], "evidence": {}}',
    "the right names, nothing in them": b'{"record_id": "x", "contract": "1.0.0", "exceptions": [], "field_provenance": {}}',
    "nothing": b"",
}


@pytest.mark.parametrize("what", sorted(NOT_RECORDS))
def test_verify_says_of_another_file_that_it_is_no_record(what: str, cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "other.json"
    file.write_bytes(NOT_RECORDS[what])
    said = cli("verify", file)
    assert said.status in (1, 2)
    assert "Traceback" not in said.err
    assert "KeyError" not in said.err + said.out
    assert "TypeError" not in said.err + said.out
    assert "AttributeError" not in said.err + said.out


# --- submit -------------------------------------------------------------------------------------------------------------


def test_submit_acknowledges_each_packet_and_puts_it_into_the_intake_whole(
    cli: Cli, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ran: Ran
) -> None:
    monkeypatch.setenv("RELEASE_STAGING_INTAKE", str(tmp_path / "intake"))
    packed = PacketBuilder.sample("stale-scan").write_tar_gz(tmp_path)
    lines = cli("submit", SAMPLES / "clean", packed).lines
    assert [set(line) for line in lines] == [{"packet_id", "digest"}] * 2
    assert lines[0]["packet_id"] == ran[0]["packet_id"], "the acknowledgement names the packet as its outcome will"
    assert lines == cli("submit", SAMPLES / "clean", packed).lines
    arrived = candidates(tmp_path / "intake", Watermark(), settle_ns=0)
    assert sorted(entry.path.name for entry in arrived) == sorted([lines[0]["packet_id"], lines[1]["packet_id"] + ".tar.gz"])


# --- inspect ------------------------------------------------------------------------------------------------------------

INSPECTION = {"path", "source", "format", "claims", "rows", "loss", "problems"}


def assert_inspection(line: dict[str, Any]) -> None:
    assert set(line) == INSPECTION
    assert set(line["loss"]) == {"mapped", "summarised", "dropped", "not_understood"}
    assert (line["source"] is None) == (line["format"] is None)
    assert line["source"] is None or line["source"] in SOURCE_BY_NAME
    for claim in line["claims"]:
        assert set(claim) == {"field", "value", "locator"}
    assert line["format"] is not None or line["problems"], "what is not read is told why"


def test_inspect_says_of_every_sample_document_what_the_descriptor_says(cli: Cli) -> None:
    entries = PacketBuilder.clean().said["documents"]
    lines = cli("inspect", "--format", "json", *(SAMPLES / "clean" / entry["path"] for entry in entries)).lines
    assert len(lines) == len(entries)
    for entry, line in zip(entries, lines, strict=True):
        assert_inspection(line)
        assert line["source"] == entry["source"]
        assert split_id(line["format"])[0] == entry["format"]
        assert line["path"] == str(SAMPLES / "clean" / entry["path"])
        assert line["claims"] or line["rows"]


def test_inspect_for_people_names_format_claims_and_what_was_not_understood(cli: Cli) -> None:
    said = cli("inspect", SAMPLES / "clean/ci/run.json", SAMPLES / "unreadable-scan/scans/trivy.json")
    assert said.status == 0
    for told in ("github-actions-run", "candidate.commit", "/head_sha", "not understood", "EVIDENCE_UNREADABLE"):
        assert told in said.out


def test_inspect_reads_any_file_without_a_traceback(cli: Cli, tmp_path: Path) -> None:
    files = {
        "empty.json": b"",
        "spaces.txt": b"  \n\t",
        "binary": bytes(range(256)),
        "deep.json": b"[" * 100_000 + b"]" * 100_000,
        "twice.json": b'{"a": 1, "a": 2}',
        "nan.json": b'{"a": NaN}',
        "utf16.json": '{"a": 1}'.encode("utf-16"),
        "bom.json": b'\xef\xbb\xbf{"a": 1}',
        "doctype.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        "alias.yaml": b"a: &x [1]\nb: *x\n",
        "archive.zip": b"PK\x03\x04",
        "-rf": b"{}",
        "new\nline": b"{}",
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    said = cli("inspect", "--format", "json", "--", *(tmp_path / name for name in files))
    assert said.status == 0, said.err
    assert len(said.lines) == len(files)
    for line in said.lines:
        assert_inspection(line)
    assert cli("inspect", "--", *(tmp_path / name for name in files)).status == 0


def test_inspect_of_a_folder_is_bad_usage(cli: Cli, tmp_path: Path) -> None:
    assert "directory" in cli("inspect", tmp_path).refused()


def test_inspect_takes_every_file_of_the_corpus(cli: Cli) -> None:
    """A sample of it: real files of every kind, one line each."""
    root = os.environ.get("RELEASE_STAGING_CORPUS")
    if not root:
        pytest.skip("RELEASE_STAGING_CORPUS is not set")
    found = sorted(path for path in Path(root).rglob("*") if path.is_file() and path.stat().st_size < 1_000_000)
    sampled = found[:: max(1, len(found) // 150)]
    said = cli("inspect", "--format", "json", *sampled)
    assert said.status == 0
    assert said.err == ""
    assert [line["path"] for line in said.lines] == list(map(str, sampled))
    for line in said.lines:
        assert_inspection(line)


# --- lists --------------------------------------------------------------------------------------------------------------


def test_formats_lists_every_reader(cli: Cli) -> None:
    lines = cli("formats", "--format", "json").lines
    assert [line["format"] for line in lines] == [reader.format for reader in readers()]
    for line in lines:
        assert set(line) == {"source", "format", "versions", "dialects", "title", "media_type", "encodings", "reference", "reader"}
        assert line["source"] in SOURCE_BY_NAME
        assert line["title"]
    people = cli("formats").out
    assert f"{len(lines)} formats" in people
    assert "junit-xml" in people


def test_rules_lists_every_rule_with_remedy_and_owner(cli: Cli) -> None:
    lines = cli("rules", "--format", "json").lines
    assert [line["rule"] for line in lines] == [rule.name for rule in rules()]
    for line in lines:
        assert set(line) == {"rule", "code", "title", "looks_at", "remedy", "owner", "blocking", "revision"}
        assert line["remedy"].endswith(".")
        assert line["owner"] in set(Role)
    assert {line["code"] for line in lines} >= set(Code) - {"TRACE_INCOMPLETE"}
    assert "MIXED_CANDIDATE" in cli("rules").out


def test_contracts_lists_versions_and_a_version_does_not_differ_from_itself(cli: Cli) -> None:
    [first, *_] = cli("contracts", "--format", "json").lines
    assert first["contract"] == "1.0.0"
    assert 0 < first["required"] < first["fields"]
    [same] = cli("contracts", "diff", "--format", "json", "1.0.0", "1.0.0").lines
    assert same == {"before": "1.0.0", "after": "1.0.0", "bump": "patch", "changes": []}
    assert "1.0.0" in cli("contracts").out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_what_it_does(command: str, cli: Cli) -> None:
    said = cli(command, "--help")
    assert said.status == 0
    assert said.out.startswith(f"Usage: release-staging {command}")
    assert len(said.out.splitlines()) > 4
    assert said.err == ""


def test_the_program_lists_its_commands_and_exit_statuses(cli: Cli) -> None:
    said = cli("--help")
    for command in COMMANDS:
        assert f"\n  {command} " in said.out
    assert "Exit status" in said.out
    assert cli("--version").out.strip().endswith("0.1.0")
