"""Reading large documents: speed beside a bare parse of the same bytes and beside the usual library, and peak memory.

Run with ``python -m bench.readers``. Times are the processor's, the median of five runs (of a library: one); memory is the rise of
a child process above its start, the document itself included. cyclonedx-python-lib, spdx-tools and junitparser are no dependencies:
they are measured where they can be imported. "whole" is recognition, reading and the ledger.
"""

from __future__ import annotations

import argparse
import importlib.util
import multiprocessing
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any
from xml.parsers import expat

import jiter
import orjson
from rich.console import Console
from rich.table import Table

from bench import documents
from release_staging.evidence.open import Opened
from release_staging.evidence.read import read
from release_staging.evidence.recognise import recognise


@dataclass(frozen=True)
class Figures:
    """Seconds of processor time, and bytes of memory."""

    bare: float
    recognised: float
    read: float
    memory: int
    peer: float | None


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench.readers", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="documents of 2 MB")
    parser.add_argument("--megabytes", type=int, help="size of each document (default 16)")
    parser.add_argument("--only", action="append", choices=sorted(documents.MAKERS), help="a format; may be given again (default: all)")
    chosen = parser.parse_args(arguments)
    size = (chosen.megabytes or (2 if chosen.quick else 16)) * 10**6
    table = Table(title=f"Readers, documents of {size // 10**6} MB", title_justify="left")
    speeds = ("format", "bare parse MB/s", "read MB/s", "read / bare", "whole / bare", "peak memory MB")
    for column in (*speeds, "usual library MB/s", "whole / library"):
        table.add_column(column, justify="right")
    for name in chosen.only or documents.MAKERS:
        figures = _in_child(name, size)
        whole = figures.recognised + figures.read
        peer = "none" if name not in _PEERS else f"{size / figures.peer / 1e6:.1f}" if figures.peer else f"{_PEERS[name][0]} not installed"
        table.add_row(
            name,
            f"{size / figures.bare / 1e6:.0f}",
            f"{size / figures.read / 1e6:.0f}",
            f"{figures.read / figures.bare:.2f}",
            f"{whole / figures.bare:.2f}",
            f"{figures.memory / 2**20:.0f}",
            peer,
            f"{figures.peer / whole:.1f}" if figures.peer else "-",
        )
    Console(width=140).print(table)
    return 0


def _in_child(name: str, size: int) -> Figures:
    """Memory in one new process, times in another: neither disturbs the other."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1, maxtasksperchild=1) as pool:
        memory = pool.apply(_memory, (name, size))
        bare, recognised, reading, peer = pool.apply(_times, (name, size))
    return Figures(bare, recognised, reading, memory, peer)


def _memory(name: str, size: int) -> int:
    _read(documents.MAKERS[name](10**5))  # imports and caches
    data = documents.MAKERS[name](size)
    _reset_peak()
    before = _peak()
    _read(data)
    return _peak() - before + len(data)


def _times(name: str, size: int) -> tuple[float, float, float, float | None]:
    data = documents.MAKERS[name](size)
    _read(documents.MAKERS[name](10**5))
    peer = _PEERS.get(name)
    bare, recognised, reading = [], [], []
    for _ in range(5):  # in turn, so that a busy machine slows all alike
        bare.append(_taken(lambda: _bare(data)))
        taken = _read(data)
        recognised.append(taken[0])
        reading.append(taken[1])
    of_peer = _taken(lambda: peer[1](data)) if peer and importlib.util.find_spec(peer[0]) else None
    return median(bare), median(recognised), median(reading), of_peer


def _read(data: bytes) -> tuple[float, float]:
    start = time.process_time()
    opened = Opened(data)
    [known] = recognise(opened)
    between = time.process_time()
    assert any(table.num_rows for table in read(opened, known).tables.values())
    return between - start, time.process_time() - between


def _bare(data: bytes) -> Any:
    """What the fastest parser that is safe here needs alone: jiter, or expat with handlers that do nothing."""
    if data[:1] != b"<":
        return jiter.from_json(data) if b"\n{" not in data[: 2**16] else [jiter.from_json(line) for line in data.splitlines()]
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = parser.EndElementHandler = parser.CharacterDataHandler = lambda *_: None
    return parser.Parse(data, True)


def _taken(run: Callable[[], Any]) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start


def _reset_peak() -> None:
    """Linux: the peak becomes what is in use now."""
    with open("/proc/self/clear_refs", "w", encoding="ascii") as file:  # noqa: PTH123
        file.write("5")


def _peak() -> int:
    with open("/proc/self/status", encoding="ascii") as file:  # noqa: PTH123
        found = next((line.split()[1] for line in file if line.startswith("VmHWM")), None)
    return (int(found) if found else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) * 1024


def _cyclonedx(data: bytes) -> Any:
    from cyclonedx.model.bom import Bom

    return Bom.from_json(orjson.loads(data))


def _spdx(data: bytes) -> Any:
    from spdx_tools.spdx.parser.jsonlikedict.json_like_dict_parser import JsonLikeDictParser

    return JsonLikeDictParser().parse(orjson.loads(data))


def _junit(data: bytes) -> Any:
    import junitparser

    return [(case.name, case.classname, case.time, case.result) for suite in junitparser.JUnitXml.fromstring(data) for case in suite]


_PEERS: dict[str, tuple[str, Callable[[bytes], Any]]] = {
    "cyclonedx-json": ("cyclonedx", _cyclonedx),
    "spdx-json": ("spdx_tools", _spdx),
    "junit-xml": ("junitparser", _junit),
}

if __name__ == "__main__":
    raise SystemExit(main())
