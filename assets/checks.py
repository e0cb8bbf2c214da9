"""The eight asset checks. They never block and never fail a run: routing is by data, a held packet is a green run.

A run over one packet yields each check for it. Dagster knows one result for a whole range, so a ranged run logs an
evaluation for each packet and check (a partition without one shows as skipped), and yields the check once for the run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import dagster as dg
from dagster._core.definitions.asset_checks.asset_check_evaluation import AssetCheckEvaluationTargetMaterializationData

from assets.packets import packets
from release_staging.record.checks import DRAFT_CHECKS, HANDOFF_CHECKS, Check


def _specs(asset: str, checks: Iterable[Check]) -> list[dg.AssetCheckSpec]:
    return [dg.AssetCheckSpec(check.name, asset=asset, description=check.asks, partitions_def=packets) for check in checks]


draft_checks = _specs("staging_record_draft", DRAFT_CHECKS)
handoff_checks = _specs("handoff_outcome", HANDOFF_CHECKS)

Verdicts = Mapping[str, Mapping[str, Mapping[str, Any]]]  # packet -> check -> its verdict (passed, summary)


def evaluations(
    context: dg.AssetExecutionContext, specs: Sequence[dg.AssetCheckSpec], answers: Mapping[str, Sequence[Mapping[str, Any]]]
) -> Iterator[dg.AssetCheckResult]:
    """The verdicts of the run's packets on these checks; ``answers`` maps a packet to its verdicts (name, passed, summary).

    To be called when the materialisations are stored: an evaluation counts only for the materialisation it names.
    """
    verdicts: Verdicts = {packet: {one["name"]: one for one in said} for packet, said in answers.items()}
    if not context.has_partition_key:
        _log_each(context, specs, verdicts)
    for spec in specs:
        failed = {packet: said[spec.name]["summary"] for packet, said in verdicts.items() if not said[spec.name]["passed"]}
        yield dg.AssetCheckResult(
            asset_key=spec.asset_key,
            check_name=spec.name,
            passed=not failed,
            severity=dg.AssetCheckSeverity.ERROR,
            description=_told(failed),
            metadata={"packets": len(verdicts), "failed": len(failed)},
        )


def _told(failed: Mapping[str, str]) -> str:
    if not failed:
        return "yes"
    told = [f"{packet}: {summary}" for packet, summary in list(failed.items())[:5]]
    return "; ".join(told) + (f"; and {len(failed) - 5} more packets" if len(failed) > 5 else "")


def _log_each(context: dg.AssetExecutionContext, specs: Sequence[dg.AssetCheckSpec], verdicts: Verdicts) -> None:
    """Each packet's verdict on each check, as an event of its own."""
    for asset in {spec.asset_key for spec in specs}:
        targets = _materializations(context, asset, list(verdicts))
        for spec in specs:
            for packet, said in verdicts.items():
                verdict = said[spec.name]
                evaluation = dg.AssetCheckEvaluation(
                    asset_key=asset,
                    check_name=spec.name,
                    passed=verdict["passed"],
                    severity=dg.AssetCheckSeverity.ERROR,
                    description=verdict["summary"],
                    partition=packet,
                    blocking=False,
                    target_materialization_data=targets.get(packet),
                )
                context.log_event(evaluation)


def _materializations(
    context: dg.AssetExecutionContext, asset: dg.AssetKey, wanted: list[str]
) -> dict[str, AssetCheckEvaluationTargetMaterializationData]:
    """This run's materialisation of each of the packets."""
    asked = dg.AssetRecordsFilter(asset, asset_partitions=wanted)
    records = context.instance.fetch_materializations(asked, limit=2 * len(wanted)).records
    found: dict[str, AssetCheckEvaluationTargetMaterializationData] = {}
    for record in records:  # newest first
        if record.partition_key is not None and record.run_id == context.run.run_id:
            target = AssetCheckEvaluationTargetMaterializationData(
                storage_id=record.storage_id, run_id=record.run_id, timestamp=record.timestamp
            )
            found.setdefault(record.partition_key, target)
    return found
