"""The pooled storage keeps what dagster-postgres as it comes keeps, over far fewer connections."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
import orjson
import pytest
from dagster._core.definitions.run_request import InstigatorType
from dagster._core.remote_origin import ManagedGrpcPythonEnvCodeLocationOrigin, RemoteInstigatorOrigin, RemoteRepositoryOrigin
from dagster._core.scheduler.instigation import InstigatorState, InstigatorStatus, TickData, TickStatus
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
from dagster._daemon.types import DaemonHeartbeat
from sqlalchemy import create_engine, event, pool, text

from release_staging.staging.embedded import EmbeddedServer
from resources.instance_storage import PooledPostgresStorage

PACKETS = dg.DynamicPartitionsDefinition(name="packets")
KEYS = ["one", "two", "three"]
STOCK: dict[str, Any] = {"postgres": {}}
POOLED: dict[str, Any] = {"custom": {"module": "resources.instance_storage", "class": "PooledPostgresStorage"}}


@dg.asset(partitions_def=PACKETS, check_specs=[dg.AssetCheckSpec("plausible", asset="extracted")])
def extracted(context: dg.AssetExecutionContext):  # type: ignore[no-untyped-def]
    result = dg.AssetCheckResult(passed=context.partition_key != "two", metadata={"seen": 3})
    return dg.MaterializeResult(metadata={"rows": 7, "key": context.partition_key}, check_results=[result])


@dg.asset(partitions_def=PACKETS, deps=[extracted])
def outcome(context: dg.AssetExecutionContext) -> None:
    if context.partition_key == "three":
        raise RuntimeError("the machinery failed")


@contextmanager
def opened(folder: Path, storage: dict[str, Any], url: str) -> Iterator[dg.DagsterInstance]:
    """An instance as processes open it: from a dagster.yaml."""
    folder.mkdir(exist_ok=True)
    address = {"postgres_url": url}
    chosen = {"postgres": address} if storage == STOCK else {"custom": {**storage["custom"], "config": address}}
    (folder / "dagster.yaml").write_bytes(orjson.dumps({"storage": chosen, "telemetry": {"enabled": False}}))
    with dg.DagsterInstance.from_config(str(folder)) as instance:
        yield instance


def run_packets(instance: dg.DagsterInstance) -> None:
    instance.add_dynamic_partitions("packets", KEYS)
    for key in KEYS:
        dg.materialize([extracted, outcome], instance=instance, partition_key=key, tags={"intake": "test"}, raise_on_error=False)


def use(instance: dg.DagsterInstance) -> list[Any]:
    """Every kind of thing an instance stores, and what it returns of it, without what differs from run to run."""
    run_packets(instance)
    instance.delete_dynamic_partition("packets", "one")
    instance.report_runless_asset_event(dg.AssetMaterialization("elsewhere", partition="x", metadata={"a": 1.5}, tags={"t": "v"}))
    instance.report_runless_asset_event(dg.AssetObservation("extracted", partition="two", metadata={"note": "na\u00efve"}))
    instance.run_storage.set_cursor_values({"cursor": "1"})
    instance.run_storage.set_cursor_values({"cursor": "2", "other": "x"})
    instance.add_daemon_heartbeat(DaemonHeartbeat(1.0, "SENSOR", "id", None))
    state = InstigatorState(_origin(), InstigatorType.SENSOR, InstigatorStatus.RUNNING)
    instance.add_instigator_state(state)
    begun = TickData(state.instigator_origin_id, "s", InstigatorType.SENSOR, TickStatus.SKIPPED, 5.0, selector_id=state.selector_id)
    tick = instance.create_tick(begun)
    instance.update_tick(tick.with_status(TickStatus.SUCCESS))
    runs = sorted(instance.get_runs(), key=lambda run: run.tags["dagster/partition"])
    kept = {key: instance.fetch_materializations(dg.AssetKey(key), limit=50).records for key in ("extracted", "outcome", "elsewhere")}
    plausible = dg.AssetCheckKey(dg.AssetKey("extracted"), "plausible")
    judged = instance.event_log_storage.get_asset_check_execution_history(plausible, limit=9)
    assert len(kept["extracted"]) == len(judged) == len(runs) == len(KEYS)
    return [
        [(run.job_name, run.status, run.tags["intake"], run.tags["dagster/partition"]) for run in runs],
        [[_told(entry) for entry in instance.all_logs(run.run_id)] for run in runs],
        [
            (r.asset_key, r.partition_key, r.asset_materialization and dict(r.asset_materialization.metadata))
            for of in kept.values()
            for r in of
        ],
        [instance.get_latest_materialization_event(dg.AssetKey("extracted")) is not None, sorted(map(str, instance.all_asset_keys()))],
        list(instance.get_dynamic_partitions("packets")),
        sorted(instance.get_materialized_partitions(dg.AssetKey("extracted"))),
        [(r.status, r.event and r.event.dagster_event and r.event.dagster_event.asset_check_evaluation_data.passed) for r in judged],
        instance.run_storage.get_cursor_values({"cursor", "other"}),
        [(name, beat.daemon_id) for name, beat in instance.get_daemon_heartbeats().items()],
        [(t.status, t.timestamp) for t in instance.get_ticks(state.instigator_origin_id, state.selector_id)],
        [one.status for one in instance.all_instigator_state()],
        instance.get_run_stats(runs[2].run_id).steps_failed,
        instance.get_runs_count(dg.RunsFilter(statuses=[dg.DagsterRunStatus.FAILURE])),
    ]


def _told(entry: Any) -> tuple[Any, ...]:
    happened = entry.dagster_event
    if happened is None:
        return (entry.level, entry.step_key)
    return (happened.event_type_value, happened.step_key, str(happened.asset_key), happened.partition)


def _origin() -> RemoteInstigatorOrigin:
    target = LoadableTargetOrigin(python_file="x.py")
    return RemoteInstigatorOrigin(RemoteRepositoryOrigin(ManagedGrpcPythonEnvCodeLocationOrigin(target, "here"), "repository"), "sensor")


@contextmanager
def connections_opened() -> Iterator[list[str]]:
    """Counts what any engine of this process opens."""
    found: list[str] = []

    def opened_one(connection: Any, _: object) -> None:
        found.append(connection.info.dbname)

    event.listen(pool.Pool, "connect", opened_one)
    try:
        yield found
    finally:
        event.remove(pool.Pool, "connect", opened_one)


def backends(url: str) -> set[int]:
    """The server's processes that serve the database, but the one that answers this."""
    ours = text("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
    with create_engine(url, poolclass=pool.NullPool).connect() as connection:
        return set(connection.scalars(ours))


@pytest.fixture
def url(empty_database_url: str) -> str:
    return empty_database_url


@pytest.fixture
def other_url(server: EmbeddedServer) -> Iterator[str]:
    admin = create_engine(server.url("postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("CREATE DATABASE as_it_comes"))
    yield server.url("as_it_comes")
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE as_it_comes WITH (FORCE)"))
    admin.dispose()


@pytest.mark.parametrize("batch", ["0", "1000"])
def test_it_stores_and_returns_what_dagster_postgres_does(
    tmp_path: Path, url: str, other_url: str, monkeypatch: pytest.MonkeyPatch, batch: str
) -> None:
    monkeypatch.setenv("DAGSTER_EVENT_BATCH_SIZE", batch)
    with opened(tmp_path / "pooled", POOLED, url) as pooled, opened(tmp_path / "stock", STOCK, other_url) as stock:
        assert use(pooled) == use(stock)


def test_it_opens_a_handful_of_connections_where_dagster_postgres_opens_hundreds(tmp_path: Path, url: str, other_url: str) -> None:
    counted = []
    for folder, storage, at in (("pooled", POOLED, url), ("stock", STOCK, other_url)):
        with opened(tmp_path / folder, storage, at) as instance, connections_opened() as found:
            run_packets(instance)
        counted.append(len(found))
    assert counted[0] <= 6
    assert counted[1] > 50 * counted[0]


def test_it_holds_no_connection_when_its_instance_is_closed(tmp_path: Path, url: str) -> None:
    with opened(tmp_path / "home", POOLED, url) as instance:
        run_packets(instance)
        assert 1 <= len(backends(url)) <= 6
    assert backends(url) == set()


def test_an_instance_on_tables_that_exist_opens_one_connection(tmp_path: Path, url: str) -> None:
    with opened(tmp_path / "home", POOLED, url):
        pass
    with connections_opened() as found, opened(tmp_path / "home", POOLED, url) as instance:
        assert instance.get_runs_count() == 0
    assert len(found) == 1


def test_it_survives_a_restart_of_the_server(state: Path) -> None:
    first = EmbeddedServer(state / "postgres", databases=("dagster",))
    first.attach()
    with opened(state / "home", POOLED, first.url("dagster")) as instance:
        run_packets(instance)
        first.leave()
        with EmbeddedServer(state / "postgres"):
            assert instance.get_runs_count() == len(KEYS)
            run_packets(instance)
            assert instance.get_runs_count() == 2 * len(KEYS)


def test_a_fork_neither_uses_nor_closes_the_connections_of_its_parent(tmp_path: Path, url: str) -> None:
    with opened(tmp_path / "home", POOLED, url) as instance:
        assert instance.get_runs_count() == 0
        before = backends(url)
        child = os.fork()
        if child == 0:
            counted = instance.get_runs_count()
            mine = backends(url) - before
            instance.dispose()
            os._exit(0 if counted == 0 and len(mine) == 1 else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        with connections_opened() as found:
            assert instance.get_runs_count() == 0
        assert found == []


def test_the_webserver_limits_its_statements_and_pools_too(tmp_path: Path, url: str) -> None:
    with opened(tmp_path / "home", POOLED, url) as instance:
        run_packets(instance)
        instance.optimize_for_webserver(statement_timeout=1234, pool_recycle=60, max_overflow=5)
        with connections_opened() as found:
            for _ in range(5):
                assert instance.get_runs_count() == len(KEYS)
                assert len(instance.all_asset_keys()) == 2
        assert len(found) == 2  # one for runs, one for events
        with instance.run_storage.connect() as connection:
            assert connection.scalar(text("SHOW statement_timeout")) == "1234ms"


def test_the_driver_need_not_be_in_the_address(url: str) -> None:
    bare = url.replace("+psycopg2", "")
    storage = PooledPostgresStorage.from_config_value(None, {"postgres_url": bare})
    assert storage.postgres_url == url
    storage.dispose()
