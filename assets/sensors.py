"""The intake sensor: new packets in the intake folder become partitions and runs.

Its state is a watermark. What makes it safe is elsewhere: a packet is named by its content, and an outcome is recorded
once. A broken packet becomes a partition like any other, and a hold; one whose name is unusable is put aside and told.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
from dagster._core.storage.dagster_run import IN_PROGRESS_RUN_STATUSES, DagsterRunStatus

from assets.batches import batches
from assets.contained import contained
from assets.jobs import stage_packets
from assets.packets import PARTITIONS, packets
from release_staging.packet.links import LinkStores
from release_staging.staging.entries import Packet
from release_staging.staging.intake import Admitted, Quarantined, Watermark, admit, candidates
from resources.reference import Reference
from resources.staging import EvidenceVault, StagingDatabase

# One evaluation must end well before its time limit of 60 seconds, whatever arrives.
MOST_ENTRIES = 500
MOST_BYTES = 1 * 2**30
SECONDS = 25.0
_STRANDED_AFTER = timedelta(minutes=5)


def intake_sensor(folder: Path) -> dg.SensorDefinition:
    """The sensor for an intake folder."""

    @dg.sensor(
        name="intake",
        job=stage_packets,
        minimum_interval_seconds=5,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description=f"Starts runs on packets that arrive in {folder}: a few get a run each, a burst becomes ranged runs.",
    )
    def intake(
        context: dg.SensorEvaluationContext, evidence_vault: EvidenceVault, staging: StagingDatabase, reference: Reference
    ) -> dg.SensorResult | dg.SkipReason:
        with contained():
            policy = reference.policy
            stores = LinkStores(tuple(map(Path, policy.links.folders)))
            arrived = _Arrived(Watermark.parse(context.cursor) if context.cursor else Watermark())
            for entry in candidates(folder, arrived.watermark):
                if arrived.full():
                    break
                taken = admit(entry.path, evidence_vault.vault, staging.store, datetime.now(UTC), policy.disclosure, stores=stores)
                arrived.take(entry.watermark, taken)
        for told in arrived.told:
            context.log.warning(told)
        known = context.instance.get_dynamic_partitions(PARTITIONS)
        there = set(known)
        stranded = {} if arrived.sizes else {packet.packet_id: packet.size_bytes for packet in _stranded(context, staging)}
        sizes = {**arrived.sizes, **stranded}
        added = [packet for packet in sizes if packet not in there]
        wanted = list(dict.fromkeys([*added, *stranded]))
        if not wanted and not arrived.told:
            return dg.SkipReason("nothing new in the intake")
        made = batches(wanted, [*known, *added], sizes)
        hour = datetime.now(UTC).strftime("%Y%m%d%H")
        return dg.SensorResult(
            run_requests=[batch.request(f"{batch.packets[0]}+{len(batch.packets)}@{hour}") for batch in made],
            dynamic_partitions_requests=[packets.build_add_request(added)] if added else [],
            cursor=str(arrived.watermark),
            skip_reason=None if made else dg.SkipReason("; ".join(arrived.told)[:1000]),
        )

    return intake


class _Arrived:
    """What one evaluation took in, and how much more it may take."""

    def __init__(self, watermark: Watermark) -> None:
        self.watermark = watermark
        self.sizes: dict[str, int] = {}
        self.told: list[str] = []
        self._entries = 0
        self._bytes = 0
        self._until = datetime.now(UTC) + timedelta(seconds=SECONDS)

    def full(self) -> bool:
        """Whether the next entry has to wait; the first never does."""
        if not self._entries:
            return False
        return self._entries >= MOST_ENTRIES or self._bytes >= MOST_BYTES or datetime.now(UTC) > self._until

    def take(self, watermark: Watermark, taken: Admitted | Quarantined) -> None:
        self.watermark = watermark
        self._entries += 1
        if isinstance(taken, Admitted):
            self._bytes += taken.size
            self.sizes[taken.packet_id] = taken.size
            if not taken.new:
                self.told.append(f"{taken.packet_id} is there already")
        else:
            self.told.append(taken.reason)


def _stranded(context: dg.SensorEvaluationContext, staging: StagingDatabase) -> list[Packet]:
    """Packets that were received, have no outcome, and no run will give them one: a crash fell between. Asked for again, once an hour."""
    waiting = [DagsterRunStatus.QUEUED, *IN_PROGRESS_RUN_STATUSES]
    if context.instance.get_runs_count(dg.RunsFilter(job_name=stage_packets.name, statuses=waiting)):
        return []
    return staging.store.without_outcome(datetime.now(UTC) - _STRANDED_AFTER)[:MOST_ENTRIES]
