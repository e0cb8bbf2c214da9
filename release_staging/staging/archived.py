"""Which packets are archived, which are due, and which documents the others still need: the staging store's side of retention."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Connection, insert, select, text

from release_staging.staging.errors import StagingError
from release_staging.staging.rows import last_number
from release_staging.staging.store import CLOSING
from release_staging.staging.tables import handoff_events, packets
from release_staging.staging.transactions import InTransactions

_LOCK = 0x7265_7465_6E74_69  # "retenti": the advisory lock under which one process at a time archives or restores
_EVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Due:
    """A packet that may be archived: its last revision, since when it rests, and the documents that the store knows it by."""

    packet: str
    revision: int
    outcome: str
    since: datetime
    size: int
    origin: str


@dataclass(frozen=True)
class Referred:
    """What packets that are not archived refer to, but for what their manifests say."""

    packets: Mapping[str, str]  # packet to its manifest
    documents: frozenset[str]


@dataclass(frozen=True)
class Standing:
    """A staged record that a later packet of its service may be compared with."""

    service: str
    version: str
    received_at: datetime
    sboms: tuple[str, ...] = field(default=())


class ArchiveStore(InTransactions):
    """Retention in the database of ``engine``. Every method may raise StagingError."""

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else archives or restores while the block runs. Raises StagingError where somebody does already."""
        with self._engine.connect() as connection:
            if not connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": _LOCK}):
                raise StagingError("packets are being archived or restored already", remedy="wait until that is done")
            try:
                yield
            finally:
                connection.scalar(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})

    def due(self, before: datetime, open_before: datetime | None) -> list[Due]:
        """Packets that rest since before an instant and are staged, withdrawn or superseded; and open holds, by an instant of their own."""
        with self._transaction() as connection:
            rows = connection.execute(_DUE, {"before": before, "open_before": open_before, "closing": list(CLOSING)})
            return [Due(*row) for row in rows]

    def archived(self) -> dict[str, tuple[str, ...]]:
        """The archived packets, each with the documents that its archive holds."""
        with self._transaction() as connection:
            return {row.packet_id: tuple(row.detail["documents"]) for row in connection.execute(_ARCHIVED)}

    def digest_of(self, packet_id: str) -> str | None:
        """The digest of the packet's archive, or None where it is not archived."""
        with self._transaction() as connection:
            last = _last(connection, packet_id)
            return last[1]["digest"] if last else None

    def since(self, packet_id: str) -> datetime | None:
        """Since when the packet is archived, or None where it is not."""
        with self._transaction() as connection:
            return archived_since(connection, packet_id)

    def reviewed_with(self, packet_id: str) -> set[str]:
        """Findings on the packet, and what they supplied."""
        with self._transaction() as connection:
            return set(connection.scalars(_REVIEWED, {"packet_id": packet_id}))

    def mark(self, packet_id: str, revision: int, digest: str, documents: Iterable[str]) -> bool:
        """That the packet is archived now. False where it has another revision meanwhile, or is archived already."""
        with self._transaction() as connection:
            connection.execute(select(packets.c.packet_id).where(packets.c.packet_id == packet_id).with_for_update(key_share=True))
            if connection.scalar(select(last_number(packet_id))) != revision or archived_since(connection, packet_id):
                return False
            detail = {"digest": digest, "documents": sorted(documents)}
            connection.execute(
                insert(handoff_events), {"packet_id": packet_id, "revision": revision, "event": "archived", "detail": detail}
            )
            return True

    def unmark(self, packet_id: str) -> None:
        """That the packet is not archived any more."""
        with self._transaction() as connection:
            revision = connection.scalar(select(last_number(packet_id)))
            connection.execute(insert(handoff_events), {"packet_id": packet_id, "revision": revision, "event": "restored", "detail": {}})

    def was_restored(self, packet_id: str) -> bool:
        """Whether the packet was archived once, and is not now."""
        with self._transaction() as connection:
            ours = select(handoff_events.c.id).where(handoff_events.c.packet_id == packet_id, handoff_events.c.event == "restored")
            return connection.execute(ours.limit(1)).first() is not None and archived_since(connection, packet_id) is None

    def referred(self) -> Referred:
        """What packets that are not archived refer to: their documents, findings and what these supplied, what their records and holds
        name, and what later packets of a service will be compared with.
        """
        with self._transaction() as connection:
            live = {row.packet_id: row.origin for row in connection.execute(_LIVE)}
            documents = set(connection.scalars(_REFERRED))
            releases = [Standing(r.service, r.version, r.received_at, tuple(r.documents)) for r in connection.execute(_RELEASES)]
            waiting = [(row.received_at, row.service) for row in connection.execute(_WAITING)]
        return Referred(live, frozenset(documents | compared(releases, waiting)))


def archived_since(connection: Connection, packet_id: str) -> datetime | None:
    """Since when the packet is archived, or None where it is not."""
    last = _last(connection, packet_id)
    return last[0] if last else None


