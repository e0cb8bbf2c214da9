"""The IO manager: what a step hands on is what the next one gets, for one packet or many, and never half of it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import dagster as dg
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.packets import packets, ranged
from release_staging.model.gathered import Gathered, Tables
from release_staging.model.tables import gathered
from resources.packet_tables import PacketTables, read, write

NAMES = ("claims", "problems", "packages")


def rows(packet: str, count: int) -> list[dict[str, object]]:
    return [{"packet": packet, "document": f"sha256:{number:064x}", "locator": f"json-pointer:/{number}"} for number in range(count)]


def tables(**counts: int) -> Tables:
    """Tables over packets: packet to number of rows in each table."""
    return {
        name: pa.Table.from_pylist([row for packet, count in counts.items() for row in rows(packet, count)], schema=gathered(name))
        for name in NAMES
    }


def same(one: Tables, other: Tables) -> bool:
    return one.keys() == other.keys() and all(one[name].equals(other[name].combine_chunks()) for name in one)


def handed_on(folder: Path, made: Tables, keys: list[str]) -> Tables:
    """``made``, through Dagster, by one step to another in a run of its own: nothing is kept in memory between them."""
    got: list[Tables] = []

    @dg.asset(partitions_def=packets, backfill_policy=ranged, io_manager_key="packet_tables")
    def upstream() -> Tables:
        return made

    @dg.asset(partitions_def=packets, backfill_policy=ranged, io_manager_key="packet_tables")
    def downstream(upstream: Tables) -> Tables:
        got.append(upstream)
        return {}

    with dg.DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions("packets", keys)
        tags = {"dagster/asset_partition_range_start": keys[0], "dagster/asset_partition_range_end": keys[-1]}
        for selection in ([upstream], [downstream]):
            done = dg.materialize(
                [upstream, downstream],
                selection=selection,
                instance=instance,
                resources={"packet_tables": PacketTables(folder=str(folder))},
                partition_key=keys[0] if len(keys) == 1 else None,
                tags=None if len(keys) == 1 else tags,
            )
            assert done.success
    return got[0]


def test_one_packet_comes_back_as_it_was(tmp_path: Path) -> None:
    made = tables(one=3)
    assert same(made, handed_on(tmp_path, made, ["one"]))
    assert [path.name for path in (tmp_path / "upstream").iterdir()] == ["one.parquet"]


def test_many_packets_come_back_together_and_lie_apart(tmp_path: Path) -> None:
    made = tables(a=2, b=0, c=1)
    assert same(made, handed_on(tmp_path, made, ["a", "b", "c"]))
    assert sorted(path.name for path in (tmp_path / "upstream").iterdir()) == ["a.parquet", "b.parquet", "c.parquet"]
    for packet, count in (("a", 2), ("b", 0), ("c", 1)):
        alone = read(tmp_path / "upstream" / f"{packet}.parquet")
        assert [alone[name].num_rows for name in NAMES] == [count] * 3
        assert Gathered(alone).packets == ([packet] if count else [])


def test_empty_tables_keep_their_columns(tmp_path: Path) -> None:
    made = tables(one=0)
    got = handed_on(tmp_path, made, ["one"])
    for name in NAMES:
        assert got[name].schema == gathered(name)
        assert got[name].num_rows == 0


_CELL = st.one_of(st.none(), st.text(max_size=20), st.sampled_from(["\x00", "￿", "\U0001f600", "a" * 5_000]))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(_CELL, _CELL), max_size=20))
def test_any_text_comes_back(tmp_path_factory: pytest.TempPathFactory, cells: list[tuple[str | None, str | None]]) -> None:
    path = tmp_path_factory.mktemp("cells") / "asset" / "one.parquet"
    made = pa.Table.from_pylist(
        [{"packet": "one", "document": "d", "field": a, "value": b} for a, b in cells],
        schema=gathered("claims"),
    )
    write(path, {"claims": made})
    assert read(path)["claims"].combine_chunks().equals(made)


CLIMBING = ["../../etc/passwd", "..", "a/b", "/etc/passwd", "a..b", "A", "", "a\n", "-a", ".a", "a" * 101, "a\x00", "é"]


@pytest.mark.parametrize("key", CLIMBING)
def test_a_key_that_is_no_packet_id_is_refused_before_anything_is_touched(key: str, tmp_path: Path) -> None:
    folder = tmp_path / "extractions"
    manager = PacketTables(folder=str(folder))
    with pytest.raises(ValueError, match="not made by the intake"):
        manager._path("claims", key)
    output = dg.build_output_context(asset_key=dg.AssetKey("claims"), partition_key=key)
    if key:
        with pytest.raises(dg.DagsterInvariantViolationError) if output.has_asset_partitions and not key else pytest.raises(ValueError):
            manager._path("claims", output.partition_key)
    assert list(tmp_path.rglob("*")) == []


def test_a_packet_that_was_never_extracted_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "asset" / "one.parquet")


def test_a_reader_never_sees_half_a_file(tmp_path: Path) -> None:
    """A file is replaced over and over while it is read: each look finds one version, whole."""
    path = tmp_path / "asset" / "one.parquet"
    versions = [tables(one=count) for count in (1, 5_000)]
    write(path, dict(versions[0]))
    stop = threading.Event()

    def rewrite() -> None:
        while not stop.is_set():
            for version in versions:
                write(path, dict(version))

    writer = threading.Thread(target=rewrite)
    writer.start()
    try:
        counts = {read(path)["claims"].num_rows for _ in range(60)}
    finally:
        stop.set()
        writer.join()
    assert counts <= {1, 5_000}


KILLED = """
import sys
from pathlib import Path
from resources import packet_tables
from tests.assets.test_io_manager import tables

def die(*_, **__):
    import os
    part = _[1]
    Path(part).write_bytes(b"PAR1 half a fi")
    os._exit(9)

packet_tables.pq.write_table = die
packet_tables.write(Path(sys.argv[1]), tables(one=10))
"""


def test_a_process_that_dies_while_it_writes_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "asset" / "one.parquet"
    write(path, dict(tables(one=1)))
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(path)], cwd=Path(__file__).parents[2], env={**os.environ, "PYTHONPATH": "."}, check=False
    )
    assert done.returncode == 9
    assert read(path)["claims"].num_rows == 1
