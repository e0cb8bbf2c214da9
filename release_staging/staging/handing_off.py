"""One hand-off, on a connection whose transaction the caller holds: lock, decide, record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, insert, select, text

from release_staging.staging.entries import Handoff, HandoffResult
from release_staging.staging.errors import RevisionTaken, StagingError
from release_staging.staging.rows import columns_of, exception_of
from release_staging.staging.tables import handoff_events, packets, revisions


def hand_off(connection: Connection, handoffs: Sequence[Handoff]) -> list[HandoffResult]:
    """Records the outcomes, or raises StagingError. See ``StagingStore.hand_off``."""
    if not handoffs:
        return []
    _check_one_each(handoffs)
    packet_ids = [handoff.packet_id for handoff in handoffs]
    _lock(connection, packet_ids)
    standing = _standing(connection, packet_ids)
    results = [_decide(handoff, standing.get(handoff.packet_id, [])) for handoff in handoffs]
    new = [handoff for handoff, result in zip(handoffs, results, strict=True) if not result.repeated]
    if new:
        _insert(connection, new)
    connection.execute(insert(handoff_events), [_event(*pair) for pair in zip(handoffs, results, strict=True)])
    if new:
        for statement in (_LOCK_CANDIDATES, _SUPERSEDE):  # one after the other, so that the second sees what it waited for
            connection.execute(statement, {"packet_ids": [handoff.packet_id for handoff in new]})
    return results


def _check_one_each(handoffs: Sequence[Handoff]) -> None:
    twice = [packet_id for packet_id, count in Counter(handoff.packet_id for handoff in handoffs).items() if count > 1]
    if twice:
        raise StagingError(f"one call hands off packet {twice[0]} more than once", remedy="hand off its revisions one after the other")


def _lock(connection: Connection, packet_ids: Sequence[str]) -> None:
    """Whoever hands off a packet holds its row, to the end of the transaction; in order of id, so that no two calls wait for each other."""
    ours = select(packets.c.packet_id).where(packets.c.packet_id.in_(packet_ids)).order_by(packets.c.packet_id)
    locked = set(connection.scalars(ours.with_for_update(key_share=True)))
    unknown = sorted(set(packet_ids) - locked)
    if unknown:
        raise StagingError(f"packet {unknown[0]} was never received, so no outcome of it can be recorded", remedy="submit it first")


def _standing(connection: Connection, packet_ids: Sequence[str]) -> dict[str, list[Row[Any]]]:
    columns = (revisions.c.packet_id, revisions.c.revision, revisions.c.basis, revisions.c.outcome, revisions.c.document_digest)
    found: dict[str, list[Row[Any]]] = {}
    for row in connection.execute(select(*columns).where(revisions.c.packet_id.in_(packet_ids))):
        found.setdefault(row.packet_id, []).append(row)
    return found


def _decide(handoff: Handoff, standing: Sequence[Row[Any]]) -> HandoffResult:
    """New, or repeated: nothing else is accepted. Going back to an earlier basis is new: the last revision is what stands."""
    digest = handoff.document_digest
    last = max(standing, key=lambda row: row.revision, default=None)
    if last is not None and last.basis == handoff.basis:
        if last.document_digest != digest:
            raise StagingError(
                f"packet {handoff.packet_id} was processed again on the same basis, but gave {digest} instead of {last.document_digest} "
                f"(revision {last.revision}): the outcome is not deterministic",
                remedy="this is a defect of the software, please report it; the revision that stands was not touched",
            )
        return HandoffResult(handoff.packet_id, last.revision, last.outcome, digest, repeated=True)
    expected = (last.revision if last is not None else 0) + 1
    if handoff.revision != expected:
        raise RevisionTaken(
            f"packet {handoff.packet_id} is at revision {expected - 1}, so revision {handoff.revision} cannot be recorded",
            remedy="another run handed it off meanwhile; run the packet again",
        )
    return HandoffResult(handoff.packet_id, expected, handoff.outcome, digest, repeated=False)


def _insert(connection: Connection, new: Sequence[Handoff]) -> None:
    connection.execute(insert(revisions), [columns_of(handoff, revisions) for handoff in new])
    added = {"packet_ids": [handoff.packet_id for handoff in new], "numbers": [handoff.revision for handoff in new]}
    for row in connection.execute(_ADD_EXCEPTIONS, added):
        try:
            exception_of(row)
        except (KeyError, TypeError, ValueError) as error:
            raise StagingError(
                f"exception {row.ordinal} of packet {row.packet_id} cannot be read back ({error}): its code or owner is not on the closed "
                "list, or its evidence names no document and path",
                remedy="this is a defect of the software, please report it",
            ) from error
    connection.execute(_ADD_RELEASES, added)
    connection.execute(_ADD_CANDIDATES, added)


# The rows are made from the bodies by the database, so that the two cannot say different things.
_ADD_EXCEPTIONS = text("""
    INSERT INTO staging.exceptions
        (packet_id, revision, ordinal, outcome, code, subject, message, remedy, owner, blocking, evidence)
    SELECT packet_id, revision, place - 1, outcome, item ->> 'code', item ->> 'subject', item ->> 'message', item ->> 'remedy',
        item ->> 'owner', (item ->> 'blocking')::boolean, item -> 'evidence'
    FROM unnest(CAST(:packet_ids AS text[]), CAST(:numbers AS integer[])) AS added (packet_id, revision)
    JOIN staging.revisions USING (packet_id, revision),
        jsonb_array_elements(staging.body_json(body) -> 'exceptions') WITH ORDINALITY AS listed (item, place)
    RETURNING *
""")
_ADD_CANDIDATES = text("SELECT staging.add_candidates(CAST(:packet_ids AS text[]), CAST(:numbers AS integer[]))")
_LOCK_CANDIDATES = text("SELECT staging.lock_candidates(CAST(:packet_ids AS text[]))")
_SUPERSEDE = text("SELECT staging.supersede(CAST(:packet_ids AS text[]))")
_ADD_RELEASES = text("SELECT staging.add_releases(CAST(:packet_ids AS text[]), CAST(:numbers AS integer[]))")


def _event(handoff: Handoff, result: HandoffResult) -> dict[str, Any]:
    event = "repeated" if result.repeated else result.outcome
    detail = {"basis": handoff.basis, "document_digest": result.document_digest}
    return {"packet_id": result.packet_id, "revision": result.revision, "event": event, "run_id": handoff.run_id, "detail": detail}
