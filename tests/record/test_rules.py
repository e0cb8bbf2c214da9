"""What holds a packet beyond the sample packets: times in order, the way back, and how strongly documents are bound."""

from __future__ import annotations

import json
from typing import Any

import pytest

from release_staging.config.policy import Binding, Policy, Rollback
from release_staging.config.trust import AcceptedBuilder
from release_staging.model.exceptions import Code
from tests.packets import PacketBuilder
from tests.staging_domain import policy, stage

CLEAN = PacketBuilder.clean()
UNIT, SMOKE, SCAN, RUNBOOK = "tests/unit.xml", "tests/smoke.xml", "scans/trivy.json", "rollback/runbook.md"
DIGEST = "sha256:950972d0920c9d2ce26f602816e51819b011524ff092ba2fe976704b6044ad6e"


def told(packet: PacketBuilder, by: Policy | None = None, *, blocking: bool = True) -> set[tuple[str, str]]:
    """Code and subject of each exception that holds the packet (or of those that do not)."""
    return {(one.code.value, one.subject) for one in stage(packet, by).outcome.exceptions if one.blocking is blocking}


def changed(**changes: Any) -> Policy:
    return policy().model_copy(update=changes)


def unit_at(time: str) -> PacketBuilder:
    return CLEAN.edit_text(UNIT, 'timestamp="2026-11-20T08:14:31.780398+00:00"', f'timestamp="{time}"')


# --- times --------------------------------------------------------------------------------------------------------------

OUT = "TIMESTAMP_OUT_OF_POLICY"


def test_tests_that_ended_before_the_pipeline_began_are_of_something_else() -> None:
    assert told(unit_at("2026-11-20T06:00:00Z")) == {(OUT, UNIT)}


def test_a_scan_from_before_the_build_was_done_is_of_something_else() -> None:
    assert told(CLEAN.edit_json(SCAN, "/CreatedAt", "2026-11-20T08:00:00Z")) == {(OUT, SCAN)}


def test_without_an_order_in_policy_nothing_is_out_of_order() -> None:
    assert told(unit_at("2026-11-20T06:00:00Z"), changed(order=())) == set()


def test_a_time_without_a_zone_is_noted_and_judged_for_every_zone() -> None:
    assert (OUT, UNIT) in told(unit_at("2026-11-20T08:14:31"), blocking=False)
    assert told(unit_at("2026-11-20T08:14:31")) == set()


def test_a_time_without_a_zone_that_is_too_old_in_some_zone_holds() -> None:
    edge = "2026-11-13T12:00:00"  # seven days before the effective time, give or take a zone
    assert (OUT, UNIT) in told(unit_at(edge), changed(order=()))


@pytest.mark.parametrize("time", ["${TIMESTAMP}", "yesterday", "2026-13-45T08:00:00Z", "9999999999999999999"])
def test_a_time_that_cannot_be_read_holds(time: str) -> None:
    assert told(unit_at(time)) == {(OUT, UNIT)}


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "1985-10-26T01:21:00Z", "9999-12-31T23:59:59Z"])
def test_an_absurd_time_holds(time: str) -> None:
    assert (OUT, SCAN) in told(CLEAN.edit_json(SCAN, "/CreatedAt", time))


def test_what_has_no_window_cannot_be_from_the_future_either() -> None:
    assert told(CLEAN.edit_json("release-manifest.json", "/createdAt", "2027-01-20T08:41:12Z")) == {(OUT, "release-manifest.json")}
    assert told(CLEAN.edit_json("config/plan.json", "/timestamp", "2027-01-20T08:41:12Z")) == {(OUT, "config/plan.json")}
    assert told(CLEAN.edit_json("config/plan.json", "/timestamp", "2020-01-20T08:41:12Z")) == set()


def test_what_ended_before_it_began_is_told_but_for_clocks_that_drift() -> None:
    canary = "canary/analysisrun.yaml"
    begun = 'phase: Successful\n  runSummary:\n    count: 2\n    successful: 2\n  startedAt: "2026-11-20T09:14:01Z"'
    assert told(CLEAN.edit_text(canary, begun, begun.replace("09:14:01", "09:55:00"))) == {(OUT, canary)}
    assert told(CLEAN.edit_text(canary, begun, begun.replace("09:14:01", "09:41:00"))) == set()


