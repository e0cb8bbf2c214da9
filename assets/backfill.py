"""Backfills: packets whose last revision is out of date are staged again, in bounded ranged runs; what is done is not done again."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

import dagster as dg
from dagster._core.storage.dagster_run import IN_PROGRESS_RUN_STATUSES, DagsterRunStatus

from assets.contained import contained
from assets.jobs import stage_packets
from assets.packets import PARTITIONS
from assets.restaging import planned, request, startable
from release_staging.record.canonical import canonical, digest
from release_staging.staging.outdated import Current, Outdated, outdated
from release_staging.staging.store import StagingStore
from resources.packet_tables import PacketTables
from resources.reference import Reference
from resources.staging import StagingDatabase

MOST_PACKETS = 500  # of one evaluation
TAG = "release-staging/backfill"


def out_of_date(store: StagingStore, now: Current, tables: PacketTables, packets: Iterable[str] | None = None) -> list[Outdated]:
    """The packets (of these) that are out of date. What is to be made again and what it starts from must still be there."""
    found = [one for standing in store.standing(packets) if (one := outdated(standing.packet_id, standing.made_from, now)) is not None]
    return [replace(one, assets=startable(one.packet, one.assets, tables)) for one in found if one.assets]


@dg.sensor(
    name="restage_outdated",
    job=stage_packets,
    minimum_interval_seconds=30,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Off unless a platform team turns it on: stages again what a new contract, registry, policy or reader made out of date, "
    "a few ranged runs at a time, behind new packets.",
)
def restage_outdated(
    context: dg.SensorEvaluationContext, staging: StagingDatabase, reference: Reference, packet_tables: dg.ResourceParam[PacketTables]
) -> dg.SensorResult | dg.SkipReason:
    waiting = [DagsterRunStatus.QUEUED, *IN_PROGRESS_RUN_STATUSES]
    if context.instance.get_runs_count(dg.RunsFilter(tags={TAG: "outdated"}, statuses=waiting)):
        return dg.SkipReason("runs of this backfill are under way")
    with contained():
        now = reference.current
        wanted = out_of_date(staging.store, now, packet_tables)[:MOST_PACKETS]
    made = planned(wanted, context.instance.get_dynamic_partitions(PARTITIONS), few=1)
    if not made:
        return dg.SkipReason("nothing is out of date")
    hour = datetime.now(UTC).strftime("%Y%m%d%H")
    requests = []
    for batch, assets in made:
        key = digest(canonical([list(batch.packets), now.contract_digest, now.rules, now.registries, now.policy, now.software, hour]))
        asked = request(batch, assets, key)
        requests.append(asked.with_replaced_attrs(tags={**asked.tags, TAG: "outdated", "dagster/priority": "-1"}))
    return dg.SensorResult(run_requests=requests)
