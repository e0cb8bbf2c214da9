"""Rules on the way back: what a rollback returns to is named, known, exercised, and not the candidate itself."""

from __future__ import annotations

from collections.abc import Iterator

from release_staging.model.claims import Claim
from release_staging.model.exceptions import Code, Evidence, Role
from release_staging.record.rules.rule import Context, Raised, rule
from release_staging.record.view import PacketView

_RANK = ("not_named", "named", "named_by_digest")  # of record/derivations/rollback.py
_ASKED = {"any": "not_named", "named": "named", "named_by_digest": "named_by_digest"}


@rule(
    Code.REQUIRED_FIELD_MISSING,
    title="The artifact to return to is not named as policy asks",
    looks_at="digest and reference that the runbook and the manifest give for the rollback",
    remedy="Name the artifact of the rollback version by its digest, in the runbook or the manifest.",
    owner=Role.SERVICE_OWNER,
)
def rollback_artifact(context: Context) -> Iterator[Raised]:
    view, asked = context.view, _ASKED[context.view.policy.rollback.artifact]
    status = (context.assembly.tree.get("rollback") or {}).get("artifact_status")
    if status is not None and _RANK.index(status) < _RANK.index(asked):
        message = f"the artifact to return to is {status.replace('_', ' ')}, and policy asks for one {asked.replace('_', ' ')}"
        yield Raised("rollback.artifact", message, _runbooks(view), source="rollback_runbooks")


@rule(
    Code.EVIDENCE_MISSING,
    title="Nothing shows that the artifact to return to exists",
    looks_at="the digest to return to, beside registry documents, documents of the release before, and earlier staged records",
    remedy="Add the registry's answer for that digest to the packet, or correct the digest.",
    owner=Role.SERVICE_OWNER,
)
def rollback_unknown(context: Context) -> Iterator[Raised]:
    view = context.view
    if not view.policy.rollback.known:
        return
    known = view.known_digests
    for digest, claims in _by_value(view.claimed("rollback.artifact")).items():
        if digest not in known:
            message = f"{digest} is in no registry document, no document of the release before and no earlier staged record"
            yield Raised("rollback.artifact", message, tuple(claim.evidence for claim in claims), source="rollback_runbooks")


@rule(
    Code.REQUIRED_FIELD_MISSING,
    title="It is not said when the rollback was last exercised",
    looks_at="runbooks, where policy limits how long ago a rollback was exercised",
    remedy="Exercise the rollback, and say in the runbook when that was.",
    owner=Role.SERVICE_OWNER,
)
def rollback_not_exercised(context: Context) -> Iterator[Raised]:
    view = context.view
    runbooks = view.of_source("rollback_runbooks")
    if runbooks and view.policy.rollback.exercised_within is not None and not view.claimed("rollback.exercised_at"):
        message = "no runbook says when the rollback was last exercised, and policy asks for it"
        yield Raised("rollback.exercised_at", message, _runbooks(view), source="rollback_runbooks")


@rule(
    Code.CONTRADICTION,
    title="The rollback returns to the candidate itself",
    looks_at="version and digest to return to, beside those of the candidate",
    remedy="Name the release before as what to return to.",
    owner=Role.SERVICE_OWNER,
)
def rollback_to_candidate(context: Context) -> Iterator[Raised]:
    view = context.view
    for back, of_candidate in (("rollback.version", "candidate.version"), ("rollback.artifact", "artifact.digest")):
        declared = [claim for claim in view.claimed(of_candidate) if claim.source in (None, "release_manifest")]
        same = {claim.agreed for claim in declared}
        for value, claims in _by_value(view.claimed(back)).items():
            if value in same:
                beside = [claim for claim in declared if claim.agreed == value]
                evidence = tuple(claim.evidence for claim in (*claims, *beside))
                yield Raised(back, f"{value} is the candidate's own {of_candidate.rpartition('.')[2]}", evidence, source=claims[0].source)


def _by_value(claims: list[Claim]) -> dict[str, list[Claim]]:
    found: dict[str, list[Claim]] = {}
    for claim in claims:
        found.setdefault(claim.agreed, []).append(claim)
    return found


def _runbooks(view: PacketView) -> tuple[Evidence, ...]:
    return tuple(document.at() for document in view.of_source("rollback_runbooks"))