def test_a_vulnerability_database_whose_time_cannot_be_read_holds() -> None:
    grype = json.loads(CLEAN.documents["scans/grype.json"])
    at = "/descriptor/db/status/built" if "status" in grype["descriptor"]["db"] else "/descriptor/db/built"
    assert told(CLEAN.edit_json("scans/grype.json", at, "soon")) == {(OUT, "scans/grype.json")}


# --- the way back -------------------------------------------------------------------------------------------------------


def without_digest() -> PacketBuilder:
    runbook = CLEAN.edit_text(RUNBOOK, f'  digest: "{DIGEST}"\n', "")
    return runbook.remove_json("release-manifest.json", "/rollback/digest")


def test_a_rollback_to_an_artifact_that_only_a_tag_names_is_not_enough_where_policy_asks_for_a_digest() -> None:
    assert told(without_digest()) == {("REQUIRED_FIELD_MISSING", "rollback.artifact")}
    assert told(without_digest(), changed(rollback=Rollback(artifact="named"))) == set()


def test_a_runbook_that_was_never_exercised_holds_where_policy_asks() -> None:
    packet = CLEAN.edit_text(RUNBOOK, "last_exercised: 2026-10-30\n", "")
    assert told(packet) == {("REQUIRED_FIELD_MISSING", "rollback.exercised_at")}
    assert told(packet, changed(rollback=Rollback())) == set()


def test_an_artifact_to_return_to_that_nothing_shows_holds_where_policy_asks() -> None:
    asking = changed(rollback=policy().rollback.model_copy(update={"known": True}))
    assert told(CLEAN, asking) == {("EVIDENCE_MISSING", "rollback.artifact")}
    skopeo = {"Name": "registry.example.com/billing/billing-api", "Digest": DIGEST, "Created": "2026-10-01T00:00:00Z"}
    shown = json.dumps({**skopeo, "RepoTags": [], "Labels": {}, "Architecture": "amd64", "Os": "linux", "Layers": []}).encode()
    assert told(CLEAN.add("registry/before.json", shown, source="artifact_registry", baseline=True), asking) == set()


def test_a_rollback_to_the_candidate_itself_is_none() -> None:
    packet = CLEAN.edit_text(RUNBOOK, "  version: 4.11.2", "  version: 4.12.0-rc.3")
    packet = packet.edit_json("release-manifest.json", "/rollback/version", "4.12.0-rc.3")
    assert told(packet) == {("CONTRADICTION", "rollback.version")}


def test_a_runbook_without_environments_is_noted_and_the_descriptor_may_say_them() -> None:
    packet = CLEAN.edit_text(RUNBOOK, "environments: [production-eu, production-us]\n", "")
    assert ("LOW_CONFIDENCE", RUNBOOK) in told(packet, blocking=False)
    assert ("ENVIRONMENT_MISMATCH", RUNBOOK) in told(packet.entry(RUNBOOK, environment="production-eu"))


# --- binding ------------------------------------------------------------------------------------------------------------


def test_policy_says_for_each_source_how_strongly_its_documents_must_be_bound() -> None:
    by = changed(binding=Binding(least={"policy_checks": "strong"}))
    weak = {("LOW_CONFIDENCE", path) for path in ("policy/conftest.json", "policy/policyreport.yaml")}
    assert told(CLEAN) == set()
    assert told(CLEAN, by) <= weak
    assert ("LOW_CONFIDENCE", "policy/conftest.json") in told(CLEAN, by)


def test_an_unbound_document_is_noted_and_holds_where_policy_asks_for_a_binding() -> None:
    loose = CLEAN.entry("policy/conftest.json", run=None)
    assert ("LOW_CONFIDENCE", "policy/conftest.json") in told(loose, blocking=False)
    assert told(loose, changed(binding=Binding(least={"policy_checks": "asserted"}))) == {("LOW_CONFIDENCE", "policy/conftest.json")}


# --- told once, and as what it is ---------------------------------------------------------------------------------------

PROVENANCE = "provenance/provenance.dsse.json"


