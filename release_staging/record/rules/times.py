"""Rules on time: recent enough at the packet's effective time, and not from the future."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from release_staging.model.claims import Claim
from release_staging.model.exceptions import Code, Role
from release_staging.model.sources import SOURCE_BY_NAME
from release_staging.record.rules.rule import Context, Raised, rule
from release_staging.record.view import Document, PacketView

# When a document was made, by the best it says: the first of these it has.
_MADE = ("produced_at", "finished_at", "started_at")


@rule(
    Code.TIMESTAMP_OUT_OF_POLICY,
    title="Evidence is too old, or from the future",
    looks_at="times of documents, vulnerability databases and rollback exercises; the effective time; the policy's windows",
    remedy="Run the tool again for this candidate and submit its new output.",
    owner=Role.RELEASE_MANAGER,
)
def timestamp_out_of_policy(context: Context) -> Iterator[Raised]:
    view, freshness = context.view, context.view.policy.freshness
    now = datetime.fromisoformat(view.facts.effective_time)
    for source, window in freshness.sources.items():
        for document in view.of_source(source):
            claim = _made(view, document)
            if claim is not None:
                yield from _judged(claim, now, window.max_age, freshness.max_future_skew, "made")
    for claim in view.claimed("database_at"):
        yield from _judged(claim, now, freshness.vulnerability_database.max_age, freshness.max_future_skew, "its vulnerability database")
    for claim in view.claimed("rollback.exercised_at"):
        yield from _judged(claim, now, view.policy.rollback.exercised_within, freshness.max_future_skew, "the rollback last exercised")


@rule(
    Code.TIMESTAMP_OUT_OF_POLICY,
    title="It cannot be told how old evidence is",
    looks_at="documents without a time of their own, and without a CI run that has one",
    remedy="Submit the document through the CI run that made it, so that the run's time can stand for it.",
    owner=Role.RELEASE_MANAGER,
    blocking=False,
)
def age_unknown(context: Context) -> Iterator[Raised]:
    """A document that is said to come from a run in the packet is as old as that run, which is judged itself."""
    view = context.view
    runs = {claim.agreed for claim in view.claimed("build.id", "pipeline_runs")}
    for source in view.policy.freshness.sources:
        for document in view.of_source(source):
            if _made(view, document) is None and document.run not in runs:
                yield Raised(document.path, f"{document.path} has no time that can be judged", (document.at(),), source=source)


def _made(view: PacketView, document: Document) -> Claim | None:
    for field in _MADE:
        for claim in view.claimed(field):
            if claim.document == document.sha256 and claim.latest is not None:
                return claim
    return None


def _judged(claim: Claim, now: datetime, oldest: timedelta, skew: timedelta, what: str) -> Iterator[Raised]:
    """A time that leaves instants open (no zone, only a day) is out of policy only if every instant it can mean is."""
    if claim.earliest is None or claim.latest is None:
        return
    owner = Role(SOURCE_BY_NAME[claim.source].owner) if claim.source else None
    if claim.latest < now - oldest:
        days = (now - claim.latest).days
        message = f"{what} {claim.source_value}: {days} days before the packet's effective time, and policy allows {_days(oldest)}"
        yield Raised(claim.path, message, (claim.evidence,), source=claim.source, owner=owner)
    elif claim.earliest > now + skew:
        yield Raised(
            claim.path,
            f"{what} {claim.source_value}: after the packet's effective time",
            (claim.evidence,),
            source=claim.source,
            owner=owner,
        )


def _days(window: timedelta) -> str:
    return f"{window.days} days" if window >= timedelta(days=1) else f"{window.total_seconds() / 3600:g} hours"
