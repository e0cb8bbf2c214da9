"""The laws of the product, over variants of the clean packet: what may change an outcome, what may not, and what never passes."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from lxml import etree

from release_staging.evidence.resolve import Resolver
from release_staging.model.gathered import Gathered
from release_staging.parsing import yaml
from release_staging.parsing.xml_elements import Element
from release_staging.record import contract
from tests.packets import SAMPLES, PacketBuilder
from tests.staging_domain import Staged, policy, stage, stage_path

CLEAN = PacketBuilder.clean()
EXPECTED = json.loads((SAMPLES / "expected.json").read_text())
HELD = sorted(name for name, expected in EXPECTED.items() if expected["outcome"] == "held")
ROOT = Path(__file__).resolve().parents[2]

# A packet takes a good part of a second: few examples, and no time on making a counterexample smaller than it is.
few = settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def of_source(source: str) -> list[str]:
    return [entry["path"] for entry in CLEAN.said["documents"] if entry["source"] == source]


def without(*paths: str) -> PacketBuilder:
    packet = CLEAN
    for path in paths:
        packet = packet.without(path)
    return packet


def record(staged: Staged) -> dict[str, Any]:
    return json.loads(staged.outcome.body)


# --- what is missing ----------------------------------------------------------------------------------------------------

REQUIRED = sorted(policy().required_sources)


@few
@given(st.sets(st.sampled_from(REQUIRED), min_size=1, max_size=4))
def test_a_packet_without_a_required_source_is_held_by_its_name(missing: set[str]) -> None:
    staged = stage(without(*(path for source in missing for path in of_source(source))))
    assert staged.held
    told = {one.subject for one in staged.outcome.exceptions if one.code == "EVIDENCE_MISSING" and one.blocking}
    assert told == missing


def test_every_required_source_is_in_the_clean_packet_and_is_missed_from_an_empty_one() -> None:
    assert all(of_source(source) for source in REQUIRED)
    staged = stage(PacketBuilder({}, {**CLEAN.said, "documents": []}))
    assert {one.subject for one in staged.outcome.exceptions if one.code == "EVIDENCE_MISSING"} == {*REQUIRED, "documents"}


@pytest.mark.parametrize("level", policy().required_test_levels)
def test_a_packet_without_a_required_test_level_is_held_by_its_name(level: str) -> None:
    staged = stage(without(*(entry["path"] for entry in CLEAN.said["documents"] if entry.get("level") == level)))
    assert [one.subject for one in staged.outcome.exceptions if one.blocking] == [f"test_reports: {level}"]


@pytest.mark.parametrize("path", sorted(CLEAN.documents))
def test_an_emptied_document_never_passes_for_a_clean_one(path: str) -> None:
    """Not read is not clean: neither nothing, nor an empty shell of the same encoding."""
    assert "EVIDENCE_EMPTY" in stage(CLEAN.replace(path, b"")).blocking
    shell = {"json": b"{}", "sarif": b"{}", "yaml": b"{}", "xml": b"<testsuites/>"}.get(path.rpartition(".")[2], b"\n")
    assert stage(CLEAN.replace(path, shell)).held


def _another_page(path: str) -> bytes:
    """The jobs of a run, of which this file holds only a part."""
    return json.dumps({**json.loads(CLEAN.documents[path]), "total_count": 500}).encode()


NOTED = {
    "no descriptor": (CLEAN.without("packet.yaml"), "EVIDENCE_MISSING"),
    "nothing but a descriptor": (PacketBuilder({}, {**CLEAN.said, "documents": []}), "EVIDENCE_MISSING"),
    "a descriptor with a member that nobody knows": (CLEAN.descriptor(approved_by="somebody"), "SCHEMA_INVALID"),
    "a descriptor without a version": (CLEAN.descriptor(candidate={"version": None}), "SCHEMA_INVALID"),
    "a document described twice": (
        CLEAN.descriptor(documents=[*CLEAN.said["documents"], {"path": "ci/jobs.json"}]),
        "SCHEMA_INVALID",
    ),
    "one page of several": (CLEAN.replace("ci/jobs.json", _another_page("ci/jobs.json")), "EVIDENCE_MISSING"),
    "a document that is not the declared one": (CLEAN.replace("ci/jobs.json", b"[]", stale=True), "DIGEST_MISMATCH"),
    "a link that no store resolves": (
        CLEAN.descriptor(links=[{"name": "linked.json", "url": "file:///nowhere", "sha256": "0" * 64}]),
        "LINK_UNRESOLVED",
    ),
}


@pytest.mark.parametrize("what", sorted(NOTED))
def test_whatever_was_noted_about_a_packet_holds_it(what: str) -> None:
    packet, code = NOTED[what]
    staged = stage(packet)
    assert code in staged.blocking
    assert_nothing_is_silent(staged)


# --- contradictions -----------------------------------------------------------------------------------------------------

OTHER = "a" * 40


def _report(**properties: str) -> bytes:
    listed = "".join(f'<property name="{name}" value="{value}" />' for name, value in properties.items())
    return (
        '<testsuites name="pytest tests"><testsuite name="pytest" tests="1" failures="0" errors="0" skipped="0">'
        f'<properties>{listed}</properties><testcase classname="a" name="b" time="0.1" /></testsuite></testsuites>'
    ).encode()


def _edited(path: str, **changes: Any) -> bytes:
    return json.dumps({**json.loads(CLEAN.documents[path]), **changes}).encode()


def _scan_of(digest: bytes) -> bytes:
    """The scan, of an image whose index and configuration have another digest."""
    scan = CLEAN.documents["scans/trivy.json"]
    said = json.loads(scan)["Metadata"]
    for own in (said["ImageID"], said["RepoDigests"][0].partition("@")[2]):
        scan = scan.replace(own.encode(), b"sha256:" + digest)
    return scan


CONTRADICTING = {
    "a report of another version": ("more/report.xml", _report(version="9.9.9")),
    "a report of another commit": ("more/report.xml", _report(commit=OTHER)),
    "a manifest of another version": ("more/manifest.json", _edited("release-manifest.json", version="4.12.0-rc.9")),
    "a manifest for other environments": ("more/manifest.json", _edited("release-manifest.json", environments=["staging-eu"])),
    "a manifest with another way back": (
        "more/manifest.json",
        _edited("release-manifest.json", rollback={"version": "4.10.0"}),
    ),
    "a run of another commit": ("more/run.json", _edited("ci/run.json", head_sha=OTHER)),
    "a scan of another image": ("more/trivy.json", _scan_of(b"b" * 64)),
}


@pytest.mark.parametrize("what", sorted(CONTRADICTING))
def test_a_contradicting_document_holds_the_clean_packet_and_every_side_is_kept(what: str) -> None:
    path, data = CONTRADICTING[what]
    staged = stage(CLEAN.add(path, data))
    assert {"CONTRADICTION", "MIXED_CANDIDATE"} & set(staged.blocking)
    told = [one for one in staged.outcome.exceptions if one.code in ("CONTRADICTION", "MIXED_CANDIDATE")]
    assert any(evidence.path == path for one in told for evidence in one.evidence)
    sides = record(staged)["contradictions"]
    assert all(len(one["sides"]) > 1 and one["adjudication"] is None for one in sides)


@settings(few, max_examples=20)
@given(st.sampled_from(HELD), st.sets(st.sampled_from(sorted(CONTRADICTING)), min_size=1, max_size=2))
def test_a_contradicting_document_never_turns_a_hold_into_a_record(name: str, added: set[str]) -> None:
    """Only what is missing can be mended by adding: the sample without a way back does not contradict a manifest that names one."""
    assume((name, added) != ("required-field-missing", {"a manifest with another way back"}))
    packet = PacketBuilder.sample(name)
    for number, what in enumerate(sorted(added)):
        path, data = CONTRADICTING[what]
        packet = packet.add(f"{number}/{path}", data)
    assert stage(packet).held


@settings(few, max_examples=20)
@given(st.sampled_from(HELD), st.sets(st.sampled_from(sorted(CLEAN.documents)), min_size=1, max_size=3))
def test_the_clean_document_beside_a_faulty_one_never_hides_the_fault(name: str, added: set[str]) -> None:
    """Only what is missing can be mended by adding: a required field, and the evidence of a conclusion."""
    packet = PacketBuilder.sample(name)
    for path in added:
        packet = packet.add(f"again/{path}", CLEAN.documents[path])
    if name != "required-field-missing":
        assert stage(packet).held


# --- names, order, packing ----------------------------------------------------------------------------------------------

# A note cites documents of the packet by their paths: these names mean something.
CITED = {"load/k6-summary.json", "tests/unit.xml"}
_NAMES = st.text(st.sampled_from("abcdefgXYZ0189-_. éß漢"), min_size=1, max_size=12).map(lambda text: "n" + text.strip(" .") + "n")
_PATHS = st.lists(_NAMES, min_size=1, max_size=3).map("/".join)


def essence(staged: Staged) -> Any:
    """A record or hold without the names of documents and packet. Lists are sorted: their order depends on the digest of the
    descriptor, which names the documents and so is another after they were renamed.
    """
    named = {row["document"]: row["path"] for row in staged.tables["documents"].to_pylist()}
    [described_by] = [document for document, path in named.items() if path == "packet.yaml"]
    document = json.loads(staged.outcome.body.replace(described_by.encode(), b"sha256:descriptor"))
    return _nameless({name: value for name, value in document.items() if name not in ("packet", "record_id")})


def _nameless(value: Any) -> Any:
    if isinstance(value, dict):
        names = ("path", "subject", "message", "summary", "bytes", "size")
        return {key: _nameless(below) for key, below in value.items() if key not in names}
    return sorted(map(_nameless, value), key=json.dumps) if isinstance(value, list) else value


@few
@given(st.sampled_from(["clean", *HELD]), st.data())
def test_renaming_and_permuting_documents_changes_nothing_but_their_names(name: str, data: st.DataObject) -> None:
    packet = PacketBuilder.sample(name)
    chosen = data.draw(st.sets(st.sampled_from(sorted(packet.documents.keys() - CITED)), min_size=1, max_size=12))
    new = data.draw(st.lists(_PATHS, min_size=len(chosen), max_size=len(chosen), unique_by=lambda path: path.casefold()))
    renamed = packet
    for number, (old, path) in enumerate(zip(sorted(chosen), new, strict=True)):
        renamed = renamed.rename(old, f"{number}{path}{Path(old).suffix}")
    entries = data.draw(st.permutations(renamed.said["documents"]))
    assert essence(stage(renamed.descriptor(documents=entries))) == essence(stage(packet))


def test_no_order_of_digests_decides_what_is_said_of_a_value() -> None:
    """The descriptor's digest is another with each name of a document, and falls before and after all the others."""
    told = {json.dumps(essence(stage(CLEAN.rename("catalog/catalog-info.yaml", f"{number}.yaml")))) for number in range(16)}
    assert len(told) == 1