@pytest.mark.parametrize(
    ("pointer", "value", "field"),
    [
        (
            "/predicate/buildDefinition/resolvedDependencies/0/uri",
            "git+https://github.com/acme-pay/ledger-api@refs/heads/main",
            "repository.url",
        ),
        ("/predicate/runDetails/metadata/invocationId", "https://github.com/acme-pay/billing-api/actions/runs/1/attempts/1", "build.id"),
    ],
)
def test_provenance_of_another_source_or_run_is_no_contradiction_but_a_mismatch(pointer: str, value: str, field: str) -> None:
    exceptions = told(CLEAN.edit_statement(PROVENANCE, pointer, value))
    assert ("ATTESTATION_MISMATCH", field) in exceptions
    assert "CONTRADICTION" not in {code for code, _ in exceptions}


@pytest.mark.parametrize("code", ["EVIDENCE_UNREADABLE", "EVIDENCE_UNRECOGNISED"])
def test_a_level_whose_report_was_not_read_is_told_by_what_is_wrong_with_the_report(code: str) -> None:
    data = {"EVIDENCE_UNREADABLE": b"<testsuites><testsuite>", "EVIDENCE_UNRECOGNISED": b"<stranger/>"}[code]
    assert told(CLEAN.replace(SMOKE, data)) == {(code, SMOKE)}


def test_a_level_is_missing_where_policy_lets_an_unread_report_pass_or_where_another_level_was_not_read() -> None:
    blocking = policy().blocking
    lenient = blocking.model_copy(update={"codes": {**blocking.codes, Code.EVIDENCE_UNREADABLE: False}})
    broken = CLEAN.replace(SMOKE, b"<testsuites><testsuite>")
    missing = ("EVIDENCE_MISSING", "test_reports: smoke")
    assert missing in told(broken, changed(blocking=lenient))
    assert missing in told(CLEAN.without(SMOKE).replace(UNIT, b"<testsuites><testsuite>"))


# --- builders -----------------------------------------------------------------------------------------------------------

PROVENANCE = "provenance/provenance.dsse.json"
BUILDER = "https://github.com/acme-pay/billing-api/.github/workflows/release-candidate.yml@refs/heads/release/4.12"


@pytest.mark.parametrize(
    ("accepted", "holds"),
    [
        ((AcceptedBuilder(exact=BUILDER),), False),
        ((AcceptedBuilder(pattern="https://github.com/acme-pay/.+"),), False),
        ((AcceptedBuilder(exact="https://builders.example"), AcceptedBuilder(exact=BUILDER, services=("billing-api", "ledger"))), False),
        ((), False),
        ((AcceptedBuilder(exact=BUILDER, services=("ledger",)),), True),
        ((AcceptedBuilder(pattern="https://github.com/acme-pay"),), True),  # a pattern is of the whole name
        ((AcceptedBuilder(exact=BUILDER.replace("4.12", "4.13")),), True),
    ],
)
def test_provenance_by_a_builder_that_policy_does_not_accept_for_the_service_holds(
    accepted: tuple[AcceptedBuilder, ...], holds: bool
) -> None:
    assert told(CLEAN, changed(accepted_builders=accepted)) == ({("ATTESTATION_MISMATCH", PROVENANCE)} if holds else set())


@pytest.mark.parametrize("place", ["/predicate/buildDefinition/externalParameters/workflow/path", "/predicate/runDetails/builder/id"])
def test_provenance_by_another_workflow_than_the_recorded_run_is_of_does_not_match(place: str) -> None:
    other = BUILDER.replace("release-candidate", "nightly") if place.endswith("id") else ".github/workflows/nightly.yml"
    assert ("ATTESTATION_MISMATCH", "build.workflow") in told(CLEAN.edit_statement(PROVENANCE, place, other))


def test_an_attestation_that_does_not_say_who_built_is_no_provenance() -> None:
    missing = ("EVIDENCE_MISSING", "provenance_attestations: builder")
    assert missing in told(CLEAN.edit_statement(PROVENANCE, "/predicateType", "https://attestations.example/build-record/v1"))
    assert missing not in told(CLEAN.replace(PROVENANCE, b"{"))
    assert missing not in told(CLEAN)


# --- what else was open ---------------------------------------------------------------------------------------------------


def test_a_document_that_stands_at_two_paths_may_be_cited_by_either() -> None:
    note = next(path for path in CLEAN.documents if path.startswith("incidents/"))
    cited = next(path for path in CLEAN.documents if f"`{path}`" in CLEAN.documents[note].decode())
    twice = CLEAN.add("a-copy/" + cited, CLEAN.documents[cited], source="test_reports", level="load")
    assert told(twice) == set()


