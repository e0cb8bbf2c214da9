"""Handing off: ``handoff_outcome`` always, and exactly one of record and hold for each packet.

``handoff_outcome`` is the truth in the UI: Dagster cannot un-materialise one partition, so a packet that went from hold to
record shows green on both of the others.
"""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import dagster as dg
from dagster._core.definitions.data_version import CODE_VERSION_TAG, get_input_data_version_tag, get_input_event_pointer_tag

from assets.checks import evaluations, handoff_checks
from assets.contained import contained
from assets.metadata import of_exceptions, table
from assets.packets import PLATFORM, packets, ranged
from release_staging.model.gathered import Tables
from release_staging.record.drafts import drafts_of
from release_staging.record.handoff import HELD, Outcome
from release_staging.staging.handing_over import hand_over
from release_staging.staging.history import changes
from release_staging.staging.store import StagingStore
from resources.reference import Reference
from resources.staging import EvidenceVault, RecordFiles, StagingDatabase

OUTCOME = dg.AssetKey("handoff_outcome")
RECORD = dg.AssetKey("deployment_review_staging_record")
HOLD = dg.AssetKey("exception_hold")
DRAFT = dg.AssetKey("staging_record_draft")


def _spec(key: dg.AssetKey, description: str, owner: str) -> dg.AssetSpec:
    """All three are skippable: of record and hold one is made, and in a range each packet's events are logged one by one."""
    return dg.AssetSpec(
        key,
        deps=["staging_record_draft"],
        description=description,
        skippable=True,
        group_name="handoff",
        kinds={"postgres", "json"},
        owners=[f"team:{owner}"],
        partitions_def=packets,
    )


@dg.multi_asset(
    name="handoff",
    specs=[
        _spec(OUTCOME, "staged or held, with revision and reasons: the packet's one outcome.", PLATFORM),
        _spec(
            RECORD,
            "The deployment-review staging record: every value leads to its source. It authorises nothing.",
            "release-manager",
        ),
        _spec(HOLD, "The exception hold: what a person must look at, where, and whose it is.", "release-manager"),
    ],
    check_specs=handoff_checks,
    ins={"staging_record_draft": dg.AssetIn("staging_record_draft")},
    partitions_def=packets,
    backfill_policy=ranged,
)
def handoff(
    context: dg.AssetExecutionContext,
    staging_record_draft: Tables,
    reference: Reference,
    evidence_vault: EvidenceVault,
    staging: StagingDatabase,
    record_files: RecordFiles,
) -> Iterator[Any]:
    with contained():
        drafts, boundary = drafts_of(staging_record_draft), reference.policy.disclosure
        outcomes = hand_over(drafts, reference.contract, boundary, evidence_vault.vault, staging.store, context.run.run_id)
    tags = {} if context.has_partition_key else _made_with(context)
    for packet, outcome in outcomes.items():
        metadata = _metadata(outcome, record_files.write(outcome))
        if context.has_partition_key:
            metadata |= _changed(packet, staging.store)
        for asset in (OUTCOME, HOLD if outcome.outcome == HELD else RECORD):
            if context.has_partition_key:
                yield dg.MaterializeResult(asset_key=asset, metadata=metadata)
            else:
                context.log_event(dg.AssetMaterialization(asset, partition=packet, metadata=metadata, tags=tags))
    yield from evaluations(context, handoff_checks, {packet: outcome.document["checks"] for packet, outcome in outcomes.items()})


def _made_with(context: dg.AssetExecutionContext) -> dict[str, str]:
    """What Dagster notes by itself with an output, for materialisations that are logged one by one: by it the UI says what is out of
    date. Every draft of the run was stored before the last one.
    """
    [draft] = context.instance.fetch_materializations(DRAFT, limit=1).records
    version = context.assets_def.specs_by_key[OUTCOME].code_version or ""
    return {
        CODE_VERSION_TAG: version,
        get_input_data_version_tag(DRAFT): context.run.run_id,
        get_input_event_pointer_tag(DRAFT): str(draft.storage_id),
    }


def _changed(packet: str, store: StagingStore) -> dict[str, Any]:
    """What changed since the revision before, or since the packet that this one stands in place of; nothing where there is neither."""
    latest, superseded = store.latest(packet), store.superseded_by(packet)
    found = changes(store, latest, superseded, lambda _: None) if latest is not None else ()
    shown: dict[str, Any] = {"supersedes": ", ".join(superseded)} if superseded else {}
    for one in found:
        rows = [{name: (text or "")[:200] for name, text in asdict(difference).items()} for difference in one.found]
        shown[f"changed_since_{one.since.replace(' ', '_')[:80]}"] = table(
            rows, dict.fromkeys(("kind", "about", "before", "after"), "string")
        )
    return shown


def _metadata(outcome: Outcome, path: str) -> dict[str, Any]:
    candidate = outcome.document["candidate"]
    return {
        "outcome": outcome.outcome,
        "revision": outcome.revision,
        "contract": outcome.contract,
        "candidate": f"{candidate['service'] or '?'} {candidate['version'] or '?'}",
        "digest": outcome.document_digest,
        "blocking": sum(one.blocking for one in outcome.exceptions),
        "exceptions": of_exceptions(outcome.exceptions),
        "document": dg.MetadataValue.path(path),
        "show": f"release-staging show {outcome.packet}",
    }