@few
@given(st.sampled_from(["clean", *HELD]), st.sampled_from(["zip", "tar", "bag", "bag in zip", "within a folder"]))
def test_packing_a_packet_another_way_gives_the_same_bytes(name: str, form: str) -> None:
    packet = PacketBuilder.sample(name)
    with TemporaryDirectory() as folder:
        root = Path(folder)
        if form == "bag in zip":
            bag = packet.write_bag(root)
            content = {path.relative_to(root).as_posix(): path.read_bytes() for path in bag.rglob("*") if path.is_file()}
            path = PacketBuilder(content, {}, absent=True).write_zip(root, "packed")
        elif form == "within a folder":
            path = PacketBuilder({f"top/{name}": data for name, data in packet.files.items()}, {}, absent=True).write_tar_gz(root, "packed")
        else:
            path = {"zip": packet.write_zip, "tar": packet.write_tar_gz, "bag": packet.write_bag}[form](root, "packed")
        assert stage_path(path).outcome.body == stage(packet).outcome.body


@few
@given(st.sampled_from(["clean", *HELD]), st.sampled_from(sorted(CLEAN.documents)))
def test_a_document_that_is_there_twice_is_there_once(name: str, path: str) -> None:
    packet = PacketBuilder.sample(name)
    if path in packet.documents:
        [entry] = [entry for entry in packet.said["documents"] if entry["path"] == path]
        twice = packet.add(f"zzz/{Path(path).name}", packet.documents[path], **{k: v for k, v in entry.items() if k != "path"})
        assert (stage(twice).outcome.outcome, stage(twice).blocking) == (stage(packet).outcome.outcome, stage(packet).blocking)


