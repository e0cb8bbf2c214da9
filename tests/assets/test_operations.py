"""How the deployment does, in the UI: numbers over time, tables, and a check that warns; on a real instance."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from assets.jobs import hourly, look_after, stage_packets
from release_staging.cli.running import Result, Runner
from release_staging.definitions import build_defs
from release_staging.model.exceptions import Code
from resources.reference import Reference
from resources.staging import StagingDatabase
from tests.assets.support import evaluations
from tests.config.support import changed_policy


@pytest.fixture
def look(deployed: Runner, samples: dict[str, Result]) -> Any:
    """Runs the job as the schedule does; returns the run, and the metadata of each asset."""

    def looked(**resources: Any) -> tuple[dg.ExecuteInProcessResult, dict[str, dict[str, Any]]]:
        job = build_defs(deployed.found.settings, **resources).resolve_job_def(look_after.name)
        made = job.execute_in_process(instance=deployed.instance)
        said = {
            event.asset_key.path[-1]: {name: value.value for name, value in event.materialization.metadata.items()}
            for event in made.get_asset_materialization_events()
            if event.asset_key is not None
        }
        return made, said

    return looked


def rows(value: Any) -> list[dict[str, Any]]:
    records, _ = value
    return [dict(record.data) for record in records]


def test_the_queue_is_told_in_numbers_and_tables_by_code_role_and_age(look: Any, deployed: Runner) -> None:
    _, said = look()
    health, holds = said["queue_health"], deployed.found.store.holds()
    assert health["open_holds"] == len(holds) > 5
    assert health["holds_MIXED_CANDIDATE"] == sum(
        any(one.blocking and one.code == "MIXED_CANDIDATE" for one in h.exceptions) for h in holds
    )
    assert {name.removeprefix("holds_") for name in health if name.startswith("holds_") and name[6].isupper()} == set(Code)
    assert sum(row["packets"] for row in rows(health["by_age"])) == len(holds)
    assert {row["role"] for row in rows(health["by_role"])} == {"release_manager", "service_owner", "security_reviewer"}


def test_the_check_passes_while_nothing_is_overdue_and_warns_when_something_is(look: Any, deployed: Runner, tmp_path: Path) -> None:
    made, said = look()
    [check] = evaluations(deployed.instance, made.run_id)
    assert (check.check_name, check.passed, said["queue_health"]["overdue_holds"]) == ("holds_within_policy", True, 0)
    strict = changed_policy(tmp_path, "overdue_after: {release_manager: 3d", "overdue_after: {release_manager: 0m")
    settings = deployed.found.settings
    reference = Reference(
        registries_folder=str(settings.registries),
        policy_file=str(strict),
        contract_version=settings.contract,
        contracts_folder=str(settings.contracts),
        digest_key_file=str(settings.digest_key),
    )
    made, said = look(reference=reference)
    [check] = evaluations(deployed.instance, made.run_id)
    assert made.success
    assert not check.passed
    assert check.severity is dg.AssetCheckSeverity.WARN
    assert "for the release manager" in (check.description or "")
    overdue = rows(said["queue_health"]["overdue"])
    assert {row["role"] for row in overdue} == {"release_manager"}


def test_intake_quality_is_told_in_numbers_and_tables(look: Any, deployed: Runner, samples: dict[str, Result]) -> None:
    _, said = look()
    found = said["intake_quality"]
    packets = deployed.found.store.packets()
    assert found["packets"] == len(packets) >= len(samples)
    assert found["staged"] + found["held"] == len(packets) - len(deployed.found.store.without_outcome(packets[-1].received_at))
    assert found["records_sampled"] >= 1
    assert found["fields_led_back_percent"] == 100
    assert {row["code"] for row in rows(found["held_by_code"])} >= {"MIXED_CANDIDATE", "DISCLOSURE_SECRET", "CONTRADICTION"}
    assert {row["code"] for row in rows(found["format_problems"])} >= {"SCHEMA_DRIFT", "EVIDENCE_EMPTY"}


def test_the_two_jobs_share_no_asset_and_the_schedule_is_on(deployed: Runner) -> None:
    defs = build_defs(deployed.found.settings)
    looks, stages = (set(defs.resolve_job_def(job.name).asset_layer.selected_asset_keys) for job in (look_after, stage_packets))
    assert {key.path[-1] for key in looks} == {"queue_health", "intake_quality"}
    assert looks.isdisjoint(stages)
    assert dg.AssetKey("handoff_outcome") in stages
    assert hourly.default_status is dg.DefaultScheduleStatus.RUNNING
    assert defs.resolve_schedule_def(hourly.name).job_name == look_after.name


@pytest.fixture
def empty(deployed: Runner, database_url: str, tmp_path: Path) -> StagingDatabase:
    return StagingDatabase(home=str(tmp_path), url=database_url)


def test_an_empty_deployment_is_looked_at_without_failing(look: Any, empty: StagingDatabase) -> None:
    made, said = look(staging=empty)
    assert made.success
    assert (said["queue_health"]["open_holds"], said["intake_quality"]["packets"]) == (0, 0)
    assert "usable_as_it_was_percent" not in said["intake_quality"]
