"""Normalisation, contradictions and the draft: joins over all packets of the run at once."""

from typing import Any

import dagster as dg
import pyarrow.compute as pc

from assets.checks import draft_checks, evaluations
from assets.contained import contained
from assets.metadata import of_exceptions, table
from assets.packets import packet_asset
from assets.run_packets import described
from release_staging.config.disclosure import RECORD
from release_staging.contradict.judge import judge
from release_staging.disclosure.conceal import Concealment
from release_staging.model.gathered import Gathered, Tables, merged
from release_staging.model.sources import SOURCES
from release_staging.normalize.normalise import normalise
from release_staging.record.draft import Draft
from release_staging.record.drafts import draft_all, drafts_of
from release_staging.review.effects import reviewed
from resources.reference import Reference

_SIDE = ("field", "value", "path", "locator")
_MOST_VALUE = 120


@packet_asset(
    "normalized_evidence",
    group="judgement",
    inputs=("evidence_packet", "review_findings", *(source.name for source in SOURCES)),
    description="Every source value in the controlled vocabulary of the registries. "
    "The source value stays beside it, with the rule and what was lost.",
)
def normalized_evidence(
    context: dg.AssetExecutionContext, evidence_packet: Tables, review_findings: Tables, reference: Reference, **extracted: Tables
) -> Tables:
    with contained():
        gathered_tables = reviewed(evidence_packet, review_findings, *extracted.values())
        tables = {**gathered_tables, **normalise(gathered_tables, reference.registries, reference.policy)}

    def describe(gathered: Gathered, packet: str) -> dict[str, Any]:
        return {name: found.num_rows for name in ("claims", "problems", "losses") if (found := gathered.table(name, packet)) is not None}

    return described(context, tables, describe)


@packet_asset(
    "contradictions",
    group="judgement",
    inputs=("normalized_evidence",),
    description="Which candidate each document is bound to and how strongly, and the claims that cannot all be true: all sides, no winner.",
)
def contradictions(context: dg.AssetExecutionContext, normalized_evidence: Tables, reference: Reference) -> Tables:
    def describe(gathered: Gathered, packet: str) -> dict[str, Any]:
        bound = gathered.table("bindings", packet)
        sides = gathered.rows("sides", packet)
        shown = Concealment(reference.policy.disclosure, RECORD).tree([{name: row[name] for name in _SIDE} for row in sides])
        counted = {} if bound is None else {row["values"]: row["counts"] for row in pc.value_counts(bound["binding"]).to_pylist()}
        return {
            "contradictions": len({row["number"] for row in sides}),
            **{f"bound_{strength}": counted.get(strength, 0) for strength in ("strong", "weak", "asserted", "none")},
            "sides": table([{**side, "value": side["value"][:_MOST_VALUE]} for side in shown], dict.fromkeys(_SIDE, "string")),
        }

    with contained():
        return described(context, judge(normalized_evidence), describe)


@packet_asset(
    "staging_record_draft",
    group="record",
    inputs=("normalized_evidence", "contradictions"),
    checks=draft_checks,
    description="The record of each packet as far as it could be made, assembled from the contract, with every exception the rules found.",
)
def staging_record_draft(
    context: dg.AssetExecutionContext, normalized_evidence: Tables, contradictions: Tables, reference: Reference
) -> Any:
    with contained():
        tables = draft_all(merged([normalized_evidence, contradictions]), reference.contract, reference.registries.digest, reference.policy)
        drafts = drafts_of(tables)
        described(context, tables, lambda _, packet: _describe_draft(drafts[packet]))
    yield dg.MaterializeResult(value=tables)
    yield from evaluations(context, draft_checks, {packet: made.document["checks"] for packet, made in drafts.items()})


def _describe_draft(made: Draft) -> dict[str, Any]:
    candidate = made.document["candidate"]
    return {
        "candidate": f"{candidate['service'] or '?'} {candidate['version'] or '?'}",
        "exceptions": of_exceptions(made.exceptions),
        "blocking": sum(one.blocking for one in made.exceptions),
        "missing": len(made.document["missing"]),
    }