# --- determinism --------------------------------------------------------------------------------------------------------

DIGESTS = """
from tests.staging_domain import stage
from tests.packets import PacketBuilder
for name in {names}:
    print(stage(PacketBuilder.sample(name)).outcome.document_digest)
"""


def test_the_same_packet_gives_the_same_bytes_in_every_process() -> None:
    names = ["clean", "test-version-disagreement", "disclosure-customer-data"]
    told = [
        subprocess.run(
            [sys.executable, "-c", DIGESTS.format(names=names)],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
        ).stdout.split()
        for seed, zone in (("1", "UTC"), ("2", "Pacific/Auckland"))
    ]
    here = [stage(PacketBuilder.sample(name)).outcome.document_digest for name in names]
    assert told == [here, here]


# --- ledger and locators ------------------------------------------------------------------------------------------------


def leaves(value: Any) -> int:
    below = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    return sum(map(leaves, below)) or 1


def elements(path: str, data: bytes) -> int:
    """What there is to understand in a document, counted without its reader."""
    if path.endswith((".json", ".sarif")):
        content = json.loads(data)
        return leaves(content) + (leaves(json.loads(base64.b64decode(content["payload"]))) if path.endswith(".dsse.json") else 0)
    if path.endswith(".yaml"):
        return sum(map(leaves, yaml.parse_all(data)))
    if path.endswith(".xml"):
        return sum(len(element.attrib) + bool((element.text or "").strip()) for element in etree.fromstring(data).iter())
    text = data.decode()
    if text.startswith("---\n"):
        front, _, text = text[4:].partition("\n---\n")
        return leaves(yaml.parse(front.encode())) + len(["---", "---"]) + sum(bool(line.strip()) for line in text.splitlines())
    return sum(bool(line.strip()) for line in text.splitlines())


