"""What tests of the DAG share."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import dagster as dg
from dagster import DagsterEventType
from dagster._core.definitions.sensor_definition import SensorExecutionData

from release_staging.cli.running import Result, Runner


def tick(instance: dg.DagsterInstance, definitions: dg.Definitions, name: str, cursor: str | None = None) -> SensorExecutionData:
    """One evaluation of a sensor, as a code server evaluates it, in a context made anew."""
    repository = definitions.get_repository_def()
    sensor = repository.get_sensor_def(name)
    resources = {name: made for name, made in repository.get_top_level_resources().items() if name in sensor.required_resource_keys}
    with dg.SensorEvaluationContext(
        instance.get_ref(),
        last_tick_completion_time=None,
        last_run_key=None,
        cursor=cursor,
        repository_name=repository.name,
        repository_def=repository,
        sensor_name=sensor.name,
        resources=resources,
    ) as context:
        return sensor.evaluate_tick(context)


def run(running: Runner, *paths: Path) -> list[Result]:
    """Admits the packets and runs them: one as a run of its partition, several as a ranged run."""
    results = [running.admit(path) for path in paths]
    for _ in running.run(results):
        pass
    return results


def under_policy(running: Runner, policy: Path) -> Runner:
    """A runner on the same deployment whose policy is another file."""
    return Runner(replace(running.found, settings=replace(running.found.settings, policy=policy)), running.instance)


def materialised(instance: dg.DagsterInstance, asset: str) -> set[str]:
    """The packets for which the UI shows the asset as materialised."""
    return instance.get_materialized_partitions(dg.AssetKey(asset))


def metadata(instance: dg.DagsterInstance, asset: str, packet: str) -> dict[str, Any]:
    """The metadata of an asset's last materialisation for a packet."""
    [record] = instance.fetch_materializations(dg.AssetRecordsFilter(dg.AssetKey(asset), asset_partitions=[packet]), limit=1).records
    found = record.asset_materialization
    assert found is not None
    return {name: value.value for name, value in found.metadata.items()}


def last_run(instance: dg.DagsterInstance) -> dg.DagsterRun:
    [run] = instance.get_runs(limit=1)
    return run


def evaluations(instance: dg.DagsterInstance, run_id: str) -> list[dg.AssetCheckEvaluation]:
    """Every check evaluation that a run logged."""
    records = instance.get_records_for_run(run_id, of_type=DagsterEventType.ASSET_CHECK_EVALUATION).records
    return [record.event_log_entry.asset_check_evaluation for record in records]
