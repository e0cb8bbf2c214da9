"""Rules on time: recent enough at the packet's effective time, in order, and not from the future. No time is guessed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from release_staging.model.claims import Claim
from release_staging.model.exceptions import Code, Role
from release_staging.model.sources import SOURCE_BY_NAME
from release_staging.record.rules.rule import Context, Raised, rule
from release_staging.record.view import Document, PacketView

# When a document was made, by the best it says: the first of these it has.
_MADE = ("produced_at", "finished_at", "started_at")
_BEGAN = ("started_at", "produced_at", "finished_at")  # one that tells only its end began by then; no sooner is known
_DONE = ("finished_at", "produced_at")


@dataclass(frozen=True)
class Told:
    """A claim of a time that can be read, and the first and the last instant it can mean."""

    claim: Claim
    earliest: datetime
    latest: datetime


@rule(
    Code.TIMESTAMP_OUT_OF_POLICY,
    title="Evidence is too old, or from the future",
    looks_at="times of documents, vulnerability databases and rollback exercises; the effective time; the policy's windows",
    remedy="Run the tool again for this candidate and submit its new output.",
    owner=Role.RELEASE_MANAGER,
    revision=3,
)
def timestamp_out_of_policy(context: Context) -> Iterator[Raised]:
    view, freshness = context.view, context.view.policy.freshness
    for source, window in freshness.sources.items():
        for document in view.of_source(source):
            for made in _told(view, document)[:1]:
                yield from _judged(view, made, window.max_age, "made")
    for document in view.documents.values():  # what has no window cannot be of the future either
        if document.source not in freshness.sources and not document.baseline:
            for made in _told(view, document)[:1]:
                yield from _judged(view, made, None, "made")
    for told in _readable(view.claimed("database_at")):
        yield from _judged(view, told, freshness.vulnerability_database.max_age, "its vulnerability database")
    if view.policy.rollback.exercised_within is not None:
        for told in _readable(view.claimed("rollback.exercised_at")):
            yield from _judged(view, told, view.policy.rollback.exercised_within, "the rollback last exercised")


@rule(
    Code.TIMESTAMP_OUT_OF_POLICY,
    title="A time that stands in a document cannot be read",
    looks_at="documents whose age policy limits and none of whose times can be read; times of databases and rollback exercises",
    remedy="Export the document again with its time in RFC 3339.",
    owner=Role.RELEASE_MANAGER,
)
def time_unreadable(context: Context) -> Iterator[Raised]:
    view = context.view
    stated = [_stated(view, document) for document in _limited(view)]
    alone = [[claim] for field in ("database_at", "rollback.exercised_at") for claim in view.claimed(field)]
    for claims in (*stated, *alone):
        if claims and not _readable(claims):
            yield _raised(claims[0], f"{claims[0].source_value[:80]!r} is no time that can be read ({claims[0].loss})")


@rule(
    Code.TIMESTAMP_OUT_OF_POLICY,
    title="It cannot be told how old evidence is",
    looks_at="documents without a time of their own, and without a CI run that has one",
    remedy="Submit the document through the CI run that made it, so that the run's time can stand for it.",
    owner=Role.RELEASE_MANAGER,
    blocking=False,
    revision=3,
)
def age_unknown(context: Context) -> Iterator[Raised]:
    """A document that is said to come from a run in the packet is as old as that run, which is judged itself."""
    view = context.view
    timed = {document.sha256 for document in view.of_source("pipeline_runs") if _told(view, document)}
    runs = {claim.agreed for claim in view.claimed("build.id", "pipeline_runs") if claim.document in timed}
    for document in _limited(view):
        if not _stated(view, document) and document.run not in runs:
            yield Raised(document.path, f"{document.path} has no time that can be judged", (document.at(),), source=document.source)


@rule(
    Code.TIMESTAMP_OUT_OF_POLICY,
    title="A time leaves open which instant it means",
    looks_at="times without a zone, or of a whole day, that a document's age or the order of documents is judged by",
    remedy="Let the tool write its times with a zone.",
    owner=Role.RELEASE_MANAGER,
    blocking=False,
    revision=2,
)
def time_open(context: Context) -> Iterator[Raised]:
    """Judged for every instant that it can mean; where those disagree on its age, ``timestamp_out_of_policy`` says so.

    A start counts beside the time of which the age is: what comes in which order is judged by it.
    """
    for document in _limited(context.view):
        for made in [told for told in _told(context.view, document) if told.earliest != told.latest][:1]:
            yield _raised(made.claim, f"{made.claim.source_value}: {made.claim.loss}; judged for every instant that it can mean")


@rule(
    Code.TIMESTAMP_OUT_OF_POLICY,
    title="Evidence is older than what it rests on",
    looks_at="times of documents, in the order that policy says a candidate is built, attested, scanned and tried in",
    remedy="Submit the evidence that was made of this build, or correct the time in the document.",
    owner=Role.RELEASE_MANAGER,
)
def out_of_order(context: Context) -> Iterator[Raised]:
    """What is too old anyway is told as that, not twice."""
    view = context.view
    for order in view.policy.order:
        begun = [
            told for document in view.of_source(order.first) for told in _told(view, document, _BEGAN if order.at == "start" else _DONE)[:1]
        ]
        first = min(begun, key=lambda told: told.earliest, default=None)
        for document in view.of_source(order.then) if first is not None else ():
            if (order.levels and document.level not in order.levels) or _too_old(view, document):
                continue
            last = max(_told(view, document), key=lambda told: told.latest, default=None)
            if first is not None and last is not None and first.earliest - last.latest > view.policy.freshness.max_future_skew:
                did = "began" if order.at == "start" else "was done"
                message = f"of {last.claim.source_value}: before {order.first} {did}, {first.claim.source_value} in {first.claim.path}"
                yield _raised(last.claim, message, first.claim)


@rule(
    Code.TIMESTAMP_OUT_OF_POLICY,
    title="Something ended before it began",
    looks_at="start and end of what a document reports",
    remedy="Export the document again: one of the two times was edited, or is of something else.",
    owner=Role.RELEASE_MANAGER,
)
def ended_before_begun(context: Context) -> Iterator[Raised]:
    """Of each thing that a document gives one start and one end for. Clocks that drift may put them a little out of order."""
    view = context.view
    starts, ends = (_of_each(_readable(view.claimed(field))) for field in ("started_at", "finished_at"))
    for key, begun in starts.items():
        ended = ends.get(key)
        if ended is not None and begun.earliest - ended.latest > view.policy.freshness.max_future_skew:
            message = f"ended {ended.claim.source_value}, before it began, {begun.claim.source_value}"
            yield _raised(ended.claim, message, begun.claim)


def _of_each(times: list[Told]) -> dict[tuple[str, str | None], Told]:
    """By document and subject; of what has several, none."""
    found: dict[tuple[str, str | None], list[Told]] = {}
    for told in times:
        found.setdefault((told.claim.document, told.claim.subject), []).append(told)
    return {key: several[0] for key, several in found.items() if len(several) == 1}


def _too_old(view: PacketView, document: Document) -> bool:
    window = view.policy.freshness.sources.get(document.source or "")
    made = _told(view, document)[:1] if window is not None else []
    return window is not None and any(told.latest < _now(view) - window.max_age for told in made)


def _now(view: PacketView) -> datetime:
    return datetime.fromisoformat(view.facts.effective_time)


def _limited(view: PacketView) -> list[Document]:
    """The documents whose age policy limits."""
    return [document for source in view.policy.freshness.sources for document in view.of_source(source)]


def _stated(view: PacketView, document: Document, fields: tuple[str, ...] = _MADE) -> list[Claim]:
    return [claim for field in fields for claim in view.claimed(field) if claim.document == document.sha256]


def _told(view: PacketView, document: Document, fields: tuple[str, ...] = _MADE) -> list[Told]:
    return _readable(_stated(view, document, fields))


def _readable(claims: list[Claim]) -> list[Told]:
    return [Told(claim, claim.earliest, claim.latest) for claim in claims if claim.earliest is not None and claim.latest is not None]


def _judged(view: PacketView, told: Told, oldest: timedelta | None, what: str) -> Iterator[Raised]:
    """A time is too old if some instant that it can mean is: that it is recent enough could only be guessed. None: however old.

    Of the future it is only if every instant is: a wall time without a zone was somewhere that late.
    """
    now = _now(view)
    when = f"{what} {told.claim.source_value}"
    if oldest is not None and told.latest < now - oldest:
        days = (now - told.latest).days
        yield _raised(told.claim, f"{when}: {days} days before the packet's effective time, and policy allows {_days(oldest)}")
    elif oldest is not None and told.earliest < now - oldest:
        yield _raised(told.claim, f"{when} ({told.claim.loss}): it cannot be told whether within the {_days(oldest)} that policy allows")
    elif told.earliest > now + view.policy.freshness.max_future_skew:
        yield _raised(told.claim, f"{when}: after the packet's effective time")


def _raised(claim: Claim, message: str, *beside: Claim) -> Raised:
    owner = Role(SOURCE_BY_NAME[claim.source].owner) if claim.source else None
    return Raised(claim.path, message, (claim.evidence, *(one.evidence for one in beside)), source=claim.source, owner=owner)


def _days(window: timedelta) -> str:
    return f"{window.days} days" if window >= timedelta(days=1) else f"{window.total_seconds() / 3600:g} hours"