def assert_nothing_is_silent(staged: Staged) -> None:
    """What opening, reading and normalising noted is among the exceptions."""
    told = {(one.code.value, one.message) for one in staged.outcome.exceptions}
    assert {(row["code"], row["message"]) for row in staged.tables["problems"].to_pylist()} <= told


def at_every_place(staged: Staged) -> None:
    """Each locator in the tables and in the finished document leads to a place; a claim's to the very words of its source value."""
    resolvers = {document: Resolver(data) for document, data in staged.memory.documents.items()}
    for name, table in staged.tables.items():
        for row in table.to_pylist() if "locator" in table.column_names else ():
            if row["locator"] is not None:
                text = resolvers[row["document"]].value(row["locator"])
                assert not isinstance(text, Element) or name not in ("claims", "sides"), row
                if name in ("claims", "sides"):
                    assert resolvers[row["document"]].text(row["locator"]) == row["source_value"], row
    document = record(staged)
    shown = [place for entry in document["field_provenance"].values() for place in entry["evidence"]]
    shown += [place for one in document["exceptions"] for place in one["evidence"]]
    shown += [place for one in document["contradictions"] for side in one["sides"] for place in side["evidence"]]
    for place in shown:
        assert place["document"] in staged.memory.documents
        if place["locator"] is not None:
            resolvers[place["document"]].value(place["locator"])


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_every_ledger_adds_up_and_every_locator_leads_somewhere(name: str) -> None:
    staged = stage(PacketBuilder.sample(name))
    counted: Counter[str] = Counter()
    for row in staged.tables["losses"].to_pylist():
        counted[row["document"]] += row["mapped"] + row["summarised"] + row["dropped"] + row["not_understood"]
    for row in staged.tables["documents"].to_pylist():
        if row["format"] is not None:
            assert counted[row["document"]] == elements(row["path"], staged.memory.get(row["document"])), row["path"]
    at_every_place(staged)
    assert_nothing_is_silent(staged)
    told = {one["document"]: sum(one["loss"].values()) for one in record(staged)["evidence"]}
    assert told == {document: counted[document] for document in told}


