"""What reviewers said, in the staging store: findings on revisions, receipts for records. Append-only, one transaction a call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, and_, insert, select

from release_staging.parsing import json
from release_staging.review.effects import Recorded, in_force
from release_staging.review.finding import Finding
from release_staging.review.words import Outrun, Refused
from release_staging.staging.archived import archived_since
from release_staging.staging.entries import Revision
from release_staging.staging.rows import last_revision
from release_staging.staging.store import CLOSING
from release_staging.staging.tables import findings, handoff_events, packets, revisions
from release_staging.staging.transactions import InTransactions

# Looks at a finding beside the revision that it answers and the findings in force; raises Refused.
Check = Callable[[Finding, Revision, Sequence[Finding]], None]


class ReviewStore(InTransactions):
    """Findings in the database of ``engine``. Every method may raise StagingError."""

    def record(self, finding: Finding, check: Check) -> bool:
        """Records a finding. False where the very same was recorded already.

        Whoever hands off the packet, or records another finding on it, waits meanwhile. Raises Refused where the packet is closed,
        the revision is not its last (somebody was faster), or ``check`` refuses.
        """
        with self._transaction() as connection:
            locked = select(packets.c.packet_id).where(packets.c.packet_id == finding.packet).with_for_update(key_share=True)
            if connection.scalar(locked) is None:
                raise Refused(f"no packet {finding.packet!r} was received", remedy="name a packet as release-staging holds lists it")
            there = _findings(connection, finding.packet)
            if any(one.finding.name == finding.name for one in there):
                return False
            last = last_revision(connection, revisions.c.packet_id == finding.packet)
            _check_open(connection, finding, last)
            assert last is not None
            check(finding, last, [one.finding for one in in_force(there, datetime.now(UTC))])
            row = {"packet_id": finding.packet, "finding": finding.name, "revision": finding.revision, "kind": finding.kind}
            connection.execute(insert(findings), {**row, "body": finding.body.decode()})
            event = "withdrawn" if finding.kind == "withdraw" else "finding"
            detail = {"finding": finding.name, "kind": finding.kind, "role": finding.role.value}
            connection.execute(
                insert(handoff_events), {"packet_id": finding.packet, "revision": finding.revision, "event": event, "detail": detail}
            )
            return True

    def findings(self, packet_id: str) -> list[Recorded]:
        """Every finding on the packet, in the order in which they were recorded."""
        with self._transaction() as connection:
            return _findings(connection, packet_id)

    def in_force(self, packet_ids: Iterable[str], now: datetime) -> dict[str, list[Recorded]]:
        """Of each of these packets those that count at ``now``; packets without any are left out."""
        with self._transaction() as connection:
            said = _findings_of(connection, packet_ids)
        counting = {packet: in_force(recorded, now) for packet, recorded in said.items()}
        return {packet: recorded for packet, recorded in counting.items() if recorded}

    def to_restage(self, now: datetime) -> dict[str, list[Recorded]]:
        """The open packets whose last revision was made with other findings than are in force now: packet to those."""
        closed = select(handoff_events.c.packet_id).where(handoff_events.c.event.in_(CLOSING))
        commented = select(findings.c.packet_id).where(findings.c.packet_id.not_in(closed)).distinct()
        last = (
            select(revisions.c.packet_id, revisions.c.findings)
            .where(revisions.c.packet_id.in_(commented))
            .distinct(revisions.c.packet_id)
            .order_by(revisions.c.packet_id, revisions.c.revision.desc())
        )
        with self._transaction() as connection:
            made_with = {row.packet_id: row.findings for row in connection.execute(last)}
            counting = {packet: in_force(said, now) for packet, said in _findings_of(connection, made_with).items()}
        return {
            packet: standing for packet, standing in counting.items() if sorted(made_with[packet]) != [one.finding.name for one in standing]
        }

    def proposals(self) -> dict[tuple[str, str, str], list[str]]:
        """Names that findings propose for the registries: (registry, name, id of the entry) to the packets they were mapped in."""
        proposed: dict[tuple[str, str, str], list[str]] = {}
        with self._transaction() as connection:
            rows = connection.execute(
                select(findings.c.packet_id, findings.c.body).where(findings.c.kind == "map").order_by(findings.c.packet_id)
            )
            for packet_id, body in rows:
                said = Finding.model_validate(json.parse(body.encode())).map
                if said is not None and said.propose:
                    proposed.setdefault((said.registry, said.name, said.id), []).append(packet_id)
        return dict(sorted(proposed.items()))


def _findings(connection: Connection, packet_id: str) -> list[Recorded]:
    return _findings_of(connection, [packet_id]).get(packet_id, [])


def _findings_of(connection: Connection, packet_ids: Iterable[str]) -> dict[str, list[Recorded]]:
    """By packet, in the order in which they were recorded."""
    ours = select(findings.c.packet_id, findings.c.body, findings.c.recorded_at).where(findings.c.packet_id.in_(list(packet_ids)))
    found: dict[str, list[Recorded]] = {}
    for row in connection.execute(ours.order_by(findings.c.recorded_at, findings.c.finding)):
        found.setdefault(row.packet_id, []).append(Recorded(Finding.model_validate(json.parse(row.body.encode())), row.recorded_at))
    return found


def _check_open(connection: Connection, finding: Finding, last: Revision | None) -> None:
    closing = select(handoff_events).where(and_(handoff_events.c.packet_id == finding.packet, handoff_events.c.event.in_(CLOSING)))
    closed = connection.execute(closing.order_by(handoff_events.c.id)).first()
    if closed is not None:
        by = f" by {closed.detail['by']}" if "by" in closed.detail else ""
        raise Refused(f"packet {finding.packet} is {closed.event}{by}", remedy="look at the packet that stands instead, if there is one")
    if archived_since(connection, finding.packet) is not None:
        raise Refused(f"packet {finding.packet} is archived", remedy=f"bring it back with release-staging restore {finding.packet}")
    if last is None:
        raise Refused(f"packet {finding.packet} has no revision yet", remedy="wait for its run")
    if finding.revision != last.revision:
        raise Outrun(
            f"the finding answers revision {finding.revision}, and packet {finding.packet} is at revision {last.revision} ({last.outcome})",
            remedy="look at that revision, and answer it if it still needs to be",
        )
    if last.outcome != "held" and finding.kind not in ("boundary", "retract", "withdraw"):
        raise Refused(f"revision {last.revision} of packet {finding.packet} is staged: there is nothing to answer", remedy="nothing to do")
