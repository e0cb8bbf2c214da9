"""The eight asset checks. They never block and never fail a run: routing is by data, a held packet is a green run.

A run over one packet yields each check for it. Dagster knows one result for a whole range, so a ranged run logs an
evaluation for each packet that fails a check or was judged before, and yields the check once for the run.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Any

import dagster as dg

from assets.packets import packets
from release_staging.record.checks import DRAFT_CHECKS, HANDOFF_CHECKS, Check


def _specs(asset: str, checks: Iterable[Check]) -> list[dg.AssetCheckSpec]:
    return [dg.AssetCheckSpec(check.name, asset=asset, description=check.asks, partitions_def=packets) for check in checks]


draft_checks = _specs("staging_record_draft", DRAFT_CHECKS)
handoff_checks = _specs("handoff_outcome", HANDOFF_CHECKS)


def evaluations(
    context: dg.AssetExecutionContext,
    specs: Sequence[dg.AssetCheckSpec],
    answers: Mapping[str, Sequence[Mapping[str, Any]]],
    judged_before: Container[str],
) -> Iterator[dg.AssetCheckResult]:
    """The verdicts of the run's packets on these checks; ``answers`` maps a packet to its verdicts (name, passed, summary).

    In a range, packets ``judged_before`` get their passes logged too: an earlier failure would stand otherwise.
    """
    by_name = {packet: {one["name"]: one for one in said} for packet, said in answers.items()}
    for spec in specs:
        failed = {packet: said[spec.name]["summary"] for packet, said in by_name.items() if not said[spec.name]["passed"]}
        if not context.has_partition_key:
            for packet in by_name:
                if packet in failed or packet in judged_before:
                    _log(context, spec, packet, failed.get(packet))
        yield dg.AssetCheckResult(
            asset_key=spec.asset_key,
            check_name=spec.name,
            passed=not failed,
            severity=dg.AssetCheckSeverity.ERROR,
            description=_told(failed),
            metadata={"packets": len(by_name), "failed": len(failed)},
        )


def _told(failed: Mapping[str, str]) -> str:
    if not failed:
        return "yes"
    told = [f"{packet}: {summary}" for packet, summary in list(failed.items())[:5]]
    return "; ".join(told) + (f"; and {len(failed) - 5} more packets" if len(failed) > 5 else "")


def _log(context: dg.AssetExecutionContext, spec: dg.AssetCheckSpec, packet: str, failure: str | None) -> None:
    """One packet's verdict, as an event of its own."""
    context.log_event(
        dg.AssetCheckEvaluation(
            asset_key=spec.asset_key,
            check_name=spec.name,
            passed=failure is None,
            severity=dg.AssetCheckSeverity.ERROR,
            description=failure or "yes",
            partition=packet,
            blocking=False,
        )
    )
