"""The Dagster home of a state folder: the same for every process, nothing secret in it, and it runs."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from dagster._core.definitions.run_request import InstigatorType
from dagster._core.scheduler.instigation import TickStatus
from sqlalchemy import create_engine, inspect

from release_staging.parsing.yaml import parse_all
from release_staging.staging.postgres import DATABASE_URL
from resources.instance import environment, home, instance

PACKETS = dg.DynamicPartitionsDefinition(name="packets")
SECRET = "postgresql+psycopg2://somebody:hush@db.internal:5432/staging"

OTHER_PROCESS = """
import dagster as dg
with dg.DagsterInstance.get() as instance:
    print(type(instance.run_storage).__name__, instance.get_runs_count())
"""


@dg.asset(partitions_def=PACKETS)
def staged(context: dg.AssetExecutionContext) -> str:
    return os.environ["DAGSTER_EVENT_BATCH_SIZE"] + context.partition_key


@pytest.fixture
def url(empty_database_url: str) -> str:
    return empty_database_url


def configuration(folder: Path) -> Any:
    (found,) = parse_all((folder / "dagster.yaml").read_bytes())
    return found


def test_runs_of_this_process_are_stored_where_every_process_finds_them(tmp_path: Path, url: str) -> None:
    with instance(tmp_path, url) as opened:
        opened.add_dynamic_partitions("packets", ["one"])
        result = dg.materialize([staged], instance=opened, partition_key="one")
        assert result.output_for_node("staged") == "1000one"
        its = {**os.environ, **environment(home(tmp_path, url))}
        told = subprocess.run([sys.executable, "-c", OTHER_PROCESS], env=its, capture_output=True, text=True, check=True)
    assert told.stdout.startswith("_PooledRuns 1")


def test_the_environment_of_the_process_is_as_before_afterwards(tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAGSTER_EVENT_BATCH_SIZE", "7")
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    with instance(tmp_path, url):
        assert os.environ["DAGSTER_EVENT_BATCH_SIZE"] == "1000"
        assert os.environ["DAGSTER_HOME"] == str(tmp_path / "dagster")
    assert os.environ["DAGSTER_EVENT_BATCH_SIZE"] == "7"
    assert "DAGSTER_HOME" not in os.environ


def test_the_instance_is_configured_as_documented(tmp_path: Path, url: str) -> None:
    with instance(tmp_path, url) as opened:
        assert opened.get_settings("telemetry") == {"enabled": False}
        assert opened.run_monitoring_enabled
        queue = opened.get_concurrency_config().run_queue_config
        assert queue is not None
        assert queue.max_concurrent_runs == 2
        assert opened.run_coordinator.dequeue_interval_seconds == 1
        assert opened.get_settings("sensors")["use_threads"]
        assert opened.get_tick_retention_settings(InstigatorType.SENSOR)[TickStatus.SKIPPED] == 1
        assert Path(opened.storage_directory()).is_relative_to(tmp_path)


def test_a_password_is_never_written_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    folder = home(tmp_path, SECRET)
    for path in folder.rglob("*"):
        assert path.is_dir() or b"hush" not in path.read_bytes()
    assert configuration(folder)["storage"]["custom"]["config"] == {"postgres_url": {"env": DATABASE_URL}}
    monkeypatch.setenv(DATABASE_URL, url.replace("+psycopg2", ""))
    with dg.DagsterInstance.from_config(str(folder)) as opened:
        assert opened.run_storage.postgres_url == url


def test_making_the_home_again_changes_nothing_and_another_database_changes_it(tmp_path: Path, url: str) -> None:
    folder = home(tmp_path, url)
    before = (folder / "dagster.yaml").stat()
    assert home(tmp_path, url) == folder
    assert (folder / "dagster.yaml").stat().st_ino == before.st_ino
    home(tmp_path, url + "&application_name=other")
    assert "other" in configuration(folder)["storage"]["custom"]["config"]["postgres_url"]
    assert list(folder.glob(".dagster.yaml*")) == []


def test_one_database_of_your_own_holds_both_stores(tmp_path: Path, database_url: str) -> None:
    with instance(tmp_path, database_url) as opened:
        assert opened.get_runs_count() == 0
    tables = inspect(create_engine(database_url))
    assert "revisions" in tables.get_table_names("staging")
    assert {"runs", "event_logs"} <= set(tables.get_table_names())
