"""What the staging store knows of many packets at once, as rows: bodies stay in the database, but for a sample."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from release_staging.parsing import json
from release_staging.review.receipt import Receipt
from release_staging.staging.receipts import Received
from release_staging.staging.transactions import InTransactions


@dataclass(frozen=True)
class Taken:
    """A packet that was taken in, and what became of it. ``first_staged`` is the first revision that was staged."""

    packet: str
    revisions: int
    records: int  # staged revisions
    first_staged: int | None
    outcome: str | None  # of the last revision, like ``contract``; None where there is none yet
    contract: str | None


@dataclass(frozen=True)
class Told:
    """That a revision has exceptions of a code, and whether one of them blocks."""

    packet: str
    revision: int
    code: str
    blocking: bool


@dataclass(frozen=True)
class Sampled:
    """A record whose values can be led back. ``size`` is that of its packet."""

    packet: str
    revision: int
    contract: str
    body: str
    size: int


class Statistics(InTransactions):
    """Reads the store in the database of ``engine``; packets are those received since an instant. Every method may raise StagingError."""

    def taken(self, since: datetime) -> list[Taken]:
        with self._transaction() as connection:
            return [Taken(*row) for row in connection.execute(_TAKEN, {"since": since})]

    def told(self, since: datetime) -> list[Told]:
        with self._transaction() as connection:
            return [Told(*row) for row in connection.execute(_TOLD, {"since": since})]

    def received(self, since: datetime) -> list[Received]:
        """The receipts on records of these packets, in the order in which they were recorded."""
        with self._transaction() as connection:
            rows = connection.execute(_RECEIPTS, {"since": since})
            return [
                Received(Receipt.model_validate(json.parse(row.body.encode())), row.packet_id, row.revision, row.recorded_at)
                for row in rows
            ]

    def sample(self, since: datetime, most: int, salt: str) -> list[Sampled]:
        """At most so many standing records of packets that are not archived: the same for the same ``salt``, others for another."""
        with self._transaction() as connection:
            return [Sampled(*row) for row in connection.execute(_SAMPLE, {"since": since, "most": most, "salt": salt})]


_TAKEN = text("""
    SELECT packet_id, count(revision), count(*) FILTER (WHERE outcome = 'staged'), min(revision) FILTER (WHERE outcome = 'staged'),
        (array_agg(outcome ORDER BY revision DESC))[1], (array_agg(contract ORDER BY revision DESC))[1]
    FROM staging.packets LEFT JOIN staging.revisions USING (packet_id)
    WHERE received_at >= :since GROUP BY packet_id ORDER BY packet_id
""")
_TOLD = text("""
    SELECT packet_id, revision, code, bool_or(blocking)
    FROM staging.packets JOIN staging.exceptions USING (packet_id)
    WHERE received_at >= :since GROUP BY packet_id, revision, code ORDER BY packet_id, revision, code
""")
_RECEIPTS = text("""
    SELECT r.packet_id, r.revision, r.body, r.recorded_at
    FROM staging.packets p JOIN staging.receipts r USING (packet_id)
    WHERE p.received_at >= :since ORDER BY r.recorded_at, r.receipt
""")
_SAMPLE = text("""
    SELECT packet_id, revision, contract, body, size_bytes FROM (
        SELECT DISTINCT ON (packet_id) packet_id, r.revision, r.outcome, r.contract, r.document_digest, r.body, p.size_bytes
        FROM staging.packets p JOIN staging.revisions r USING (packet_id)
        WHERE p.received_at >= :since ORDER BY packet_id, r.revision DESC
    ) last
    WHERE outcome = 'staged' AND coalesce((
        SELECT event FROM staging.handoff_events e
        WHERE e.packet_id = last.packet_id AND event IN ('archived', 'restored') ORDER BY id DESC LIMIT 1), '') <> 'archived'
    ORDER BY md5(document_digest || :salt) LIMIT :most
""")
