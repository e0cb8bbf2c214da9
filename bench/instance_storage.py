"""What Dagster's own bookkeeping costs: storages and settings compared on a DAG whose assets do nothing.

Each storage (SQLite as Dagster's default, dagster-postgres as it comes, and ``resources.instance_storage``) runs the same
15 assets over one packet, several times, and over a range of packets in one run, with and without the two event settings of
``resources.instance``. PostgreSQL is the embedded one. Ranges are shorter where 1,000 packets would take minutes; the rate is per packet.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import dagster as dg
import orjson
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from sqlalchemy import event, pool

from release_staging.staging.embedded import EmbeddedServer
from resources.instance import environment

ASSETS = 15
PACKETS = dg.DynamicPartitionsDefinition(name="packets")
STORAGES = ("SQLite", "dagster-postgres", "pooled")
SETTINGS = {name: value for name, value in environment(Path()).items() if name != "DAGSTER_HOME"}
_WIDTH = 96  # characters the table needs
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@dataclass(frozen=True)
class Measurement:
    """``single_seconds``: median of the runs over one packet; ``connections``: opened in the last of them; ``rate``: packets a second."""

    storage: str
    settings: bool
    single_seconds: float
    connections: int
    range_packets: int
    rate: float


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench.instance_storage", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer runs and shorter ranges: under a minute")
    quick = parser.parse_args(arguments).quick
    measured = []
    with TemporaryDirectory(prefix="release-staging-bench-") as folder, EmbeddedServer(Path(folder) / "postgres") as server:
        for number, (storage, settings) in enumerate((storage, settings) for storage in STORAGES for settings in (False, True)):
            fast = settings and storage != "SQLite"
            packets = (100 if quick else 1000) if fast else (5 if quick else 25)
            with opened(storage, Path(folder) / str(number), server, f"bench_{number}", settings=settings) as instance:
                measured.append(measure(storage, settings, instance, runs=1 if quick else 3, packets=packets))
    Console(width=max(Console().width, _WIDTH)).print(shown(measured))
    return 0


def measure(storage: str, settings: bool, instance: dg.DagsterInstance, *, runs: int, packets: int) -> Measurement:
    """The first run is not counted: it creates what later runs find."""
    assets = chain()
    keys = [f"packet-{number:05}" for number in range(packets)]
    instance.add_dynamic_partitions("packets", keys)
    dg.materialize(assets, instance=instance, partition_key=keys[0], run_config=QUIET)
    seconds = []
    for _ in range(runs):
        with connections_opened() as connections:
            seconds.append(timed(assets, instance, partition_key=keys[0]))
    ends = {"dagster/asset_partition_range_start": keys[0], "dagster/asset_partition_range_end": keys[-1]}
    in_range = timed(assets, instance, tags=ends)
    stored = instance.get_materialized_partitions(assets[-1].key)
    if len(stored) != packets:
        raise RuntimeError(f"the ranged run stored {len(stored)} of {packets} packets")
    return Measurement(storage, settings, statistics.median(seconds), len(connections), packets, packets / in_range)


def timed(assets: Sequence[dg.AssetsDefinition], instance: dg.DagsterInstance, **run: Any) -> float:
    """Seconds of one run in this process."""
    started = time.perf_counter()
    dg.materialize(assets, instance=instance, run_config=QUIET, **run)
    return time.perf_counter() - started


def chain() -> list[dg.AssetsDefinition]:
    """As the product's DAG: a root, extraction assets beside each other on it, and one that joins them."""

    def asset(name: str, deps: Sequence[str]) -> dg.AssetsDefinition:
        @dg.asset(name=name, deps=deps, partitions_def=PACKETS, backfill_policy=dg.BackfillPolicy.single_run())
        def body() -> None:
            pass

        return body

    sides = [f"extraction_{number}" for number in range(ASSETS - 2)]
    return [asset("root", []), *(asset(side, ["root"]) for side in sides), asset("joined", sides)]


@contextmanager
def opened(storage: str, folder: Path, server: EmbeddedServer, database: str, *, settings: bool) -> Iterator[dg.DagsterInstance]:
    """A fresh instance, as a process finds it: from a dagster.yaml."""
    folder.mkdir()
    configuration: dict[str, Any] = {"telemetry": {"enabled": False}}
    with ExitStack() as stack:
        if storage != "SQLite":
            stack.enter_context(EmbeddedServer(server.folder, databases=[database]))
            address = {"postgres_url": server.url(database)}
            pooled = {"custom": {"module": "resources.instance_storage", "class": "PooledPostgresStorage", "config": address}}
            configuration["storage"] = pooled if storage == "pooled" else {"postgres": address}
        (folder / "dagster.yaml").write_bytes(orjson.dumps(configuration))
        for name, value in SETTINGS.items():
            os.environ[name] = value if settings else "0"
        yield stack.enter_context(dg.DagsterInstance.from_config(str(folder)))


@contextmanager
def connections_opened() -> Iterator[list[object]]:
    """What any engine of this process opens."""
    found: list[object] = []

    def opened_one(connection: object, _: object) -> None:
        found.append(connection)

    event.listen(pool.Pool, "connect", opened_one)
    try:
        yield found
    finally:
        event.remove(pool.Pool, "connect", opened_one)


def shown(measured: Sequence[Measurement]) -> Table:
    """Medians, and how many times better than dagster-postgres as it comes."""
    base = next(one for one in measured if one.storage == "dagster-postgres" and not one.settings)
    title = f"{ASSETS} assets that do nothing; x: times better than dagster-postgres as it comes"
    table = Table(title=title, box=SIMPLE_HEAD, pad_edge=False)
    for heading in ("storage", "settings", "1 packet", "x", "connects", "range", "packets/s", "x"):
        table.add_column(heading, justify="left" if heading == "storage" else "right", no_wrap=True)
    for one in measured:
        table.add_row(
            one.storage,
            "on" if one.settings else "off",
            f"{one.single_seconds:.2f} s",
            f"{base.single_seconds / one.single_seconds:.1f}",
            str(one.connections),
            str(one.range_packets),
            f"{one.rate:.1f}",
            f"{one.rate / base.rate:.1f}",
        )
    return table


if __name__ == "__main__":
    sys.exit(main())
