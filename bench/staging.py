"""Staging packets through the whole DAG: one packet a run, and ranged runs. Run with ``python -m bench.staging``."""

from __future__ import annotations

import argparse
import resource
import statistics
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from release_staging.cli.running import Runner, runner
from release_staging.config.settings import Settings
from tests.packets import PacketBuilder


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench.staging", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer runs and a shorter range: under a minute")
    quick = parser.parse_args(arguments).quick
    singles, ranged = (3, 25) if quick else (7, 200)
    with TemporaryDirectory(prefix="release-staging-bench-") as folder:
        paths = _packets(Path(folder), singles + ranged)
        settings = replace(Settings.of({"RELEASE_STAGING_HOME": f"{folder}/state"}))
        with runner(settings) as found:
            alone = [_measured(found, [path]) for path in paths[:singles]]
            together = _measured(found, paths[singles:])
    _show(alone[1:], together, ranged)  # the first run finds nothing warm
    return 0


def _packets(folder: Path, count: int) -> list[Path]:
    """Variants of the clean sample packet: the same evidence under another id."""
    clean = PacketBuilder.clean()
    return [clean.descriptor(id=f"bench-{number:05}").write_tar_gz(folder) for number in range(count)]


def _measured(found: Runner, paths: Sequence[Path]) -> tuple[float, float]:
    """Wall and CPU seconds from admission to outcome."""
    wall, cpu = time.perf_counter(), _cpu()
    admitted = [found.admit(path) for path in paths]
    done = [result for batch in found.run(admitted) for result in batch]
    assert all(result.revision is not None and result.revision.outcome == "staged" for result in done)
    return time.perf_counter() - wall, _cpu() - cpu


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _show(alone: list[tuple[float, float]], together: tuple[float, float], ranged: int) -> None:
    wall, cpu = (statistics.median(column) for column in zip(*alone, strict=True))
    table = Table(title="Staging the clean sample packet (27 documents), embedded PostgreSQL", title_justify="left")
    for column in ("run", "wall s a packet", "CPU s a packet", "times as fast (wall)"):
        table.add_column(column, justify="right")
    table.add_row("one packet", f"{wall:.2f}", f"{cpu:.2f}", "1.0")
    table.add_row(f"range of {ranged}", f"{together[0] / ranged:.3f}", f"{together[1] / ranged:.3f}", f"{wall * ranged / together[0]:.1f}")
    Console().print(table)


if __name__ == "__main__":
    raise SystemExit(main())
