"""What commands need of a deployment: its settings, vault and store, opened for the length of a command."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from release_staging.config.policy import Policy
from release_staging.config.registries import Registries
from release_staging.config.settings import Settings
from release_staging.staging.archived import ArchiveStore
from release_staging.staging.migrations import migrate
from release_staging.staging.postgres import databases, engine
from release_staging.staging.receipts import ReceiptStore
from release_staging.staging.reviewing import Reviewing
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

    def reviewing(self, registries: Registries, policy: Policy) -> Reviewing:
        """Takes findings in, as these registries and this policy have it."""
        return Reviewing(self.vault, self.reviews, registries, policy.disclosure, self.settings.contracts)


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