def test_a_start_without_a_zone_is_told_beside_an_end_that_has_one() -> None:
    jobs = json.loads(CLEAN.documents["ci/jobs.json"])
    first = min(range(len(jobs["jobs"])), key=lambda number: jobs["jobs"][number]["started_at"])
    bare = jobs["jobs"][first]["started_at"].removesuffix("Z")
    assert (OUT, "ci/jobs.json") in told(CLEAN.edit_json("ci/jobs.json", f"/jobs/{first}/started_at", bare), blocking=False)


@pytest.mark.parametrize(("reference", "named"), [("SEC-482", True), ("TBD", False), ("n/a", False), ("pending", False), ("?", False)])
def test_a_word_for_a_review_that_is_to_come_is_no_review(reference: str, named: bool) -> None:
    held = told(CLEAN.edit_json("release-manifest.json", "/securityReview/0/reference", reference))
    assert held == (set() if named else {("UNREVIEWED_SECRET_CHANGE", "config/production.diff")})


@pytest.mark.parametrize("content", ["[]", "{}\n", " null "])
def test_an_empty_list_or_object_is_empty_and_not_unknown(content: str) -> None:
    assert told(CLEAN.replace("policy/conftest.json", content.encode())) == {("EVIDENCE_EMPTY", "policy/conftest.json")}


# --- what is not as its format says ---------------------------------------------------------------------------------------


def renamed(path: str, key: str) -> PacketBuilder:
    members = json.loads(CLEAN.documents[path])
    return CLEAN.replace(path, json.dumps({f"{name}V2" if name == key else name: value for name, value in members.items()}).encode())


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("ci/run.json", "head_sha"),
        ("scans/trivy.json", "SchemaVersion"),
        ("sbom/sbom.cdx.json", "bomFormat"),
        (PROVENANCE, "payloadType"),
        (PROVENANCE, "signatures"),
    ],
)
def test_a_declared_document_without_a_mark_of_its_format_has_drifted_and_is_read_as_far_as_it_goes(path: str, key: str) -> None:
    assert told(renamed(path, key)) == {("SCHEMA_DRIFT", path)}


def test_a_review_that_an_unread_manifest_may_name_is_noted_as_missing_and_the_manifest_holds() -> None:
    manifest = "release-manifest.json"
    for packet, code in (
        (CLEAN.replace(manifest, b"{"), "EVIDENCE_UNREADABLE"),
        (CLEAN.without(manifest, keep_entry=True), "EVIDENCE_MISSING"),
    ):
        assert (code, manifest) in told(packet)
        assert "UNREVIEWED_SECRET_CHANGE" not in {found for found, _ in told(packet)}
        assert "UNREVIEWED_SECRET_CHANGE" in {found for found, _ in told(packet, blocking=False)}


def test_what_holds_nothing_by_policy_takes_nothing_else_back() -> None:
    manifest, blocking = "release-manifest.json", policy().blocking
    missing = changed(blocking=blocking.model_copy(update={"codes": {**blocking.codes, Code.EVIDENCE_MISSING: False}}))
    codes = {code for code, _ in told(CLEAN.without(manifest, keep_entry=True), missing)}
    assert {"UNREVIEWED_SECRET_CHANGE", "REQUIRED_FIELD_MISSING"} <= codes


def test_a_declared_document_that_says_nothing_as_its_format_is_of_none() -> None:
    assert told(CLEAN.replace(SCAN, b'{"linter": "prettiness", "overall": "pretty"}')) == {("EVIDENCE_UNRECOGNISED", SCAN)}


def test_totals_of_a_document_that_could_not_be_read_whole_are_noted_beside_that() -> None:
    report = "tests/integration.ctrf.json"
    drifted = CLEAN.edit_json(report, "/results/tests/0/status", {"value": "passed"})
    assert told(drifted) == {("SCHEMA_DRIFT", report)}
    assert ("CONTRADICTION", report) in told(drifted, blocking=False)


def test_an_envelope_without_a_signature_is_not_verified_and_nothing_else() -> None:
    assert told(CLEAN.edit_json(PROVENANCE, "/signatures", [])) == {("ATTESTATION_UNVERIFIED", PROVENANCE)}