# --- what never passes --------------------------------------------------------------------------------------------------

_WORDS = st.one_of(
    st.sampled_from(["skipped", "pending", "other", "inconclusive", "unknown", "notrun", "PASSED?", "", " ", "null", "ok-ish", "xpassed"]),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=12),
).filter(lambda word: word.strip().casefold() not in ("passed", "flaky", "failed"))


def results(staged: Staged, level: str) -> dict[str, Any]:
    [found] = [one for one in record(staged)["tests"]["results"] if one["level"] == level]
    return found


@few
@given(_WORDS)
def test_a_test_status_that_does_not_say_passed_is_never_a_pass(word: str) -> None:
    before = results(stage(CLEAN), "integration")
    changed = CLEAN.edit_json("tests/integration.ctrf.json", "/results/tests/0/status", word)
    staged = stage(changed)
    after = results(staged, "integration") if record(staged)["tests"]["results"] else {"passed": 0}
    assert after["passed"] < before["passed"]


def test_a_skipped_case_is_never_a_pass_nor_a_test_that_ran() -> None:
    smoke = CLEAN.documents["tests/smoke.xml"].replace(b'skipped="0"', b'skipped="2"')
    for case in (b' time="0.309" />', b' time="0.296" />'):
        smoke = smoke.replace(case, b"><skipped/></testcase>")
    staged = stage(CLEAN.replace("tests/smoke.xml", smoke))
    found = results(staged, "smoke")
    assert (found["passed"], found["skipped"]) == (0, 2)
    assert [one.subject for one in staged.outcome.exceptions if one.blocking] == ["test_reports: smoke"]


def passed(staged: Staged, *way: str) -> int:
    """A count of the record; nothing where it could not be made."""
    found: Any = record(staged)
    for part in way:
        found = found[part]
    return found or 0


@few
@given(_WORDS.filter(lambda word: word.strip().casefold() != "success"))
def test_a_job_whose_conclusion_is_not_success_is_never_a_pass(word: str) -> None:
    staged = stage(CLEAN.edit_json("ci/jobs.json", "/jobs/0/conclusion", word))
    assert passed(staged, "pipeline", "jobs", "passed") < passed(stage(CLEAN), "pipeline", "jobs", "passed")


@few
@given(_WORDS.filter(lambda word: word.strip().casefold() != "pass"))
def test_a_policy_result_that_is_not_pass_is_never_a_pass(word: str) -> None:
    report = CLEAN.documents["policy/policyreport.yaml"].replace(b"result: pass", f"result: {json.dumps(word)}".encode(), 1)
    assert report != CLEAN.documents["policy/policyreport.yaml"]
    staged = stage(CLEAN.replace("policy/policyreport.yaml", report))
    assert passed(staged, "policy", "counts", "passed") < passed(stage(CLEAN), "policy", "counts", "passed")


@pytest.mark.parametrize("met", [False, None, "true", 1, {}])
def test_a_threshold_that_is_not_said_to_be_met_is_never_a_pass(met: Any) -> None:
    staged = stage(CLEAN.edit_json("load/k6-summary.json", "/metrics/http_req_duration/thresholds/p(95)<400/ok", met))
    assert results(staged, "load")["thresholds"]["passed"] < results(stage(CLEAN), "load")["thresholds"]["passed"]


_PHASES = st.one_of(
    st.sampled_from(["Inconclusive", "Error", "Pending", "Running", "Failed", "", "Success", "Unknown"]),
    st.text(st.sampled_from("SucesflPa "), min_size=1, max_size=10),
).filter(lambda word: word.strip().casefold() != "successful")


@few
@given(_PHASES)
def test_a_canary_that_does_not_say_successful_is_never_a_pass(phase: str) -> None:
    changed = CLEAN.edit_text("canary/analysisrun.yaml", "\n  phase: Successful\n", f"\n  phase: {json.dumps(phase)}\n")
    assert record(stage(changed))["canary"]["outcome"] != "passed"


