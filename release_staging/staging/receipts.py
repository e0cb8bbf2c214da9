"""Receipts in the staging store: what the downstream review said of records. Append-only, one transaction a call."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.dialects import postgresql

from release_staging.parsing import json
from release_staging.review.receipt import Receipt
from release_staging.review.words import Refused
from release_staging.staging.tables import handoff_events, receipts, revisions
from release_staging.staging.transactions import InTransactions


@dataclass(frozen=True)
class Received:
    """A receipt as the store keeps it: on which revision, and since when."""

    receipt: Receipt
    packet_id: str
    revision: int
    at: datetime


class ReceiptStore(InTransactions):
    """Receipts in the database of ``engine``. Every method may raise StagingError."""

    def record(self, receipt: Receipt) -> bool:
        """Records a receipt. False where the very same was recorded already.

        Raises Refused where there is no such record, it is a hold, or it does not have a field that the receipt speaks of.
        """
        with self._transaction() as connection:
            packet_id, revision, body = _record(connection, receipt.record)
            unknown = receipt.unknown_fields(body.encode())
            if unknown:
                raise Refused(
                    f"the record has no field {', '.join(unknown[:5])}",
                    remedy="name fields by JSON Pointer, as release-staging show --format json lists them",
                )
            row = {"packet_id": packet_id, "revision": revision, "receipt": receipt.name, "outcome": "staged"}
            added = connection.execute(
                postgresql.insert(receipts).values(**row, body=receipt.body.decode()).on_conflict_do_nothing().returning(receipts.c.receipt)
            ).first()
            if added is None:
                return False
            detail = {"receipt": receipt.name, "usable": receipt.usable, "by": receipt.by.kind}
            event = {"packet_id": packet_id, "revision": revision, "event": "receipt", "detail": detail}
            connection.execute(insert(handoff_events), event)
            return True

    def receipts(self, packet_id: str) -> list[Received]:
        """Every receipt on the packet's records, in the order in which they were recorded."""
        ours = select(receipts).where(receipts.c.packet_id == packet_id).order_by(receipts.c.recorded_at, receipts.c.receipt)
        with self._transaction() as connection:
            return [
                Received(Receipt.model_validate(json.parse(row.body.encode())), row.packet_id, row.revision, row.recorded_at)
                for row in connection.execute(ours)
            ]


def _record(connection: Connection, digest: str) -> tuple[str, int, str]:
    """Packet, revision and body of the record with this id or digest."""
    record_id = func.staging.body_json(revisions.c.body).op("->>")("record_id")
    named = (revisions.c.document_digest == digest) | (record_id == digest)
    row = connection.execute(
        select(revisions.c.packet_id, revisions.c.revision, revisions.c.outcome, revisions.c.body).where(named)
    ).first()
    if row is None:
        raise Refused(f"no record is named {digest}", remedy="name the record_id of a staged record, or the digest of its document")
    if row.outcome != "staged":
        raise Refused(
            f"{digest} is a hold of packet {row.packet_id}: only a staged record has receipts",
            remedy="answer a hold with a finding (release-staging finding add)",
        )
    return row.packet_id, row.revision, row.body
