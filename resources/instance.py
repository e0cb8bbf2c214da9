"""The Dagster instance of a state folder: its ``DAGSTER_HOME``, and the environment its processes are started with."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson
from dagster import DagsterInstance
from sqlalchemy import make_url

from release_staging.staging.postgres import DATABASE_URL

_SETTINGS = {
    # One write for the events of a step instead of one each, and one planned event for a range of packets instead of one for each
    # packet and asset: together a ranged run of 1,000 packets is tens of times faster (``python -m bench``).
    "DAGSTER_EVENT_BATCH_SIZE": "1000",
    "DAGSTER_EMIT_PARTITION_SUBSET_IN_PLANNED_EVENTS": "1",
}
_HEADER = b"# Written by release-staging at each start: changes are lost. (JSON is YAML.)\n"


def home(state: Path, database_url: str) -> Path:
    """Makes the ``DAGSTER_HOME`` of ``state`` with a ``dagster.yaml`` for the database, and returns its path.

    A password is never written down: where ``database_url`` has one, ``dagster.yaml`` refers to the environment variable
    RELEASE_STAGING_DATABASE_URL, from which it must then have come.
    """
    folder = (state / "dagster").resolve()
    for made in (folder, folder / "logs", folder / "storage"):
        made.mkdir(parents=True, exist_ok=True)
    content = _HEADER + orjson.dumps(_configuration(folder, database_url), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    _replace(folder / "dagster.yaml", content)
    return folder


def environment(dagster_home: Path) -> dict[str, str]:
    """What every process of the instance needs in its environment: webserver, daemon, code servers, runs."""
    return {"DAGSTER_HOME": str(dagster_home), **_SETTINGS}


@contextmanager
def instance(state: Path, database_url: str) -> Iterator[DagsterInstance]:
    """The instance, for runs in this process. Its environment is this process's for as long as the block runs."""
    folder = home(state, database_url)
    with _environment_of_process(environment(folder)), DagsterInstance.from_config(str(folder)) as opened:
        yield opened


def _configuration(folder: Path, database_url: str) -> dict[str, Any]:
    secret = make_url(database_url).password is not None
    return {
        "storage": {
            "custom": {
                "module": "resources.instance_storage",
                "class": "PooledPostgresStorage",
                "config": {"postgres_url": {"env": DATABASE_URL} if secret else database_url},
            }
        },
        "local_artifact_storage": {
            "module": "dagster._core.storage.root",
            "class": "LocalArtifactStorage",
            "config": {"base_dir": str(folder / "storage")},
        },
        "compute_logs": {
            "module": "dagster._core.storage.local_compute_log_manager",
            "class": "LocalComputeLogManager",
            "config": {"base_dir": str(folder / "logs")},
        },
        "run_coordinator": {
            "module": "dagster._core.run_coordinator",
            "class": "QueuedRunCoordinator",
            "config": {"max_concurrent_runs": 2, "dequeue_interval_seconds": 1},
        },
        # A run whose process died is marked failed, and its place in the queue is free again, without anybody looking.
        "run_monitoring": {"enabled": True, "poll_interval_seconds": 30, "free_slots_after_run_end_seconds": 60},
        # Once more when the machinery failed; a step that failed would fail again.
        "run_retries": {"enabled": True, "max_retries": 1, "retry_on_asset_or_op_failure": False},
        "sensors": {"use_threads": True, "num_workers": 2, "num_submit_workers": 2},
        "schedules": {"use_threads": True, "num_workers": 1},
        "backfills": {"use_threads": True, "num_workers": 1, "num_submit_workers": 2},
        "retention": {  # days; -1 keeps
            "sensor": {"purge_after_days": {"skipped": 1, "success": 30, "failure": 90, "started": 30}},
            "schedule": {"purge_after_days": {"skipped": 7, "success": 90, "failure": 90, "started": 30}},
            "auto_materialize": {"purge_after_days": {"skipped": 1, "success": 30, "failure": 90, "started": 30}},
        },
        "telemetry": {"enabled": False},
        "nux": {"enabled": False},
    }


def _replace(path: Path, content: bytes) -> None:
    """Whole or not at all, as a webserver or daemon may be reading it; left alone when nothing changed."""
    if path.exists() and path.read_bytes() == content:
        return
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_bytes(content)
    temporary.replace(path)


@contextmanager
def _environment_of_process(settings: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
