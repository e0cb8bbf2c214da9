"""The command line as people and scripts use it: one deployment a worker, in a state folder of its own."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from release_staging.cli.main import main
from release_staging.staging.postgres import databases
from tests.cli.support import Said


@pytest.fixture(scope="session")
def home() -> Iterator[Path]:
    """A state folder whose PostgreSQL stays up between commands. Outside pytest's folder, which is closed to PostgreSQL's user."""
    with TemporaryDirectory(prefix="release-staging-") as folder, databases(Path(folder), {}):
        yield Path(folder)


@pytest.fixture
def cli(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """Calls the program's entry point with arguments; returns its exit status and what it printed."""
    monkeypatch.setenv("RELEASE_STAGING_HOME", str(home))
    for name in ("INTAKE", "DATABASE_URL", "REGISTRIES", "POLICY", "CONTRACT"):
        monkeypatch.delenv(f"RELEASE_STAGING_{name}", raising=False)

    def call(*arguments: str | Path) -> Said:
        monkeypatch.setattr(sys, "argv", ["release-staging", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main()
        printed = capsys.readouterr()
        return Said(end.value.code, printed.out, printed.err)

    return call


@pytest.fixture(scope="session")
def ran(home: Path, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, object]]:
    """``run --format json`` over three sample packets, once: clean, mixed-candidates, disclosure-secret."""
    from tests.cli.support import program
    from tests.packets import SAMPLES

    said = program(home, "run", "--format", "json", *(SAMPLES / name for name in ("clean", "mixed-candidates", "disclosure-secret")))
    assert said.status == 3, said.err
    return said.lines