def test_a_canary_without_a_phase_is_never_a_pass() -> None:
    staged = stage(CLEAN.edit_text("canary/analysisrun.yaml", "\n  phase: Successful\n", "\n"))
    assert staged.held
    assert record(staged)["canary"]["outcome"] != "passed"


def test_canaries_that_differ_are_inconclusive_at_best() -> None:
    other = CLEAN.documents["canary/analysisrun.yaml"].replace(b"\n  phase: Successful\n", b"\n  phase: Failed\n")
    assert record(stage(CLEAN.add("canary/other.yaml", other)))["canary"]["outcome"] != "passed"


# --- secrets ------------------------------------------------------------------------------------------------------------

TOKEN = "ghp_" + "x7Kq9ZpL2mN4vB8cD1fG3hJ5sT6wY0aErUiO"

LEAKING = {
    "in captured output": CLEAN.edit_json("tests/integration.ctrf.json", "/results/tests/0/stdout", [f"token {TOKEN}"]),
    "as a path": CLEAN.rename("catalog/catalog-info.yaml", f"catalog/{TOKEN}.yaml"),
    "as the path of an empty document": CLEAN.add(f"{TOKEN}.json", b""),
    "as the version": CLEAN.edit_json("release-manifest.json", "/version", TOKEN),
    "as the version to go back to": CLEAN.edit_json("release-manifest.json", "/rollback/version", TOKEN),
    "as a failed test": CLEAN.edit_text("tests/smoke.xml", 'computes_a_total" time="0.296" />', f'{TOKEN}"><failure/></testcase>'),
    "as a metric": CLEAN.edit_text("canary/analysisrun.yaml", "    name: latency-p95\n    phase", f"    name: {TOKEN}\n    phase"),
    "as an environment": CLEAN.descriptor(environments=["production-eu", TOKEN]),
    "as the service": CLEAN.descriptor(candidate={"service": TOKEN}),
    "as a declared format": CLEAN.entry("sbom/sbom.cdx.json", format=TOKEN),
    "as a declared source": CLEAN.entry("sbom/sbom.cdx.json", source=TOKEN),
    "as a member of the descriptor": CLEAN.descriptor(**{TOKEN: "x"}),
    "as a member name": CLEAN.edit_json("scans/trivy.json", f"/{TOKEN}", "x"),
    "as a member name that is there twice": CLEAN.replace("scans/trivy.json", f'{{"{TOKEN}": 1, "{TOKEN}": 2}}'.encode()),
    "as an environment of an incident": CLEAN.edit_text("incidents/INC-2031.md", "Environment: production-eu", f"Environment: {TOKEN}"),
    "in a link": CLEAN.descriptor(links=[{"name": "linked.json", "url": f"file:///exports/{TOKEN}", "sha256": "0" * 64}]),
}


@pytest.mark.parametrize("where", sorted(LEAKING))
def test_a_secret_that_was_found_stands_nowhere_in_what_is_handed_off_or_shown(where: str) -> None:
    staged = stage(LEAKING[where])
    assert "DISCLOSURE_SECRET" in staged.blocking
    assert contract.load(staged.outcome.contract).errors(record(staged), hold=True) == []
    assert TOKEN not in staged.outcome.body.decode()
    assert TOKEN not in repr(staged.outcome.exceptions)
    assert TOKEN not in repr(staged.draft.exceptions)  # the UI shows drafts, too
    assert TOKEN not in json.dumps(staged.draft.document)
    places = [evidence.locator for one in staged.outcome.exceptions if one.code == "DISCLOSURE_SECRET" for evidence in one.evidence]
    assert any(places) or where in ("as a path", "as the path of an empty document")


def test_the_packets_of_one_run_do_not_see_each_other() -> None:
    """The tables of two packets, put together, are those of each by itself."""
    one, other = stage(CLEAN), stage(PacketBuilder.sample("mixed-candidates"))
    for staged in (one, other):
        assert Gathered(staged.tables).packets == [staged.outcome.packet]
