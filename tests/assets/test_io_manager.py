"""The IO manager: what a step hands on is what the next one gets, for one packet or many, and never half of it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from itertools import count
from pathlib import Path

import dagster as dg
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.packets import packets, ranged
from release_staging.model.gathered import Gathered, Tables
from release_staging.model.tables import gathered
from resources.packet_tables import PacketTables, read, write
from tests.packets import PacketBuilder
from tests.staging_domain import stage_path

NAMES = ("claims", "problems", "packages")


def rows(packet: str, many: int) -> list[dict[str, object]]:
    return [{"packet": packet, "document": f"sha256:{number:064x}", "locator": f"json-pointer:/{number}"} for number in range(many)]


def tables(**counts: int) -> Tables:
    """Tables over packets: packet to number of rows in each table."""
    return {
        name: pa.Table.from_pylist([row for packet, many in counts.items() for row in rows(packet, many)], schema=gathered(name))
        for name in NAMES
    }


def same(one: Tables, other: Tables) -> bool:
    """The same rows of every packet, in the same order; packets may stand in any."""

    def sorted_by_packet(table: pa.Table) -> pa.Table:
        numbered = table.append_column("place", [pa.array(range(table.num_rows))])
        order = pc.sort_indices(numbered, [("packet", "ascending"), ("place", "ascending")])
        return table.take(order).combine_chunks()

    return one.keys() == other.keys() and all(sorted_by_packet(one[name]).equals(sorted_by_packet(other[name])) for name in one)


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
    for packet, many in (("a", 2), ("b", 0), ("c", 1)):
        alone = read(tmp_path / "upstream" / f"{packet}.parquet")
        assert {name: alone[name].num_rows for name in alone} == (dict.fromkeys(NAMES, many) if many else {})
        assert Gathered(alone).packets == ([packet] if many else [])


def through_a_file(folder: Path) -> Callable[[Tables], Tables]:
    """Writes tables of one packet to a file of their own, and reads them back."""
    numbers = count(1)

    def between(made: Tables) -> Tables:
        path = folder / "asset" / f"{next(numbers)}.parquet"
        write(path, dict(made))
        return read(path)

    return between


PACKETS = {
    "clean": PacketBuilder.clean(),
    "held": PacketBuilder.sample("test-version-disagreement"),
    "only a descriptor": PacketBuilder({}, {**PacketBuilder.clean().said, "documents": []}),
    "nothing that is recognised": PacketBuilder({"a.bin": b"\x00\x01", "b.txt": b"hello"}, {}, absent=True),
}


@pytest.mark.parametrize("what", sorted(PACKETS))
def test_steps_that_run_again_one_by_one_give_what_they_gave_together(what: str, tmp_path: Path) -> None:
    """As when a run is taken up where it failed: every step reads what it needs from files."""
    path = PACKETS[what].write_folder(tmp_path, "packet")
    assert stage_path(path, between=through_a_file(tmp_path)).outcome.body == stage_path(path).outcome.body


def test_so_does_an_archive_that_cannot_be_opened(tmp_path: Path) -> None:
    path = tmp_path / "broken.zip"
    path.write_bytes(b"PK\x03\x04 this is no archive")
    assert stage_path(path, between=through_a_file(tmp_path)).outcome.body == stage_path(path).outcome.body


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
    got = read(path)
    assert got["claims"].combine_chunks().equals(made) if cells else got == {}


CLIMBING = ["../../etc/passwd", "..", "a/b", "/etc/passwd", "a..b", "A", "", "a\n", "-a", ".a", "a" * 101, "a\x00", "é"]


@pytest.mark.parametrize("key", CLIMBING)
def test_a_key_that_is_no_packet_id_is_refused_before_anything_is_touched(key: str, tmp_path: Path) -> None:
    folder = tmp_path / "extractions"
    manager = PacketTables(folder=str(folder))
    with pytest.raises(ValueError, match="not made by the intake"):
        manager._path("claims", key)
    assert list(tmp_path.rglob("*")) == []


def test_a_packet_that_was_never_extracted_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "asset" / "one.parquet")


def test_a_reader_never_sees_half_a_file(tmp_path: Path) -> None:
    """A file is replaced over and over while it is read: each look finds one version, whole."""
    path = tmp_path / "asset" / "one.parquet"
    versions = [tables(one=many) for many in (1, 5_000)]
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
