"""The vault and the staging store, for the length of a run."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import dagster as dg
import orjson
from pydantic import PrivateAttr
from sqlalchemy import Engine

from release_staging.record.handoff import Outcome
from release_staging.staging.archived import ArchiveStore
from release_staging.staging.concealing import Concealing
from release_staging.staging.migrations import migrate
from release_staging.staging.postgres import DATABASE_URL, databases, engine
from release_staging.staging.receipts import ReceiptStore
from release_staging.staging.reviews import ReviewStore
from release_staging.staging.statistics import Statistics
from release_staging.staging.store import StagingStore
from release_staging.staging.vault import Vault


class EvidenceVault(dg.ConfigurableResource[Any]):
    """The content-addressed folder of evidence."""

    folder: str

    @cached_property
    def vault(self) -> Vault:
        return Vault(Path(self.folder))

    @cached_property
    def concealing(self) -> Concealing:
        """Remembers for the length of a run what its documents disclose."""
        return Concealing(self.vault.get)


class StagingDatabase(dg.ConfigurableResource[Any]):
    """The staging store, in the embedded PostgreSQL of ``home`` or in the server that ``url`` names."""

    home: str
    url: str | None = None
    _engine: Engine | None = PrivateAttr(default=None)

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Generator[StagingDatabase, None, None]:  # noqa: ARG002
        environ = {**os.environ, **({DATABASE_URL: self.url} if self.url else {})}
        with databases(Path(self.home), environ) as found:
            self._engine = engine(found.staging)
            try:
                migrate(self._engine)
                yield self
            finally:
                self._engine.dispose()
                self._engine = None

    # What the store is asked. Each raises RuntimeError outside a run.

    @property
    def store(self) -> StagingStore:
        return StagingStore(self._opened)

    @property
    def reviews(self) -> ReviewStore:
        return ReviewStore(self._opened)

    @property
    def receipts(self) -> ReceiptStore:
        return ReceiptStore(self._opened)

    @property
    def statistics(self) -> Statistics:
        return Statistics(self._opened)

    @property
    def archived(self) -> ArchiveStore:
        return ArchiveStore(self._opened)

    @property
    def _opened(self) -> Engine:
        if self._engine is None:
            raise RuntimeError("the staging store is open only while a run or a sensor evaluation lasts")
        return self._engine


class RecordFiles(dg.ConfigurableResource[Any]):
    """Records and holds as files beside the store, for people and scripts. The store is the truth."""

    folder: str

    def write(self, outcome: Outcome) -> str:
        """Writes the document atomically; returns its path."""
        path = Path(self.folder) / outcome.packet / f"revision-{outcome.revision}-{outcome.outcome}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_bytes(orjson.dumps(orjson.loads(outcome.body), option=orjson.OPT_INDENT_2))
        part.replace(path)
        return str(path)
