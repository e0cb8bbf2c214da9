"""What reviewers say of a hold restages its packet, on a real instance: with a mark that stays, and no more made anew than it changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from release_staging.cli.main import cli
from release_staging.cli.running import Runner
from release_staging.definitions import build_defs
from release_staging.evidence.resolve import Resolver
from release_staging.model.sources import SOURCES
from release_staging.parsing import json
from release_staging.review.words import Refused
from release_staging.staging.restaging import for_findings
from tests.assets.reviewers import Review
from tests.assets.support import materialised, tick
from tests.packets import PacketBuilder

CLEAN = PacketBuilder.clean()
Reviewed = Callable[[PacketBuilder], Review]


@pytest.fixture
def reviewed(deployed: Runner, tmp_path: Path) -> Reviewed:
    return lambda packet: Review(deployed, packet, tmp_path)


# --- what each kind does --------------------------------------------------------------------------------------------------


def test_a_document_that_does_not_belong_is_taken_out_and_the_right_one_supplied(reviewed: Reviewed) -> None:
    review = reviewed(PacketBuilder.sample("mixed-candidates"))
    stray = review.see().digest("ci/run.json")
    held = review.say(answers="MIXED_CANDIDATE", exclude={"document": stray})
    assert held.blocking == ["REQUIRED_FIELD_MISSING"]
    assert held.entry("ci/run.json")["bound_by"] == "excluded by a finding"
    data = CLEAN.documents["ci/run.json"]
    staged = review.supply("release_manager", "REQUIRED_FIELD_MISSING", "ci/run-again.json", data, run="7714620931")
    assert (staged.outcome, staged.revision.revision) == ("staged", 3)
    assert staged.entry("ci/run-again.json")["source"] == "pipeline_runs"
    assert {one["kind"] for one in staged.document["findings"]} == {"exclude", "supply"}
    assert stray not in {e["document"] for entry in staged.document["field_provenance"].values() for e in entry["evidence"]}


def test_an_adjudicated_contradiction_keeps_both_sides_and_says_who_decided_in_which_role_why_and_when(reviewed: Reviewed) -> None:
    review = reviewed(PacketBuilder.sample("test-version-disagreement"))
    staged = review.say(answers="CONTRADICTION", adjudicate={"field": "candidate.version", "value": "4.12.0-rc.3"})
    assert staged.outcome == "staged"
    [contradiction] = staged.document["contradictions"]
    assert [side["value"] for side in contradiction["sides"]] == ["4.12.0-rc.2", "4.12.0-rc.3"]
    decided = contradiction["adjudication"]
    assert (decided["value"], decided["reviewer"], decided["role"]) == ("4.12.0-rc.3", "J. Doe", "release_manager")
    assert decided["reason"] == "Seen in the run's own log."
    assert datetime.fromisoformat(decided["recorded_at"]).tzinfo is not None
    exception = staged.exception("CONTRADICTION")
    assert not exception["blocking"]
    assert "adjudicate, by release_manager J. Doe" in exception["message"]
    version = staged.document["field_provenance"]["/candidate/version"]
    assert staged.document["candidate"]["version"] == "4.12.0-rc.3"
    assert {one["source_value"].removeprefix("v") for one in version["evidence"]} == {"4.12.0-rc.3"}
    assert "decided" in version["loss"]


RUNBOOK = "rollback/runbook.md"


def _with_a_remark(remark: str) -> PacketBuilder:
    packet = PacketBuilder.sample("required-field-missing")
    return packet.replace(RUNBOOK, packet.documents[RUNBOOK] + f"\n{remark}\n".encode())


def test_a_value_that_a_reviewer_read_leads_to_the_finding_and_from_there_to_the_place(reviewed: Reviewed) -> None:
    packet = _with_a_remark("Before this candidate there was 4.11.2, by the way.")
    review = reviewed(packet)
    line = packet.documents[RUNBOOK].decode().count("\n") - 1
    place = {"document": review.see().digest(RUNBOOK), "locator": f"line={line},{line + 1}"}
    staged = review.say(
        "service_owner",
        "REQUIRED_FIELD_MISSING",
        rests_on=[place],
        read={"field": "rollback.version", "value": "4.11.2"},
    )
    assert staged.outcome == "staged", staged.blocking
    assert staged.document["rollback"]["version"] == "4.11.2"
    entry = staged.document["field_provenance"]["/rollback/version"]
    assert (entry["confidence"], entry["loss"]) == ("asserted", "as read by J. Doe, service_owner")
    [evidence] = entry["evidence"]
    said = Resolver(review.deployed.found.vault.get(evidence["document"]))
    assert said.text(evidence["locator"]) == "4.11.2"
    assert said.text("json-pointer:/rests_on/0/locator") == place["locator"]


def test_a_name_that_is_mapped_once_means_that_for_this_packet_and_can_be_proposed_for_the_registry(reviewed: Reviewed) -> None:
    packet = CLEAN.edit_text("catalog/catalog-info.yaml", "name: billing-api", "name: bill-o-matic")
    review = reviewed(packet)
    held = review.see()
    assert held.blocking == ["CONTRADICTION"]  # of the name that nobody knows with the one that everybody else uses
    staged = review.say(
        held.exception("UNMAPPED_IDENTIFIER")["owner"],
        "UNMAPPED_IDENTIFIER",
        map={"registry": "services", "name": "bill-o-matic", "id": "billing-api", "propose": True},
    )
    assert staged.outcome == "staged", staged.document["exceptions"]
    assert review.packet in review.deployed.found.reviews.proposals()["services", "bill-o-matic", "billing-api"]
    other = reviewed(packet.add("canary/again.yaml", CLEAN.documents["canary/analysisrun.yaml"] + b"\n# the same, but for this line\n"))
    assert other.see().blocking == ["CONTRADICTION"]


def test_evidence_that_will_not_come_is_noted_until_it_expires(reviewed: Reviewed, deployed: Runner) -> None:
    review = reviewed(CLEAN.without("load/k6-summary.json").edit_text("incidents/INC-2031.md", "load/k6-summary.json", "tests/unit.xml"))
    missing = review.see().exception("EVIDENCE_MISSING")
    until = datetime.now(UTC) + timedelta(hours=1)
    staged = review.say(
        "service_owner", "EVIDENCE_MISSING", rests_on=[], absent={"evidence": missing["subject"], "until": until.isoformat()}
    )
    assert staged.outcome == "staged", staged.blocking
    assert not staged.exception("EVIDENCE_MISSING")["blocking"]
    assert review.packet not in deployed.found.reviews.to_restage(until - timedelta(minutes=1))
    assert deployed.found.reviews.to_restage(until + timedelta(minutes=1))[review.packet] == []


def test_a_passage_that_was_marked_is_in_nothing_that_is_made_from_then_on(reviewed: Reviewed) -> None:
    passage = "Invoices that were queued meanwhile are delivered in order."
    packet = CLEAN
    line = next(n for n, text in enumerate(packet.documents[RUNBOOK].decode().split("\n")) if passage in text)
    review = reviewed(packet)
    assert review.see().outcome == "staged"
    place = {"document": review.see().digest(RUNBOOK), "locator": f"line={line},{line + 1}"}
    held = review.say("security_reviewer", boundary={**place, "kind": "customer_data"})
    assert held.blocking == ["DISCLOSURE_CUSTOMER_DATA"]
    assert held.exception("DISCLOSURE_CUSTOMER_DATA")["evidence"][0]["locator"] == place["locator"]
    assert passage not in held.revision.body
    extractions = review.deployed.found.settings.extractions
    for asset in (
        "evidence_packet",
        "review_findings",
        *(source.name for source in SOURCES),
        "normalized_evidence",
        "staging_record_draft",
    ):
        assert b"queued meanwhile" not in (extractions / asset / f"{review.packet}.parquet").read_bytes(), asset


def test_a_retracted_finding_does_not_count_any_more(reviewed: Reviewed) -> None:
    review = reviewed(PacketBuilder.sample("test-version-disagreement"))
    decided = review.finding(answers="CONTRADICTION", adjudicate={"field": "candidate.version", "value": "4.12.0-rc.3"})
    review.deployed.reviewing.take(decided)
    review.deployed.restage()
    assert review.see().outcome == "staged"
    held = review.say(retract={"finding": decided.name})
    assert (held.outcome, held.revision.revision) == ("held", 3)
    assert held.document["contradictions"][0]["adjudication"] is None
    assert held.document["findings"] == []


def test_a_withdrawn_packet_holds_nobody_any_more_and_takes_no_findings(reviewed: Reviewed) -> None:
    review = reviewed(PacketBuilder.sample("stale-scan"))
    store = review.deployed.found.store
    assert review.packet in {head.packet_id for head in store.holds()}
    review.say(withdraw={}, reason="The candidate was abandoned.")
    assert review.packet not in {head.packet_id for head in store.holds()}
    assert [event.event for event in store.events(review.packet)] == ["received", "held", "withdrawn"]
    with pytest.raises(Refused, match="is withdrawn"):
        review.say("security_reviewer", boundary={"document": review.see().digest(RUNBOOK), "locator": "line=0,1", "kind": "secret"})


# --- what is refused -----------------------------------------------------------------------------------------------------


def test_only_a_role_that_owns_the_exception_may_answer_it(reviewed: Reviewed) -> None:
    review = reviewed(PacketBuilder.sample("stale-scan"))
    with pytest.raises(Refused, match="is the security_reviewer's to answer, not the release_manager's"):
        review.say("release_manager", "TIMESTAMP_OUT_OF_POLICY", exclude={"document": review.see().digest("scans/trivy.json")})


def test_a_document_that_somebody_elses_exception_is_about_is_theirs_to_exclude(reviewed: Reviewed) -> None:
    planted = CLEAN.edit_text("tests/unit.xml", "4.12.0-rc.3", "4.12.0-rc.2")
    log = PacketBuilder.sample("disclosure-secret").documents["tests/integration.ctrf.json"].decode()
    token = next(line.strip().strip('",') for line in log.splitlines() if "Authorization: Bearer" in line)
    logged = f"<testsuite name='log'><system-out>{token}</system-out></testsuite></testsuites>"
    packet = planted.edit_text("tests/unit.xml", "</testsuites>", logged)
    review = reviewed(packet)
    assert {"CONTRADICTION", "DISCLOSURE_SECRET"} <= set(review.see().blocking)
    with pytest.raises(Refused, match=r"DISCLOSURE_SECRET \(security_reviewer\)"):
        review.say(answers="CONTRADICTION", exclude={"document": review.see().digest("tests/unit.xml")})


def test_a_finding_on_an_outdated_revision_is_refused_and_the_same_finding_twice_is_one(reviewed: Reviewed) -> None:
    review = reviewed(PacketBuilder.sample("test-version-disagreement"))
    decided = review.finding(answers="CONTRADICTION", adjudicate={"field": "candidate.version", "value": "4.12.0-rc.3"})
    late = review.finding(answers="CONTRADICTION", adjudicate={"field": "candidate.version", "value": "4.12.0-rc.2"})
    taking = review.deployed.reviewing
    assert taking.take(decided)
    assert not taking.take(decided)
    with pytest.raises(Refused, match="has answered this already"):
        taking.take(late)
    review.deployed.restage()
    assert not taking.take(decided)
    with pytest.raises(Refused, match=r"answers revision 1, and packet .* is at revision 2 \(staged\)"):
        taking.take(late)
    assert review.deployed.restage() == []
    assert review.see().revision.revision == 2


@pytest.mark.parametrize(
    "words", ["Approved by the change board.", "Safe to roll out.", "Please schedule the deployment.", "We waive this check."]
)
def test_a_finding_that_speaks_with_authority_is_refused(reviewed: Reviewed, words: str) -> None:
    review = reviewed(PacketBuilder.sample("stale-scan"))
    with pytest.raises(Refused, match="speaks of the release"):
        review.finding(withdraw={}, reason=words)


def test_a_finding_that_holds_an_approval_or_a_secret_is_refused(reviewed: Reviewed) -> None:
    review = reviewed(PacketBuilder.sample("stale-scan"))
    with pytest.raises(Refused, match="breaks its schema"):
        review.finding(withdraw={}, approved=True)
    with pytest.raises(Refused, match="must not be disclosed"):
        review.finding(withdraw={}, reason="The password is hunter2: postgres://admin:Zk8#qLw93vTn@db.internal/prod")


def test_a_value_that_does_not_stand_at_the_place_is_not_read_there(reviewed: Reviewed) -> None:
    review = reviewed(_with_a_remark("Before this candidate there was 4.11.2."))
    place = {"document": review.see().digest(RUNBOOK), "locator": "line=0,1"}
    with pytest.raises(Refused, match="does not stand at the place"):
        review.say("service_owner", "REQUIRED_FIELD_MISSING", rests_on=[place], read={"field": "rollback.version", "value": "4.11.2"})
    with pytest.raises(Refused, match="does not resolve"):
        review.say(
            "service_owner",
            "REQUIRED_FIELD_MISSING",
            rests_on=[{**place, "locator": "line=900,901"}],
            read={"field": "rollback.version", "value": "4.11.2"},
        )


def test_a_document_that_is_supplied_must_be_the_one_named_readable_and_within_the_boundary(reviewed: Reviewed) -> None:
    review = reviewed(PacketBuilder.sample("unreadable-scan"))
    good = CLEAN.documents["scans/trivy.json"]
    with pytest.raises(Refused, match="the document handed in is sha256:"):
        review.say(answers="EVIDENCE_UNREADABLE", document=b"{}", supply={"path": "scans/new.json", "sha256": "0" * 64})
    with pytest.raises(Refused, match="cannot be supplied"):
        review.supply("release_manager", "EVIDENCE_UNREADABLE", "scans/new.json", b"nothing that is known")
    secret = PacketBuilder.sample("disclosure-secret").documents["tests/integration.ctrf.json"]
    with pytest.raises(Refused, match="the document holds"):
        review.supply("release_manager", "EVIDENCE_UNREADABLE", "tests/new.json", secret)
    held = review.supply("release_manager", "EVIDENCE_UNREADABLE", "scans/new.json", good)
    assert held.blocking == ["EVIDENCE_UNREADABLE"]  # the unreadable one is still in the packet
    staged = review.say(answers="EVIDENCE_UNREADABLE", exclude={"document": review.see().digest("scans/trivy.json")})
    assert staged.outcome == "staged", staged.document["exceptions"]
    assert not staged.exception("EVIDENCE_UNREADABLE")["blocking"]


# --- how it is staged again ------------------------------------------------------------------------------------------------


def test_no_more_is_made_again_than_a_finding_changes(reviewed: Reviewed) -> None:
    review = reviewed(PacketBuilder.sample("mixed-candidates"))
    extractions = review.deployed.found.settings.extractions
    made = {source.name: (extractions / source.name / f"{review.packet}.parquet").stat().st_mtime_ns for source in SOURCES}
    review.say(answers="MIXED_CANDIDATE", exclude={"document": review.see().digest("ci/run.json")})
    assert review.see().revision.revision == 2
    for name, instant in made.items():
        assert (extractions / name / f"{review.packet}.parquet").stat().st_mtime_ns == instant, name


def test_a_run_of_everything_with_the_same_findings_is_the_same_revision(reviewed: Reviewed, tmp_path: Path) -> None:
    """What is kept from earlier runs makes no difference."""
    review = reviewed(PacketBuilder.sample("mixed-candidates"))
    held = review.say(answers="MIXED_CANDIDATE", exclude={"document": review.see().digest("ci/run.json")})
    for _ in review.deployed.run([review.deployed.admit(next(tmp_path.glob("packet-*")))]):
        pass
    assert review.see().revision.revision == held.revision.revision
    assert review.deployed.found.store.events(review.packet)[-1].event == "repeated"
    assert review.packet in materialised(review.deployed.instance, "review_findings")


# --- how it arrives --------------------------------------------------------------------------------------------------------


class Dropping:
    """The drop folder of a deployment, with its sensor."""

    def __init__(self, deployed: Runner) -> None:
        self.folder = deployed.found.settings.findings
        self.folder.mkdir(parents=True, exist_ok=True)
        self._deployed = deployed

    def evaluate(self) -> list[Any]:
        """One tick; the run requests."""
        definitions = build_defs(self._deployed.found.settings)
        return list(tick(self._deployed.instance, definitions, "restage").run_requests or ())


def test_a_finding_dropped_as_a_file_is_taken_and_asks_for_one_run_of_what_it_changes(reviewed: Reviewed, deployed: Runner) -> None:
    review = reviewed(PacketBuilder.sample("unreadable-scan"))
    dropping = Dropping(deployed)
    data = CLEAN.documents["scans/trivy.json"]
    finding = review.finding(answers="EVIDENCE_UNREADABLE", supply={"path": "scans/new.json", "sha256": sha256(data).hexdigest()})
    (dropping.folder / "one.document").write_bytes(data)
    (dropping.folder / "one.json").write_bytes(finding.body)
    [asked] = [one for one in dropping.evaluate() if one.partition_key == review.packet]
    assert {key.path[-1] for key in asked.asset_selection} == set(for_findings(["supply"]))
    assert not (dropping.folder / "one.json").exists()
    [again] = [one for one in dropping.evaluate() if one.partition_key == review.packet]
    assert again.run_key == asked.run_key  # so that Dagster starts one run
    deployed.restage()
    assert review.see().revision.revision == 2


def test_a_dropped_finding_that_is_refused_stays_aside_with_the_reason(deployed: Runner) -> None:
    dropping = Dropping(deployed)
    (dropping.folder / "bad.yaml").write_text("finding: '1'\npacket: nobody\n")
    dropping.evaluate()
    reason = (dropping.folder / "refused" / "bad.reason.txt").read_text()
    assert "the finding breaks its schema" in reason
    assert "see schemas/finding-1.json" in reason


def test_a_finding_by_the_command_line_answers_with_the_new_revision(
    reviewed: Reviewed, deployed: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    review = reviewed(PacketBuilder.sample("test-version-disagreement"))
    monkeypatch.setenv("RELEASE_STAGING_HOME", str(deployed.found.settings.home))
    decided = review.finding(answers="CONTRADICTION", adjudicate={"field": "candidate.version", "value": "4.12.0-rc.3"})
    file = tmp_path / "finding.json"
    file.write_bytes(decided.body)
    done = CliRunner().invoke(cli, ["finding", "add", review.packet, "--file", str(file), "--format", "json"])
    said = json.parse(done.stdout.encode())
    assert (said["outcome"], said["revision"], said["findings"], done.exit_code) == ("staged", 2, [decided.name], 0)
    listed = CliRunner().invoke(cli, ["finding", "list", review.packet, "--format", "json"])
    assert json.parse(listed.stdout.encode())["in_force"] is True


MANIFEST = "release-manifest.json"


def test_a_promised_document_that_is_declared_absent_does_not_take_back_what_it_would_have_said(reviewed: Reviewed) -> None:
    review = reviewed(CLEAN.without(MANIFEST, keep_entry=True))
    assert review.see().blocking == ["EVIDENCE_MISSING"]
    until = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    held = review.say(answers="EVIDENCE_MISSING", absent={"evidence": MANIFEST, "until": until})
    assert {"UNREVIEWED_SECRET_CHANGE", "REQUIRED_FIELD_MISSING"} <= set(held.blocking)


def test_an_unread_manifest_that_is_excluded_does_not_take_back_that_it_names_no_review(reviewed: Reviewed) -> None:
    review = reviewed(CLEAN.replace(MANIFEST, b"{"))
    assert "UNREVIEWED_SECRET_CHANGE" not in review.see().blocking
    held = review.say(answers="EVIDENCE_UNREADABLE", exclude={"document": review.see().digest(MANIFEST)})
    assert "UNREVIEWED_SECRET_CHANGE" in held.blocking
