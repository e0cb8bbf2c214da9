"""The disclosure boundary: how fast documents are searched, beside how fast they are recognised and read.

Run with ``python -m bench.disclosure``. Times are the processor's, the best of three. Every document of a packet is searched once,
so this must not be the slowest of what is done to it.
"""

from __future__ import annotations

import argparse
import base64
import time
from collections.abc import Callable, Sequence
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table

from bench import documents
from release_staging.config.disclosure import DEFAULT
from release_staging.disclosure.scan import scan
from release_staging.evidence.open import Opened
from release_staging.evidence.read import read
from release_staging.evidence.recognise import recognise


def envelope(size: int) -> bytes:
    """An attestation whose payload is all of it, in base64."""
    payload = base64.b64encode(documents.spdx_json(size * 3 // 4)).decode()
    return orjson.dumps({"payloadType": "application/vnd.in-toto+json", "payload": payload, "signatures": [{"sig": "MEUC"}]})


def job_log(size: int) -> bytes:
    """Lines of a log in JSON strings, with what a log has in plenty: addresses, times, quotes, escapes."""
    line = '2026-11-20T10:15:00Z INFO request "GET /v1/invoices/{0}" from 203.0.113.7 took {0} ms \\u003cno body\\u003e id=7f3a{0}'
    lines = [line.format(number) for number in range(size // 110)]
    return orjson.dumps({"jobs": [{"name": "test", "log": "\n".join(lines)}]})


MAKERS: dict[str, Callable[[int], bytes]] = {**documents.MAKERS, "dsse envelope": envelope, "job log": job_log}


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench.disclosure", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="documents of 1 MB")
    parser.add_argument("--megabytes", type=int, help="size of each document (default 16)")
    chosen = parser.parse_args(arguments)
    size = (chosen.megabytes or (1 if chosen.quick else 16)) * 10**6
    scan(b"x", DEFAULT, None)  # compiles the rules
    table = Table(title=f"Disclosure boundary, documents of {size // 10**6} MB", title_justify="left")
    for column in ("document", "search MB/s", "recognise and read MB/s", "search / reading"):
        table.add_column(column, justify="right")
    for name, make in MAKERS.items():
        data = make(size)
        searched, reading = best(lambda data=data: scan(data, DEFAULT, "sboms")), best(lambda data=data: _read(data))
        speeds = [f"{len(data) / seconds / 1e6:.0f}" for seconds in (searched, reading)]
        table.add_row(name, speeds[0], speeds[1] if _known(data) else "-", f"{searched / reading:.2f}" if _known(data) else "-")
    Console().print(table)
    return 0


def best(work: Callable[[], Any]) -> float:
    seconds = []
    for _ in range(3):
        started = time.process_time()
        work()
        seconds.append(time.process_time() - started)
    return min(seconds)


def _known(data: bytes) -> bool:
    return len(recognise(Opened(data))) == 1


def _read(data: bytes) -> None:
    opened = Opened(data)
    for found in recognise(opened)[:1]:
        read(opened, found)


if __name__ == "__main__":
    raise SystemExit(main())