def _last(connection: Connection, packet_id: str) -> tuple[datetime, dict[str, str]] | None:
    events = select(handoff_events.c.event, handoff_events.c.at, handoff_events.c.detail).where(
        handoff_events.c.packet_id == packet_id, handoff_events.c.event.in_(("archived", "restored"))
    )
    row = connection.execute(events.order_by(handoff_events.c.id.desc()).limit(1)).first()
    return (row.at, row.detail) if row is not None and row.event == "archived" else None


def compared(releases: Iterable[Standing], waiting: Iterable[tuple[datetime, str | None]]) -> set[str]:
    """The bills of materials that a packet may be compared with, if it is staged now or again (see ``earlier``).

    That is, before it was received, the last release of its service, and the last of another version than that. ``waiting`` are the
    packets that are not archived: when they were received, and their service, where it is known.
    """
    by_service: dict[str, list[Standing]] = defaultdict(list)
    for release in sorted(releases, key=lambda one: one.received_at):
        if release.sboms:
            by_service[release.service].append(release)
    instants: dict[str | None, set[datetime]] = defaultdict(set)
    for received_at, service in waiting:
        instants[service].add(received_at)
    kept: set[str] = set()
    for service, standing in by_service.items():
        received = [one.received_at for one in standing]
        for instant in {_EVER, *instants[service], *instants[None]}:
            before = standing[: bisect_left(received, instant)]
            last = before[-1:]
            other = next((one for one in reversed(before) if one.version != last[0].version), None)
            kept.update(sbom for one in (*last, other) if one is not None for sbom in one.sboms)
    return kept


# Parts of our own statements, and nothing from outside.
_STATE = """
    state AS (
        SELECT DISTINCT ON (packet_id) packet_id, event, at, detail FROM staging.handoff_events
        WHERE event IN ('archived', 'restored') ORDER BY packet_id, id DESC
    ), live AS (
        SELECT p.* FROM staging.packets p LEFT JOIN state s USING (packet_id) WHERE s.event IS DISTINCT FROM 'archived'
    )
"""
_DUE = text(f"""
    WITH {_STATE}, last AS (
        SELECT DISTINCT ON (packet_id) packet_id, revision, outcome, created_at FROM staging.revisions ORDER BY packet_id, revision DESC
    )
    SELECT packet_id, revision, outcome, greatest(created_at, state.at) AS since, size_bytes, origin
    FROM live JOIN last USING (packet_id) LEFT JOIN state USING (packet_id)
    WHERE greatest(created_at, state.at) < CASE
        WHEN outcome = 'staged' OR EXISTS (
            SELECT FROM staging.handoff_events e WHERE e.packet_id = live.packet_id AND e.event = ANY (:closing)
        ) THEN CAST(:before AS timestamptz) ELSE CAST(:open_before AS timestamptz) END
    ORDER BY since, packet_id
""")  # noqa: S608
_ARCHIVED = text(f"WITH {_STATE} SELECT packet_id, detail FROM state WHERE event = 'archived' ORDER BY packet_id")  # noqa: S608
_LIVE = text(f"WITH {_STATE} SELECT packet_id, origin FROM live")  # noqa: S608
_REVIEWED = text("""
    SELECT finding FROM staging.findings WHERE packet_id = :packet_id
    UNION SELECT 'sha256:' || (staging.body_json(body) -> 'supply' ->> 'sha256') FROM staging.findings
    WHERE packet_id = :packet_id AND kind = 'supply'
""")
_REFERRED = text(f"""
    WITH {_STATE}
    SELECT origin FROM live
    UNION SELECT sha256 FROM live JOIN staging.packet_documents USING (packet_id)
    UNION SELECT finding FROM live JOIN staging.findings USING (packet_id)
    UNION SELECT 'sha256:' || (staging.body_json(body) -> 'supply' ->> 'sha256') FROM live JOIN staging.findings USING (packet_id)
        WHERE kind = 'supply'
    UNION SELECT named ->> 'document' FROM live JOIN staging.revisions USING (packet_id),
        LATERAL jsonb_array_elements(coalesce(staging.body_json(body) -> 'evidence', '[]'::jsonb)) AS named
""")  # noqa: S608
_RELEASES = text("""
    SELECT r.service, r.version, p.received_at, ARRAY(SELECT sbom ->> 'document' FROM jsonb_array_elements(r.sboms) AS sbom) AS documents
    FROM staging.releases r JOIN staging.packets p USING (packet_id)
    WHERE NOT EXISTS (SELECT FROM staging.revisions l WHERE l.packet_id = r.packet_id AND l.revision > r.revision)
""")
_WAITING = text(f"""
    WITH {_STATE}
    SELECT live.received_at, (
        SELECT service FROM staging.candidates c WHERE c.packet_id = live.packet_id ORDER BY revision DESC LIMIT 1) AS service
    FROM live
""")  # noqa: S608
