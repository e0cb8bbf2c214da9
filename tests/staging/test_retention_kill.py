"""Killed at any point while a packet is archived or restored, and run again: nothing is lost, and the end is the same.

The points are those of the database (``test_kill``), and each change of a file.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import Engine

from release_staging.packet.write import UNFINISHED
from release_staging.staging.archived import ArchiveStore
from release_staging.staging.errors import StagingError
from release_staging.staging.retention import Retention
from release_staging.staging.store import StagingStore
from release_staging.staging.vault import Vault, digest_of
from tests.staging.test_kill import Points, in_child
from tests.staging.test_retention import NEW, OLD, SHARED, archive, take
from tests.staging.test_retention import state as every_file

_CHANGES = {"os.rename", "os.remove", "os.link", "os.mkdir", "os.chmod"}
T = TypeVar("T")


class InFolder:
    """Partitions as files: they outlive the process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)

    def known(self) -> set[str]:
        return {path.name for path in self.folder.iterdir()}

    def add(self, packet: str) -> None:
        (self.folder / packet).touch()

    def remove(self, packet: str) -> None:
        (self.folder / packet).unlink(missing_ok=True)


class WithFiles(Points):
    """Points of the database and of the files, before each change."""

    def __init__(self, connected: Engine, chosen: int, die: Callable[[], None]) -> None:
        super().__init__(connected, chosen, die)
        sys.addaudithook(lambda event, _: self.passed() if event in _CHANGES else None)


def deployed(connected: Engine, root: Path) -> Retention:
    return Retention(Vault(root / "vault"), ArchiveStore(connected), root / "archive", root / "extractions", InFolder(root / "partitions"))


def state(retention: Retention) -> tuple[dict[str, bytes], set[str]]:
    """But for extractions that a process which died began to write: they may be another's, and go a day later."""
    files, partitions = every_file(retention)
    return {path: data for path, data in files.items() if not path.endswith(UNFINISHED)}, partitions


def free(do: Callable[[], T]) -> T:
    """Does it once the database has noticed that the process which held the lock is dead."""
    until = time.monotonic() + 20
    while True:
        try:
            return do()
        except StagingError as error:
            if "already" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.01)


@pytest.fixture
def retention(store: StagingStore, tmp_path: Path) -> Retention:
    made = deployed(store._engine, tmp_path)
    take(made, store, "old", SHARED, OLD)
    take(made, store, "new", SHARED, NEW)
    return made


def test_killed_at_any_point_of_archiving_it_loses_nothing_and_the_next_call_ends_it(
    retention: Retention, database_url: str, tmp_path: Path
) -> None:
    before, deaths = state(retention), 0
    while not in_child(database_url, deaths + 1, lambda connected: archive(deployed(connected, tmp_path), "old"), WithFiles):
        deaths += 1
        if free(lambda: _since(retention)) is None:
            assert state(retention) == before
            archive(retention, "old")
        else:
            with retention.store.alone():
                retention.sweep()
        _is_archived(retention)
        assert retention.restore("old") == 3
        assert state(retention) == before
    assert deaths > 25
    _is_archived(retention)


def test_killed_at_any_point_of_restoring_it_loses_nothing_and_the_next_call_ends_it(
    retention: Retention, database_url: str, tmp_path: Path
) -> None:
    before, deaths = state(retention), 0
    archive(retention, "old")
    while not in_child(database_url, deaths + 1, lambda connected: deployed(connected, tmp_path).restore("old"), WithFiles):
        deaths += 1
        free(lambda: retention.restore("old"))
        with retention.store.alone():
            retention.sweep()
        assert state(retention) == before
        assert not list(retention.folder.iterdir())
        archive(retention, "old")
        _is_archived(retention)
    assert deaths > 15
    assert state(retention) == before


def _since(retention: Retention) -> object:
    with retention.store.alone():
        return retention.store.since("old")


def _is_archived(retention: Retention) -> None:
    assert not retention.vault.has(digest_of(OLD))
    assert retention.vault.get(digest_of(SHARED)) == SHARED
    assert retention.partitions.known() == {"new"}
    assert not list(retention.extractions.glob("*/old.parquet"))
    assert retention.path("old").exists()
