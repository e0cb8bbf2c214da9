"""Between the values of ``entries`` and the rows of ``tables``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, ScalarSelect, Table, select, tuple_

from release_staging.model.exceptions import Code, Evidence, ReviewException, Role
from release_staging.staging.entries import PacketDocument, Release, Revision
from release_staging.staging.tables import exceptions, revisions


def columns_of(value: object, table: Table) -> dict[str, Any]:
    """The attributes of ``value`` that are columns of ``table``."""
    return {column.name: getattr(value, column.name) for column in table.c if hasattr(value, column.name)}


def exceptions_of(connection: Connection, rows: Sequence[Row[Any]]) -> dict[tuple[str, int], tuple[ReviewException, ...]]:
    """The exceptions of these revisions, in the order of their bodies."""
    keys = [(row.packet_id, row.revision) for row in rows]
    found: dict[tuple[str, int], list[ReviewException]] = {key: [] for key in keys}
    ours = select(exceptions).where(tuple_(exceptions.c.packet_id, exceptions.c.revision).in_(keys))
    for row in connection.execute(ours.order_by(exceptions.c.packet_id, exceptions.c.revision, exceptions.c.ordinal)):
        found[row.packet_id, row.revision].append(exception_of(row))
    return {key: tuple(listed) for key, listed in found.items()}


def last_revision(connection: Connection, which: ColumnElement[bool]) -> Revision | None:
    """The last revision that fits."""
    row = connection.execute(select(revisions).where(which).order_by(revisions.c.revision.desc()).limit(1)).first()
    return Revision(**row._mapping, exceptions=exceptions_of(connection, [row])[row.packet_id, row.revision]) if row else None


def last_number(packet_id: str) -> ScalarSelect[int]:
    """The number of a packet's last revision, without its body."""
    ours = select(revisions.c.revision).where(revisions.c.packet_id == packet_id)
    return ours.order_by(revisions.c.revision.desc()).limit(1).scalar_subquery()


def exception_of(row: Row[Any]) -> ReviewException:
    evidence = tuple(Evidence(e["document"], e["path"], e.get("locator"), e.get("source_value")) for e in row.evidence)
    return ReviewException(Code(row.code), row.subject, row.message, row.remedy, Role(row.owner), row.blocking, evidence)


def release_of(row: Row[Any]) -> Release:
    sboms = tuple(PacketDocument(one["path"], one["document"], one["size"], one["source"], one["format"]) for one in row.sboms)
    return Release(row.packet_id, row.record_id, row.version, tuple(row.digests), sboms)
