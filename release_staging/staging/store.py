"""The staging store: which packets were received, and the one outcome of each revision. Append-only, in PostgreSQL.

Whatever kills the process, a hand-off has happened whole or not at all, and running again leaves one outcome: each call is one
transaction, and whoever comes second finds the first one's revision.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, func, insert, literal_column, or_, select
from sqlalchemy.dialects import postgresql

from release_staging.model.exceptions import Role
from release_staging.staging import handing_off
from release_staging.staging.entries import (
    Handoff,
    HandoffEvent,
    HandoffResult,
    Packet,
    PacketDocument,
    Release,
    Revision,
    RevisionHead,
    Standing,
)
from release_staging.staging.errors import NotFound, StagingError
from release_staging.staging.rows import columns_of, exceptions_of, last_revision, release_of
from release_staging.staging.tables import exceptions, handoff_events, packet_documents, packets, releases, revisions
from release_staging.staging.transactions import InTransactions

_HEAD = [column for column in revisions.c if column.name != "body"]
CLOSING = ("withdrawn", "superseded")  # events after which nobody need look at a packet
_CANDIDATES_SHOWN = 5


class StagingStore(InTransactions):
    """The store in the database of ``engine``, which ``migrations.migrate`` has prepared. Every method may raise StagingError."""

    # Packets

    def receive(self, packet: Packet) -> bool:
        """Records a packet and its documents. False when the same content is there already: nothing is added then."""
        with self._transaction() as connection:
            added = connection.execute(
                postgresql.insert(packets).values(columns_of(packet, packets)).on_conflict_do_nothing().returning(packets.c.packet_id)
            ).first()
            if added is None:
                _check_same_content(connection, packet)
                return False
            if packet.documents:
                rows = [{"packet_id": packet.packet_id, **columns_of(document, packet_documents)} for document in packet.documents]
                connection.execute(insert(packet_documents), rows)
            event = {"packet_id": packet.packet_id, "event": "received", "detail": {"origin": packet.origin}}
            connection.execute(insert(handoff_events), event)
            return True

    def packet(self, packet_id: str) -> Packet | None:
        """The packet with this id."""
        return next(iter(self._packets(packets.c.packet_id == packet_id)), None)

    def packet_by_digest(self, digest: str) -> Packet | None:
        """The packet with this content."""
        return next(iter(self._packets(packets.c.digest == digest)), None)

    def packets(self) -> list[Packet]:
        """Every packet, oldest first."""
        return self._packets(literal_column("true"))

    def _packets(self, which: ColumnElement[bool]) -> list[Packet]:
        with self._transaction() as connection:
            found = connection.execute(select(packets).where(which).order_by(packets.c.received_at, packets.c.packet_id)).all()
            ours = select(packet_documents).join(packets).where(which).order_by(packet_documents.c.packet_id, packet_documents.c.path)
            documents: dict[str, list[PacketDocument]] = {}
            for row in connection.execute(ours):
                documents.setdefault(row.packet_id, []).append(PacketDocument(row.path, row.sha256, row.size, row.source, row.format))
        return [Packet(**row._mapping, documents=tuple(documents.get(row.packet_id, ()))) for row in found]

    def without_outcome(self, received_before: datetime) -> list[Packet]:
        """Packets received before an instant that have no revision yet, oldest first."""
        has = exists().where(revisions.c.packet_id == packets.c.packet_id)
        return self._packets(~has & (packets.c.received_at < received_before))

    # Handing off

    def next_revision(self, packet_id: str, basis: str) -> int:
        """The number for a revision with this basis: the packet's last where that has it, or else the one after."""
        return self.next_revisions({packet_id: basis})[packet_id]

    def next_revisions(self, bases: Mapping[str, str]) -> dict[str, int]:
        """``next_revision`` for many packets at once: packet id to basis in, packet id to number out."""
        last = (
            select(revisions.c.packet_id, revisions.c.revision, revisions.c.basis)
            .where(revisions.c.packet_id.in_(bases.keys()))
            .distinct(revisions.c.packet_id)
            .order_by(revisions.c.packet_id, revisions.c.revision.desc())
        )
        with self._transaction() as connection:
            found = {row.packet_id: row.revision + (row.basis != bases[row.packet_id]) for row in connection.execute(last)}
        return dict.fromkeys(bases, 1) | found

    def hand_off(self, handoffs: Sequence[Handoff]) -> list[HandoffResult]:
        """Records the outcomes, all or none; the results are in the order given.

        The basis of the packet's last revision, with the same bytes, is ``repeated``: only the event is new. With other bytes it is
        refused, for the outcome is then not determined by its basis. Raises RevisionTaken when another run was faster.
        """
        with self._transaction() as connection:
            return handing_off.hand_off(connection, handoffs)

    # Reading

    def processed(self, packet_ids: Iterable[str]) -> set[str]:
        """Those of these packets that have an outcome already."""
        ours = select(revisions.c.packet_id).where(revisions.c.packet_id.in_(list(packet_ids))).distinct()
        with self._transaction() as connection:
            return set(connection.scalars(ours))

    def latest(self, packet_id: str) -> Revision | None:
        """The packet's last revision, or None where it has not been processed yet."""
        return self._revision(revisions.c.packet_id == packet_id)

    def revision(self, packet_id: str, number: int) -> Revision | None:
        """One revision of a packet."""
        return self._revision(and_(revisions.c.packet_id == packet_id, revisions.c.revision == number))

    def history(self, packet_id: str) -> list[RevisionHead]:
        """The packet's revisions, first to last."""
        return self._heads(select(*_HEAD).where(revisions.c.packet_id == packet_id).order_by(revisions.c.revision))

    def events(self, packet_id: str) -> list[HandoffEvent]:
        """What happened to the packet, in order."""
        with self._transaction() as connection:
            columns = [column for column in handoff_events.c if column.name != "id"]
            found = select(*columns).where(handoff_events.c.packet_id == packet_id).order_by(handoff_events.c.id)
            return [HandoffEvent(**row._mapping) for row in connection.execute(found)]

    def superseded_by(self, packet_id: str) -> tuple[str, ...]:
        """The packets that this one stands in place of, the newest first."""
        older = select(handoff_events.c.packet_id).where(
            handoff_events.c.event == "superseded", handoff_events.c.detail.op("->>")("by") == packet_id
        )
        ordered = select(packets.c.packet_id).where(packets.c.packet_id.in_(older)).order_by(packets.c.effective_time.desc())
        with self._transaction() as connection:
            return tuple(connection.scalars(ordered))

    def holds(self, role: Role | None = None) -> list[RevisionHead]:
        """The open holds, oldest first; with ``role``, those that have a blocking exception for it.

        A hold is closed by a later revision, or because its packet was withdrawn or superseded.
        """
        later = revisions.alias("later")
        again = exists().where(later.c.packet_id == revisions.c.packet_id, later.c.revision > revisions.c.revision)
        closed = exists().where(handoff_events.c.packet_id == revisions.c.packet_id, handoff_events.c.event.in_(CLOSING))
        held = select(*_HEAD).where(revisions.c.outcome == "held", ~again, ~closed)
        if role is not None:
            its = and_(exceptions.c.packet_id == revisions.c.packet_id, exceptions.c.revision == revisions.c.revision)
            held = held.where(exists().where(its, exceptions.c.blocking, exceptions.c.owner == role.value))
        return self._heads(held.order_by(revisions.c.created_at, revisions.c.packet_id))

    def standing(self, packet_ids: Iterable[str] | None = None) -> list[Standing]:
        """The last revision of every packet (of these) that was not withdrawn, and is not archived, in the order of their ids."""
        last = (
            select(revisions.c.packet_id, revisions.c.revision, revisions.c.outcome, revisions.c.contract, revisions.c.made_from)
            .where(~_is_gone(revisions.c.packet_id))
            .distinct(revisions.c.packet_id)
            .order_by(revisions.c.packet_id, revisions.c.revision.desc())
        )
        if packet_ids is not None:
            last = last.where(revisions.c.packet_id.in_(list(packet_ids)))
        with self._transaction() as connection:
            return [Standing(**row._mapping) for row in connection.execute(last)]

    def held_since(self, packet_ids: Iterable[str]) -> dict[str, datetime]:
        """Of each of these packets, when it came to be held without a record in between: how long people have been asked."""
        staged = revisions.alias("staged")
        after = select(func.coalesce(func.max(staged.c.revision), 0)).where(
            staged.c.packet_id == revisions.c.packet_id, staged.c.outcome == "staged"
        )
        since = select(revisions.c.packet_id, func.min(revisions.c.created_at)).where(
            revisions.c.packet_id.in_(list(packet_ids)), revisions.c.revision > after.scalar_subquery()
        )
        with self._transaction() as connection:
            rows = connection.execute(since.group_by(revisions.c.packet_id))
            return {row.packet_id: row[1] for row in rows}

    def released_before(self, service: str, instant: datetime, most: int = 20) -> list[Release]:
        """The service's packets received before an instant whose last revision is staged, newest first."""
        later = revisions.alias("later")
        again = exists().where(later.c.packet_id == releases.c.packet_id, later.c.revision > releases.c.revision)
        ours = select(releases).join(packets, packets.c.packet_id == releases.c.packet_id)
        ours = ours.where(releases.c.service == service, packets.c.received_at < instant, ~again)
        with self._transaction() as connection:
            rows = connection.execute(ours.order_by(packets.c.received_at.desc(), packets.c.packet_id).limit(most)).all()
        return [release_of(row) for row in rows]

    def find(self, name: str) -> Revision:
        """The revision that ``name`` means: the digest or id of a record or hold; or a packet's id, its declared id, the beginning of
        one, or its digest, each for the packet's latest revision. Raises StagingError when it means nothing, or several packets.
        """
        name = name.strip()
        record_id = func.staging.body_json(revisions.c.body).op("->>")("record_id")
        named = (revisions.c.document_digest == name) | (record_id == name)
        document = self._revision(named) if name.startswith("sha256:") else None
        return document or self._latest_of(self._named_packet(name))

    def _named_packet(self, name: str) -> str:
        exact = (packets.c.packet_id == name) | (packets.c.digest == name)
        begins = packets.c.packet_id.startswith(name, autoescape=True) | packets.c.digest.startswith(name, autoescape=True)
        with self._transaction() as connection:
            for which in (exact, packets.c.declared_id == name, begins) if name else ():
                matching = select(packets.c.packet_id).where(which).order_by(packets.c.packet_id).limit(_CANDIDATES_SHOWN + 1)
                found: list[str] = list(connection.scalars(matching))
                if len(found) == 1:
                    return found[0]
                if found:
                    some = ", ".join(found[:_CANDIDATES_SHOWN]) + (", ..." if len(found) > _CANDIDATES_SHOWN else "")
                    raise NotFound(f"{name!r} could mean several packets: {some}", remedy="give more of the id")
        raise NotFound(f"no packet, record or hold is named {name!r}", remedy="give a packet id or its beginning, or a sha256:... digest")

    def _latest_of(self, packet_id: str) -> Revision:
        found = self.latest(packet_id)
        if found is None:
            raise StagingError(f"packet {packet_id} was received, but has no outcome yet", remedy="wait for its run, or run it again")
        return found

    def _revision(self, which: ColumnElement[bool]) -> Revision | None:
        """The last revision that fits."""
        with self._transaction() as connection:
            return last_revision(connection, which)

    def _heads(self, which: Select[Any]) -> list[RevisionHead]:
        with self._transaction() as connection:
            rows = connection.execute(which).all()
            found = exceptions_of(connection, rows)
            return [RevisionHead(**row._mapping, exceptions=found[row.packet_id, row.revision]) for row in rows]


def _is_gone(packet_id: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a packet was withdrawn, or archived and not restored since."""
    withdrawn = exists().where(handoff_events.c.packet_id == packet_id, handoff_events.c.event == "withdrawn")
    moved = (
        select(handoff_events.c.event)
        .where(handoff_events.c.packet_id == packet_id, handoff_events.c.event.in_(("archived", "restored")))
        .order_by(handoff_events.c.id.desc())
        .limit(1)
    )
    return or_(withdrawn, func.coalesce(moved.scalar_subquery(), "restored") == "archived")


def _check_same_content(connection: Connection, packet: Packet) -> None:
    """The packet was not added: either its content is there, or its id belongs to other content."""
    if connection.scalar(select(packets.c.packet_id).where(packets.c.digest == packet.digest)) is None:
        raise StagingError(
            f"the packet id {packet.packet_id} already belongs to other content than {packet.digest}",
            remedy="submit the packet under another declared id",
        )
