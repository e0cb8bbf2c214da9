"""Archiving what rests, on a schedule that is off until somebody turns it on; and partitions as retention needs them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg

from assets.contained import contained
from assets.packets import PARTITIONS
from release_staging.config.policy import Retention as Rested
from release_staging.staging.retention import Retention
from resources.reference import Reference
from resources.staging import EvidenceVault, StagingDatabase


@dataclass(frozen=True)
class InstancePartitions:
    """The partitions of packets, in a Dagster instance."""

    instance: dg.DagsterInstance

    def known(self) -> Collection[str]:
        return self.instance.get_dynamic_partitions(PARTITIONS)

    def add(self, packet: str) -> None:
        self.instance.add_dynamic_partitions(PARTITIONS, [packet])

    def remove(self, packet: str) -> None:
        self.instance.delete_dynamic_partition(PARTITIONS, packet)


def instants(policy: Rested, now: datetime) -> tuple[datetime, datetime | None]:
    """Since when a packet must rest to be archived: staged and closed ones, and open holds, where policy archives them at all."""
    return now - policy.archive_after, now - policy.open_holds_after if policy.open_holds_after is not None else None


def archive_schedule(archive: Path, extractions: Path) -> dg.ScheduleDefinition:
    """The daily schedule that archives, with its job. Off by default."""

    @dg.op(name="archive_rested")
    def archive_rested(
        context: dg.OpExecutionContext, staging: StagingDatabase, evidence_vault: EvidenceVault, reference: Reference
    ) -> None:
        with contained():
            partitions = InstancePartitions(context.instance)
            retention = Retention(evidence_vault.vault, staging.archived, archive, extractions, partitions)
            for packet, error in retention.archive(*instants(reference.policy.retention, datetime.now(UTC))):
                if error is None:
                    context.log.info(f"{packet} is archived")
                else:
                    context.log.warning(f"{packet} is not archived: {error}")

    @dg.job(name="archive_packets", executor_def=dg.in_process_executor, description="Archives the packets that rest, as policy says.")
    def archive_packets() -> None:
        archive_rested()

    return dg.ScheduleDefinition(
        name="archive_daily",
        job=archive_packets,
        cron_schedule="30 2 * * *",
        description="Archives the packets that rest, as policy says; release-staging restore brings one back.",
    )
