"""A contract that changes under a running system: what is out of date is staged again, and no more of it is read than must be."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import dagster as dg
import orjson
import pytest
from click.testing import CliRunner
from dagster._core.definitions.data_version import CachingStaleStatusResolver
from dagster._core.loader import LoadingContextForTest

from release_staging.cli.main import cli
from release_staging.cli.running import Runner, runner
from release_staging.config.settings import Settings
from release_staging.definitions import build_defs
from release_staging.model.sources import SOURCES
from release_staging.parsing import json
from release_staging.record.contract import FOLDER
from release_staging.staging import outdated as outdated_module
from release_staging.staging.outdated import Current, outdated
from release_staging.staging.rehearsal import summary
from release_staging.staging.restaging import EVERYTHING, JUDGEMENT, RECORD
from tests.assets.support import run, tick
from tests.packets import PacketBuilder

CLEAN = PacketBuilder.clean()


@pytest.fixture(scope="module")
def running() -> Iterator[Runner]:
    """A deployment of its own: a backfill is of all packets."""
    with (
        TemporaryDirectory(prefix="release-staging-") as folder,
        runner(replace(Settings.of({}), home=Path(folder), intake=Path(folder) / "intake", contract="1.0.0")) as found,
    ):
        packets = [CLEAN.descriptor(id=f"clean-{number}").write_folder(Path(folder), f"clean-{number}") for number in range(3)]
        packets.append(PacketBuilder.sample("stale-scan").descriptor(id="stale").write_folder(Path(folder), "stale"))
        run(found, *packets)
        yield found


def under(running: Runner, contract: str, folder: Path = FOLDER) -> Runner:
    """The same deployment, making records to another contract."""
    return Runner(replace(running.found, settings=replace(running.found.settings, contract=contract, contracts=folder)), running.instance)


def with_a_required_field(folder: Path) -> str:
    """A contract written by hand: 1.1.0 and a required field that readers claim already, who owns the service."""
    schema: Any = json.parse((FOLDER / "1.1.0.json").read_bytes())
    schema["x-contract"], schema["$id"] = "3.0.0", "urn:release-staging:contract:3.0.0"
    schema["properties"]["contract"]["const"] = "3.0.0"
    candidate = schema["properties"]["candidate"]
    candidate["properties"]["owned_by"] = {
        "description": "Who owns the service.",
        "type": "string",
        "x-claim": "service.owner",
        "x-owner": "release_manager",
        "x-consequential": True,
        "x-consequence": "Nobody would know whom to ask.",
        "x-sources": ["service_catalog"],
    }
    candidate["required"] = sorted([*candidate["required"], "owned_by"])
    (folder / "3.0.0.json").write_bytes(orjson.dumps(schema))
    return "3.0.0"


def test_a_required_field_that_readers_claim_takes_one_schema_file_and_no_code(running: Runner, tmp_path: Path) -> None:
    newer = under(running, with_a_required_field(tmp_path), tmp_path)
    wanted = newer.out_of_date()
    rehearsed = newer.rehearsing().rehearse(wanted)
    assert newer.found.store.standing()[0].contract == "1.0.0"  # a rehearsal records nothing
    for _ in newer.backfill(wanted):
        pass
    assert {one.after for one in rehearsed if one.packet.startswith("clean-")} == {"staged"}
    for one in rehearsed:
        latest = newer.found.store.latest(one.packet)
        assert latest is not None
        assert (latest.contract, latest.outcome) == ("3.0.0", one.after)
        document = json.parse(latest.body.encode())
        if latest.outcome == "staged":
            entry = document["field_provenance"]["/candidate/owned_by"]
            assert entry["evidence"][0]["path"].startswith("catalog/")


def test_a_packet_that_cannot_satisfy_a_new_contract_is_held_under_it_and_its_old_record_stays(running: Runner, tmp_path: Path) -> None:
    newer = under(running, with_a_required_field(tmp_path), tmp_path)
    unsaid = CLEAN.without("catalog/catalog-info.yaml")
    folder = running.found.settings.home
    [result] = run(running, unsaid.descriptor(id="unsaid").write_folder(folder, "unsaid"))
    assert result.packet_id is not None
    assert result.revision is not None
    assert (result.revision.outcome, result.revision.contract) == ("staged", "1.0.0")
    told = summary(newer.rehearsing().rehearse(newer.out_of_date([result.packet_id])))
    assert told.changes == {("staged", "held"): 1}
    assert told.reasons == {("REQUIRED_FIELD_MISSING", "candidate.owned_by"): 1}
    for _ in newer.backfill(newer.out_of_date([result.packet_id])):
        pass
    latest = running.found.store.latest(result.packet_id)
    assert latest is not None
    assert (latest.contract, latest.outcome, latest.revision) == ("3.0.0", "held", 2)
    assert running.found.store.revision(result.packet_id, 1) == result.revision


def test_a_new_contract_reads_nothing_again_and_a_second_backfill_does_nothing(running: Runner) -> None:
    extractions = running.found.settings.extractions
    made = {path: path.stat().st_mtime_ns for source in SOURCES for path in (extractions / source.name).iterdir()}
    newer = under(running, "1.1.0")
    wanted = newer.out_of_date()
    assert {one.assets for one in wanted} == {RECORD}
    assert wanted
    assert [packet for batch in newer.backfill(wanted) for packet in batch]
    assert {path: path.stat().st_mtime_ns for path in made} == made
    assert newer.out_of_date() == []


def test_an_interrupted_backfill_goes_on_where_it_was(running: Runner) -> None:
    newer = under(running, "1.0.0")
    wanted = newer.out_of_date()
    assert len(wanted) > 2
    for _ in newer.backfill(wanted[:2]):
        pass
    assert {one.packet for one in newer.out_of_date()} == {one.packet for one in wanted[2:]}
    for _ in newer.backfill(newer.out_of_date()):
        pass
    assert newer.out_of_date() == []


def test_what_changed_decides_how_far_back_a_packet_goes(running: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    [standing] = running.found.store.standing([running.found.store.find("stale").packet_id])
    facts = dict(standing.made_from)
    now = Current(**{name: facts[name] for name in Current.__dataclass_fields__})
    assert outdated("p", facts, now) is None

    def again(**changes: str) -> tuple[str, ...]:
        found = outdated("p", facts, replace(now, **changes))
        assert found is not None
        return found.assets

    assert again(contract="9.9.9") == RECORD
    assert again(contract_digest="sha256:other") == RECORD
    assert again(registries="sha256:other") == (*JUDGEMENT, *RECORD)
    assert again(policy="sha256:other") == EVERYTHING
    assert outdated("p", {}, now).assets == EVERYTHING  # type: ignore[union-attr]
    newer = {
        name: (source, "99" if name == "trivy-json" else revision) for name, (source, revision) in outdated_module._revisions().items()
    }
    monkeypatch.setattr(outdated_module, "_revisions", lambda: newer)
    of_reader = outdated("p", facts, now)
    assert of_reader is not None
    assert set(of_reader.assets) == {"review_findings", "vulnerability_scans", *JUDGEMENT, *RECORD}
    assert outdated("p", {**facts, "readers": "junit-xml/" + newer["junit-xml"][1]}, now) is None


def test_the_command_line_rehearses_and_backfills(running: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELEASE_STAGING_HOME", str(running.found.settings.home))
    dry = CliRunner().invoke(cli, ["backfill", "--contract", "2.0.0", "--dry-run", "--format", "json"])
    said = json.parse(dry.stdout.encode())
    assert said["packets"] == len(running.found.store.standing())
    assert any("-> 2.0.0" in reason for reason in said["out_of_date"])
    done = CliRunner().invoke(cli, ["backfill", "--contract", "2.0.0", "--format", "json"])
    came = json.parse(done.stdout.encode())
    assert came["packets"] == said["packets"]
    for outcome in ("staged", "held"):
        assert came[outcome] == sum(one["packets"] for one in said["outcomes"] if one["then"] == outcome)


def test_the_opt_in_sensor_asks_for_bounded_runs_behind_new_packets(running: Runner) -> None:
    definitions = build_defs(replace(running.found.settings, contract="1.1.0"))
    assert definitions.get_repository_def().get_sensor_def("restage_outdated").default_status is dg.DefaultSensorStatus.STOPPED
    asked = tick(running.instance, definitions, "restage_outdated").run_requests or ()
    assert asked
    for one in asked:
        assert one.tags["dagster/priority"] == "-1"
        assert {key.path[-1] for key in one.asset_selection or ()} == set(RECORD)


def test_the_ui_is_told_what_each_asset_is_made_by() -> None:
    def versions(contract: str) -> dict[str, str | None]:
        graph = build_defs(replace(Settings.of({}), contract=contract)).resolve_asset_graph()
        return {key.path[-1]: graph.get(key).code_version for key in graph.get_all_asset_keys()}

    old, new = versions("1.1.0"), versions("2.0.0")
    assert all(old[name] for name in EVERYTHING)
    assert {name for name in old if old[name] != new[name]} == set(RECORD)


def test_a_backfill_that_was_killed_twice_ends_with_one_revision_a_packet(running: Runner) -> None:
    """Wherever it was: a batch is handed off wholly, or not at all."""
    before = {one.packet_id: one.revision for one in running.found.store.standing()}
    contract = min({"1.0.0", "1.1.0"} - {one.contract for one in running.found.store.standing()})
    command = [sys.executable, "-c", "from release_staging.cli.main import main; main()", "backfill", "--contract", contract]
    environment = {**os.environ, "RELEASE_STAGING_HOME": str(running.found.settings.home)}
    for seconds in (2.5, 5.0):
        killed = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        with suppress(subprocess.TimeoutExpired):
            killed.wait(seconds)
        killed.kill()
        killed.wait()
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode in (0, 3), done.stderr
    after = {one.packet_id: one for one in running.found.store.standing()}
    assert {one.contract for one in after.values()} == {contract}
    for packet, one in after.items():
        assert one.revision - before[packet] <= 1
    assert under(running, contract).out_of_date() == []


def test_the_ui_says_that_packets_of_a_range_are_out_of_date_and_when_they_are_not_any_more(running: Runner) -> None:
    def causes(contract: str, asset: str) -> list[str]:
        graph = build_defs(replace(running.found.settings, contract=contract)).resolve_asset_graph()
        resolver = CachingStaleStatusResolver(running.instance, graph, LoadingContextForTest(running.instance))
        packet = running.found.store.find("clean-1").packet_id
        return [cause.reason for cause in resolver.get_stale_causes(dg.AssetKey(asset), packet)]

    for _ in under(running, "1.1.0").backfill(under(running, "1.1.0").out_of_date()):
        pass
    for asset in ("staging_record_draft", "handoff_outcome"):
        assert causes("1.1.0", asset) == []
        assert causes("2.0.0", asset) == ["has a new code version"]


def test_a_packet_of_which_a_part_was_made_under_an_older_policy_is_out_of_date(running: Runner) -> None:
    """As when somebody makes only the draft again in the UI: the new policy stands in the record, and the old one opened the evidence."""
    [standing] = running.found.store.standing([running.found.store.find("stale").packet_id])
    facts = dict(standing.made_from)
    now = replace(Current(**{name: facts[name] for name in Current.__dataclass_fields__}), policy="sha256:newer")
    found = outdated("p", {**facts, "policy": "sha256:newer"}, now)
    assert found is not None
    assert (found.reasons, found.assets) == (("opened with",), EVERYTHING)
