"""Restaging: findings become the next revision of their packet, and no more of it is made again than they change."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import dagster as dg

from assets.batches import FEW, Batch, batches
from assets.contained import contained
from assets.jobs import stage_packets
from assets.packets import PARTITIONS
from release_staging.record.canonical import canonical, digest
from release_staging.staging.dropped import take_findings
from release_staging.staging.outdated import Current, outdated
from release_staging.staging.restaging import EVERYTHING, KEPT, for_findings
from release_staging.staging.reviewing import Reviewing
from release_staging.staging.reviews import ReviewStore
from release_staging.staging.store import StagingStore
from resources.packet_tables import PacketTables
from resources.reference import Reference
from resources.staging import EvidenceVault, StagingDatabase

MOST_PACKETS = 500  # of one evaluation


class Again(Protocol):
    """A packet of which some assets are to be made again."""

    @property
    def packet(self) -> str: ...

    @property
    def assets(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class Restage:
    """A packet to be staged again: which assets are made again, and a key that is the same for the same findings on the same revision."""

    packet: str
    assets: tuple[str, ...]
    key: str


def restage_sensor(folder: Path) -> dg.SensorDefinition:
    """The sensor that takes findings from the drop ``folder``, and starts runs on packets whose findings changed."""

    @dg.sensor(
        name="restage",
        job=stage_packets,
        minimum_interval_seconds=10,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description=f"Takes findings that arrive in {folder}, and stages again the packets whose findings changed or expired.",
    )
    def restage(
        context: dg.SensorEvaluationContext,
        staging: StagingDatabase,
        evidence_vault: EvidenceVault,
        reference: Reference,
        packet_tables: dg.ResourceParam[PacketTables],
    ) -> dg.SensorResult | dg.SkipReason:
        with contained():
            contracts = Path(reference.contracts_folder)
            reviewing = Reviewing(evidence_vault.vault, staging.reviews, reference.registries, reference.policy.disclosure, contracts)
            for told in take_findings(folder, reviewing):
                context.log.info(told)
            wanted = to_restage(staging.store, staging.reviews, packet_tables, reference.current)
        keys = {one.packet: one.key for one in wanted}
        made = planned(wanted, context.instance.get_dynamic_partitions(PARTITIONS))
        if not made:
            return dg.SkipReason("no findings to stage again with")
        hour = datetime.now(UTC).strftime("%Y%m%d%H")  # what a crash lost is asked for again, once an hour
        named = ((batch, assets, digest(canonical([keys[packet] for packet in batch.packets]))) for batch, assets in made)
        return dg.SensorResult(run_requests=[request(batch, assets, f"{key}@{hour}") for batch, assets, key in named])

    return restage


def to_restage(store: StagingStore, reviews: ReviewStore, tables: PacketTables, now: Current) -> list[Restage]:
    """The packets whose findings in force are not those that their last revision was made with. What is out of date is made again too."""
    found = []
    for packet, standing in sorted(reviews.to_restage(datetime.now(UTC)).items())[:MOST_PACKETS]:
        last = store.latest(packet)
        if last is None:
            continue
        before, counting = set(last.findings), {one.finding.name for one in standing}
        kinds = {one.finding.name: one.finding.kind for one in reviews.findings(packet)}
        late = outdated(packet, last.made_from, now)
        again = {*for_findings(kinds[name] for name in before ^ counting), *(late.assets if late is not None else ())}
        assets = startable(packet, tuple(asset for asset in EVERYTHING if asset in again), tables)
        found.append(Restage(packet, assets, digest(canonical([packet, last.revision, sorted(counting)]))))
    return found


def startable(packet: str, assets: tuple[str, ...], tables: PacketTables) -> tuple[str, ...]:
    """``assets``, or everything where what they start from is not there any more."""
    return assets if all(tables.has(asset, packet) for asset in KEPT if asset not in assets) else EVERYTHING


def planned(wanted: Iterable[Again], known: Sequence[str], *, few: int = FEW) -> list[tuple[Batch, tuple[str, ...]]]:
    """Batches of packets of which the same is made again. Packets without a partition are left alone."""
    there = set(known)
    by_assets: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for one in wanted:
        if one.packet in there:
            by_assets[one.assets].append(one.packet)
    return [(batch, assets) for assets, packets in by_assets.items() for batch in batches(packets, known, {}, few=few)]


def request(batch: Batch, assets: Sequence[str], key: str) -> dg.RunRequest:
    """A run over the batch that makes only these assets."""
    return batch.request(key).with_replaced_attrs(asset_selection=[dg.AssetKey(name) for name in assets])
