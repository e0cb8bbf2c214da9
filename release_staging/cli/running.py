"""Running packets now, through the Dagster job, in this process."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg

from assets import backfill
from assets.batches import Batch, batches
from assets.jobs import stage_packets
from assets.packets import PARTITIONS
from assets.restaging import planned, to_restage
from release_staging.cli.deployment import Deployment, deployment
from release_staging.config.policy import Policy
from release_staging.config.registries import Registries
from release_staging.config.settings import Settings
from release_staging.definitions import build_defs
from release_staging.disclosure.conceal import masked
from release_staging.packet.links import LinkStores
from release_staging.record import contract
from release_staging.staging.entries import Revision
from release_staging.staging.errors import StagingError
from release_staging.staging.intake import Admitted, admit
from release_staging.staging.keys import digest_key
from release_staging.staging.outdated import Current, Outdated
from release_staging.staging.postgres import databases
from release_staging.staging.rehearsal import Rehearsing
from resources.instance import instance
from resources.packet_tables import PacketTables


@dataclass
class Result:
    """One packet given to ``run``: its revision, or why it has none. ``told`` is its path as it may be shown."""

    path: Path
    packet_id: str | None = None
    revision: Revision | None = None
    trouble: str | None = None
    told: str = ""


class Runner:
    """Admits packets and runs them in batches; open for the length of a command."""

    def __init__(self, found: Deployment, opened: dg.DagsterInstance) -> None:
        self.found, self.instance = found, opened
        self._job = build_defs(found.settings).resolve_job_def(stage_packets.name)
        self._policy = Policy.load(found.settings.policy, digest_key(found.settings.digest_key))
        self._tables = PacketTables(folder=str(found.settings.extractions))
        self._registries = Registries.load(found.settings.registries)
        self._contract = contract.load(found.settings.contract, found.settings.contracts)
        self._current = Current.of(self._contract, self._registries.digest, self._policy.digest, self._policy.disclosure.key_id)
        self.reviewing = found.reviewing(self._registries, self._policy)
        self._stores = LinkStores(tuple(map(Path, self._policy.links.folders)))

    def admit(self, path: Path) -> Result:
        """Takes one packet in. A packet that cannot be named is trouble, not a run."""
        boundary = self._policy.disclosure
        taken = admit(path, self.found.vault, self.found.store, datetime.now(UTC), boundary, stores=self._stores, aside=False)
        told = masked(str(path), boundary)
        if isinstance(taken, Admitted):
            return Result(path, taken.packet_id, told=told)
        return Result(path, trouble=taken.reason, told=told)

    def run(self, results: Iterable[Result]) -> Iterator[list[Result]]:
        """Runs the admitted packets, and yields each batch's results when it is done."""
        by_packet: dict[str, list[Result]] = {}
        for result in results:
            if result.packet_id is not None:
                by_packet.setdefault(result.packet_id, []).append(result)
        self.instance.add_dynamic_partitions(PARTITIONS, list(by_packet))
        sizes = {packet: stored.size_bytes for packet in by_packet if (stored := self.found.store.packet(packet)) is not None}
        for batch in batches(by_packet, self.instance.get_dynamic_partitions(PARTITIONS), sizes, few=1):
            self._execute(batch)
            done = []
            for packet in batch.packets:
                revision = self.found.store.latest(packet)
                for result in by_packet[packet]:
                    result.revision = revision
                    done.append(result)
            yield done

    def out_of_date(self, packets: Iterable[str] | None = None) -> list[Outdated]:
        """The packets (of these) whose last revision is out of date under these settings."""
        return backfill.out_of_date(self.found.store, self._current, self._tables, packets)

    def backfill(self, wanted: Iterable[Outdated]) -> Iterator[tuple[str, ...]]:
        """Stages them again, and yields each batch when it is done."""
        for batch, assets in planned(wanted, self.instance.get_dynamic_partitions(PARTITIONS), few=1):
            self._execute(batch, assets)
            yield batch.packets

    def rehearsing(self) -> Rehearsing:
        """Stages packets without recording anything."""
        found = self.found
        return Rehearsing(found.store, found.reviews, found.vault, self._tables.load, self._policy, self._registries, self._contract)

    def restage(self) -> list[str]:
        """Stages the packets again whose findings changed; returns them."""
        made = planned(
            to_restage(self.found.store, self.found.reviews, self._tables, self._current), self.instance.get_dynamic_partitions(PARTITIONS)
        )
        for batch, assets in made:
            self._execute(batch, assets)
        return [packet for batch, _ in made for packet in batch.packets]

    def _execute(self, batch: Batch, assets: Sequence[str] | None = None) -> None:
        quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
        single = len(batch.packets) == 1
        made = self._job.execute_in_process(
            run_config=quiet,
            instance=self.instance,
            partition_key=batch.packets[0] if single else None,
            tags=None if single else batch.tags,
            raise_on_error=False,
            asset_selection=None if assets is None else [dg.AssetKey(name) for name in assets],
        )
        if not made.success:
            why = next(filter(None, map(_reason, made.all_events)), "no reason given")
            raise StagingError(f"run {made.run_id} failed: {why}", remedy="look at the run in the Dagster UI (release-staging up)")


def _reason(event: dg.DagsterEvent) -> str | None:
    """Why a step or run failed: the first cause, not that a step did."""
    error = getattr(event.event_specific_data, "error", None) if event.is_failure else None
    while error is not None and error.cause is not None:
        error = error.cause
    return None if error is None else str(error.message).strip()


@contextmanager
def runner(settings: Settings) -> Iterator[Runner]:
    """A runner on the deployment's own storage."""
    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    with deployment(settings) as found, databases(settings.home) as urls, instance(settings.home, urls.dagster) as opened:
        yield Runner(found, opened)
