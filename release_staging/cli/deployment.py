"""What commands need of a deployment: its settings, vault and store, opened for the length of a command."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from release_staging.config.settings import Settings
from release_staging.staging.archived import ArchiveStore
from release_staging.staging.migrations import migrate
from release_staging.staging.postgres import databases, engine
from release_staging.staging.receipts import ReceiptStore
from release_staging.staging.reviews import ReviewStore
from release_staging.staging.store import StagingStore
from release_staging.staging.vault import Vault


@dataclass(frozen=True)
class Deployment:
    settings: Settings
    vault: Vault
    store: StagingStore
    reviews: ReviewStore
    receipts: ReceiptStore
    archived: ArchiveStore


@contextmanager
def deployment(settings: Settings | None = None) -> Iterator[Deployment]:
    """The deployment that the environment names. Raises StagingError where its PostgreSQL cannot be reached."""
    settings = settings or Settings.of(os.environ)
    with databases(settings.home) as found:
        pool = engine(found.staging)
        try:
            migrate(pool)
            yield Deployment(settings, Vault(settings.vault), StagingStore(pool), ReviewStore(pool), ReceiptStore(pool), ArchiveStore(pool))
        finally:
            pool.dispose()
