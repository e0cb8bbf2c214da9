"""The IO manager: each asset's tables, one Parquet file a packet.

A file has one row, and a nested column for each table, so that a packet is one small file and a thousand of them are
read as one. DuckDB reads them: ``SELECT unnest(claims, recursive := true) FROM 'normalized_evidence/*.parquet'``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import PrivateAttr

from release_staging.model.gathered import Gathered, Tables, merged

_KEPT_BYTES = 64 * 2**20  # what a step of this run wrote, and is small, is not read back from disk by the next
_SMALL_BYTES = 2**20
# Dagster validates no partition key, and a key must not climb out of the folder.
PARTITION_KEY = re.compile(r"[a-z0-9][a-z0-9._-]{0,99}\Z")


class PacketTables(dg.ConfigurableIOManager):
    """Stores ``Tables`` below ``folder``, as ``<asset>/<packet>.parquet``; loads one packet or many."""

    folder: str
    _recent: dict[tuple[str, tuple[str, ...]], Tables] = PrivateAttr(default_factory=dict)

    def handle_output(self, context: dg.OutputContext, obj: Tables) -> None:
        """Writes each packet's share, atomically; a packet without rows gets a file too."""
        asset, packets = context.asset_key.path[-1], tuple(context.asset_partition_keys)
        gathered = Gathered(obj)
        for packet in packets:
            write(self._path(asset, packet), {name: gathered.table(name, packet) for name in obj})
        if sum(table.nbytes for table in obj.values()) <= _KEPT_BYTES:
            self._recent[asset, packets] = obj

    def load_input(self, context: dg.InputContext) -> Tables:
        """The tables of the packets in this run. Raises FileNotFoundError where a packet was never extracted."""
        asset, packets = context.asset_key.path[-1], tuple(context.asset_partition_keys)
        if (asset, packets) in self._recent:
            return self._recent[asset, packets]
        return merged(read(self._path(asset, packet)) for packet in packets)

    def load(self, asset: str, packet: str) -> Tables:
        """What was made of the packet. Raises FileNotFoundError where it is not there."""
        return read(self._path(asset, packet))

    def has(self, asset: str, packet: str) -> bool:
        """Whether the asset was made for the packet, and is still there."""
        return self._path(asset, packet).is_file()

    def _path(self, asset: str, packet: str) -> Path:
        if not PARTITION_KEY.match(packet) or ".." in packet:
            raise ValueError(f"partition key {packet!r} is not a packet id; it was not made by the intake")
        return Path(self.folder) / asset / f"{packet}.parquet"


def write(path: Path, tables: dict[str, pa.Table | None]) -> None:
    """One packet's tables as one row of nested columns; tables without rows are left out."""
    columns = {name: _nested(table) for name, table in sorted(tables.items()) if table is not None and table.num_rows}
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    row = pa.table(columns or {"empty": [True]})
    # Most packets are small, and then the dictionaries of two hundred columns cost more than they save.
    small = row.nbytes < _SMALL_BYTES
    pq.write_table(row, part, compression="snappy" if small else "zstd", use_dictionary=not small, write_statistics=False)
    part.replace(path)


def read(path: Path) -> Tables:
    """The tables that ``write`` put there. The file is opened once: another run may replace it meanwhile."""
    with path.open("rb") as file:
        return dict(_flattened(pq.ParquetFile(file).read()))


def _nested(table: pa.Table) -> pa.ListArray:
    rows = table.combine_chunks().to_struct_array()
    values = rows.combine_chunks() if isinstance(rows, pa.ChunkedArray) and rows.num_chunks else pa.array([], pa.struct(list(table.schema)))
    return pa.ListArray.from_arrays(pa.array([0, table.num_rows], pa.int32()), values)


def _flattened(row: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    for name in row.column_names:
        column: Any = row[name].combine_chunks()
        if pa.types.is_list(column.type):
            yield name, pa.Table.from_struct_array(column.flatten())
