"""The DAG: what it consists of, and what Dagster shows of packets that were staged, held, and run again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from dagster._core.definitions.partitions.context import partition_loading_context
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionResolvedStatus

from assets.packets import packets
from release_staging.cli.running import Result, Runner
from release_staging.config.settings import Settings
from release_staging.definitions import build_defs
from release_staging.model.sources import SOURCES
from release_staging.parsing import yaml
from release_staging.record.checks import DRAFT_CHECKS, HANDOFF_CHECKS
from tests.assets.support import evaluations, last_run, materialised, metadata, run, under_policy
from tests.packets import PacketBuilder

DEFINITIONS = build_defs(Settings.of({}))
GRAPH = DEFINITIONS.resolve_asset_graph()
EXTRACTION = {source.name for source in SOURCES}
STEPS = ["evidence_packet", "review_findings", *sorted(EXTRACTION), "normalized_evidence", "contradictions", "staging_record_draft"]
OUTCOMES = ["handoff_outcome", "deployment_review_staging_record", "exception_hold"]
OPERATIONS = {"queue_health", "intake_quality"}
CHECKS = {
    **dict.fromkeys((check.name for check in DRAFT_CHECKS), "staging_record_draft"),
    **dict.fromkeys((check.name for check in HANDOFF_CHECKS), "handoff_outcome"),
}


def node(name: str) -> Any:
    return GRAPH.get(dg.AssetKey(name))


def parents(name: str) -> set[str]:
    return {key.path[-1] for key in node(name).parent_keys}


# --- the graph ----------------------------------------------------------------------------------------------------------


def test_the_graph_is_the_one_of_the_architecture() -> None:
    assert {key.path[-1] for key in GRAPH.get_all_asset_keys()} == {*STEPS, *OUTCOMES, *OPERATIONS, "evaluation"}
    assert len(EXTRACTION) == 13
    assert parents("evidence_packet") == set()
    for source in EXTRACTION:
        assert parents(source) == {"evidence_packet", "review_findings"}
    assert parents("review_findings") == {"evidence_packet"}
    assert parents("normalized_evidence") == {"evidence_packet", "review_findings", *EXTRACTION}
    assert parents("contradictions") == {"normalized_evidence"}
    assert parents("staging_record_draft") == {"normalized_evidence", "contradictions"}
    for outcome in OUTCOMES:
        assert parents(outcome) == {"staging_record_draft"}


def test_every_asset_says_what_it_is_whose_it_is_and_of_what_kind() -> None:
    groups = {"intake": {"evidence_packet", "review_findings"}, "extraction": EXTRACTION, "handoff": set(OUTCOMES)}
    groups |= {"judgement": {"normalized_evidence", "contradictions"}, "record": {"staging_record_draft"}}
    for group, names in groups.items():
        for name in names:
            assert node(name).group_name == group, name
    for name in [*STEPS, *OUTCOMES]:
        assert len(node(name).description) > 40, name
        assert node(name).owners, name
        assert node(name).kinds, name
        assert node(name).partitions_def == packets, name
    for source in SOURCES:
        assert node(source.name).owners == [f"team:{source.owner.replace('_', '-')}"]


def test_the_evaluation_stands_by_itself_and_is_no_step_of_a_packet() -> None:
    assert node("evaluation").group_name == "evaluation"
    assert node("evaluation").partitions_def is None
    assert parents("evaluation") == node("evaluation").child_keys == set()
    steps = DEFINITIONS.resolve_job_def("stage_packets").asset_layer.selected_asset_keys
    assert {key.path[-1] for key in steps} == {*STEPS, *OUTCOMES}


def test_there_are_eight_checks_each_with_a_question_that_never_block() -> None:
    of_packets = [key for key in GRAPH.asset_check_keys if key.asset_key.path[-1] not in OPERATIONS]
    assert {key.name: key.asset_key.path[-1] for key in of_packets} == CHECKS
    assert len(CHECKS) == 8
    for key in of_packets:
        spec = GRAPH.get_check_spec(key)
        assert spec.description is not None
        assert spec.description.endswith("?")
        assert not spec.blocking
        assert spec.partitions_def == packets


def test_packets_have_one_job_and_its_sensors_are_on() -> None:
    repository = DEFINITIONS.get_repository_def()
    on = dg.DefaultSensorStatus.RUNNING
    assert {sensor.name for sensor in repository.sensor_defs if sensor.default_status is on} == {"intake", "restage", "receipts"}
    assert "stage_packets" in repository.job_names


# --- what a run shows ---------------------------------------------------------------------------------------------------


def named(name: str, sample: str, folder: Path) -> Path:
    """A sample under another id, which makes another packet of it."""
    return PacketBuilder.sample(sample).descriptor(id=name).write_folder(folder)


def states(deployed: Runner, check: str) -> tuple[set[str], set[str]]:
    """The packets that passed a check and that failed it, as the UI shows them."""
    key = dg.AssetCheckKey(dg.AssetKey(CHECKS[check]), check)
    with partition_loading_context(dynamic_partitions_store=deployed.instance):
        state = deployed.instance.event_log_storage.get_asset_check_state([(key, packets)])[key]
        of = {status: set(subset.subset_value.get_partition_keys()) for status, subset in state.subsets.items() if not subset.is_empty}
    return of.get(AssetCheckExecutionResolvedStatus.SUCCEEDED, set()), of.get(AssetCheckExecutionResolvedStatus.FAILED, set())


@pytest.fixture(scope="module")
def held(deployed: Runner, tmp_path_factory: pytest.TempPathFactory) -> Result:
    """A packet with an old scan, in a run of its own."""
    [result] = run(deployed, named("held-alone", "stale-scan", tmp_path_factory.mktemp("held")))
    return result


def test_a_held_packet_is_a_green_run_with_red_checks(held: Result, deployed: Runner) -> None:
    assert held.revision is not None
    assert held.revision.outcome == "held"
    done = deployed.instance.get_run_by_id(str(held.revision.run_id))
    assert done is not None
    assert done.status is dg.DagsterRunStatus.SUCCESS
    assert done.tags["dagster/partition"] == held.packet_id
    told = evaluations(deployed.instance, done.run_id)
    assert {one.check_name for one in told} == CHECKS.keys()
    assert {one.check_name for one in told if not one.passed} == {"timestamps_within_policy", "reviewable"}
    assert all(one.severity is dg.AssetCheckSeverity.ERROR and one.partition == held.packet_id for one in told)


def test_exactly_one_of_record_and_hold_is_materialised(held: Result, deployed: Runner) -> None:
    instance, packet = deployed.instance, str(held.packet_id)
    assert packet in materialised(instance, "handoff_outcome")
    assert packet in materialised(instance, "exception_hold")
    assert packet not in materialised(instance, "deployment_review_staging_record")


def test_every_materialisation_says_what_was_found(held: Result, deployed: Runner) -> None:
    instance, packet = deployed.instance, str(held.packet_id)
    assert metadata(instance, "evidence_packet", packet)["documents"] == 28
    assert metadata(instance, "vulnerability_scans", packet)["vulnerabilities"] > 0
    assert metadata(instance, "normalized_evidence", packet)["claims"] > 100
    assert metadata(instance, "contradictions", packet)["contradictions"] == 0
    assert metadata(instance, "staging_record_draft", packet)["blocking"] == 1
    outcome = metadata(instance, "handoff_outcome", packet)
    assert (outcome["outcome"], outcome["revision"], outcome["blocking"]) == ("held", 1, 1)
    assert "TIMESTAMP\\_OUT\\_OF\\_POLICY" in outcome["exceptions"] or "TIMESTAMP_OUT_OF_POLICY" in outcome["exceptions"]
    assert Path(outcome["document"]).is_file()


@pytest.fixture(scope="module")
def lenient(tmp_path_factory: pytest.TempPathFactory, deployed: Runner) -> Path:
    """The policy, but for scans that may be a quarter old, and older than the build."""
    policy = deployed.found.settings.policy
    text = policy.read_text().replace("vulnerability_scans: {max_age: 7d}", "vulnerability_scans: {max_age: 90d}")
    text = text.replace("vulnerability_database: {max_age: 5d}", "vulnerability_database: {max_age: 90d}")
    text = text.replace("  - {first: provenance_attestations, at: end, then: vulnerability_scans}\n", "")
    assert text.count("90d") > policy.read_text().count("90d")
    file = tmp_path_factory.mktemp("policy") / "lenient.yaml"
    file.write_text(text.replace("file: keys/", f"file: {policy.parent}/keys/"))
    assert yaml.parse(file.read_bytes())["version"] == 1
    return file


def test_a_packet_that_flips_shows_in_the_outcome(deployed: Runner, lenient: Path, tmp_path: Path) -> None:
    path = named("flips", "stale-scan", tmp_path)
    [before] = run(deployed, path)
    [after] = run(under_policy(deployed, lenient), path)
    packet = str(after.packet_id)
    assert before.revision is not None
    assert after.revision is not None
    assert [(one.revision, one.outcome) for one in deployed.found.store.history(packet)] == [(1, "held"), (2, "staged")]
    assert metadata(deployed.instance, "handoff_outcome", packet)["outcome"] == "staged"
    assert packet in materialised(deployed.instance, "deployment_review_staging_record")
    assert packet in states(deployed, "reviewable")[0]
    assert packet in states(deployed, "timestamps_within_policy")[0]
    [back] = run(deployed, path)
    assert back.revision is not None
    assert (back.revision.revision, back.revision.outcome) == (3, "held"), "what was asked for last is what stands"
    assert metadata(deployed.instance, "handoff_outcome", packet)["outcome"] == "held"


# --- runs over a range --------------------------------------------------------------------------------------------------

RANGE = {"range-clean": "clean", "range-stale": "stale-scan", "range-mixed": "mixed-candidates", "range-secret": "disclosure-secret"}
RED = {
    "range-clean": set(),
    "range-stale": {"timestamps_within_policy", "reviewable"},
    "range-mixed": {"single_candidate", "reviewable"},
    "range-secret": {"disclosure_boundary", "reviewable"},
}


@pytest.fixture(scope="module")
def over_a_range(deployed: Runner, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    """Four packets in one run, by the names of RANGE."""
    folder = tmp_path_factory.mktemp("range")
    before = deployed.instance.get_runs_count()
    results = run(deployed, *(named(name, sample, folder) for name, sample in RANGE.items()))
    assert deployed.instance.get_runs_count() == before + 1
    return dict(zip(RANGE, results, strict=True))


def test_a_range_shows_each_packet_by_itself(over_a_range: dict[str, Result], deployed: Runner) -> None:
    instance = deployed.instance
    assert last_run(instance).status is dg.DagsterRunStatus.SUCCESS
    for name, result in over_a_range.items():
        packet, revision = str(result.packet_id), result.revision
        assert revision is not None
        for step in (*STEPS, "handoff_outcome"):
            assert packet in materialised(instance, step), (name, step)
        made = packet in materialised(instance, "deployment_review_staging_record")
        kept = packet in materialised(instance, "exception_hold")
        assert (made, kept) == (name == "range-clean", name != "range-clean"), name
        assert metadata(instance, "handoff_outcome", packet)["digest"] == revision.document_digest


def test_a_range_shows_the_checks_that_each_packet_failed(over_a_range: dict[str, Result], deployed: Runner) -> None:
    for name, result in over_a_range.items():
        red = {check for check in CHECKS if result.packet_id in states(deployed, check)[1]}
        assert red == RED[name], name


def test_packets_of_a_range_run_again_one_by_one_come_out_the_same(
    over_a_range: dict[str, Result], deployed: Runner, tmp_path: Path
) -> None:
    for name in ("range-clean", "range-mixed"):
        before = over_a_range[name]
        [again] = run(deployed, named(name, RANGE[name], tmp_path))
        assert before.revision is not None
        assert again.revision is not None
        assert again.packet_id == before.packet_id
        assert (again.revision.revision, again.revision.body) == (1, before.revision.body)
        assert deployed.found.store.events(str(again.packet_id))[-1].event == "repeated"


def test_a_packet_that_flips_in_a_range_turns_its_checks_green(deployed: Runner, lenient: Path, tmp_path: Path) -> None:
    paths = [named(name, "stale-scan", tmp_path) for name in ("flip-one", "flip-two")]
    before = run(deployed, *paths)
    assert {str(one.packet_id) for one in before} <= states(deployed, "timestamps_within_policy")[1]
    after = run(under_policy(deployed, lenient), *paths)
    for result in after:
        assert result.revision is not None
        assert (result.revision.revision, result.revision.outcome) == (2, "staged")
        for check in CHECKS:
            assert result.packet_id not in states(deployed, check)[1], check
        assert result.packet_id in states(deployed, "timestamps_within_policy")[0]


# --- what must not be seen ----------------------------------------------------------------------------------------------

TOKEN = "ghp_" + "x7Kq9ZpL2mN4vB8cD1fG3hJ5sT6wY0aErUiO"


def test_a_found_secret_stands_in_no_event_no_log_and_no_file_but_the_evidence(deployed: Runner, tmp_path: Path) -> None:
    """As a path, a version that contradicts the others, and captured output: what is shown most."""
    clean = PacketBuilder.clean()
    leaky = clean.descriptor(id="leaky").edit_json("tests/integration.ctrf.json", "/results/tests/0/stdout", [TOKEN])
    leaky = leaky.edit_json("release-manifest.json", "/version", TOKEN).rename("catalog/catalog-info.yaml", f"catalog/{TOKEN}.yaml")
    others = [named("beside-a-leak", "clean", tmp_path)]
    for paths in ([leaky.write_folder(tmp_path)], [leaky.descriptor(id="leaky-in-a-range").write_folder(tmp_path), *others]):
        results = run(deployed, *paths)
        revision = results[0].revision
        assert revision is not None
        assert revision.outcome == "held"
        assert "DISCLOSURE_SECRET" in {one.code for one in revision.exceptions}
        assert TOKEN not in revision.body
        events = deployed.instance.all_logs(str(revision.run_id))
        assert len(events) > 50
        for event in events:
            assert TOKEN not in repr(event), event.message[:300]
        assert TOKEN not in repr(deployed.found.store.events(revision.packet_id))
    home = deployed.found.settings.home
    for folder in (home / "records", home / "dagster"):
        for file in folder.rglob("*"):
            assert not file.is_file() or TOKEN.encode() not in file.read_bytes(), file
