"""The tables of the staging store, as queries see them. What guards them (checks, triggers) stands in the migrations.

Everything lives in the schema ``staging``, so that one database can hold Dagster's tables beside these. Rows are only
ever added: the database refuses to change or delete them.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

SCHEMA = "staging"

metadata = MetaData(schema=SCHEMA)

_INSTANT = DateTime(timezone=True)

packets = Table(
    "packets",
    metadata,
    Column("packet_id", Text, primary_key=True),  # the partition key
    Column("declared_id", Text, nullable=False),
    Column("digest", Text, nullable=False, unique=True),
    Column("origin", Text, nullable=False),  # the path or address it was received from
    Column("received_at", _INSTANT, nullable=False),
    Column("effective_time", _INSTANT, nullable=False),  # the policy clock
    Column("size_bytes", BigInteger, nullable=False),
)

packet_documents = Table(
    "packet_documents",
    metadata,
    Column("packet_id", Text, ForeignKey(packets.c.packet_id), primary_key=True),
    Column("path", Text, primary_key=True),
    Column("sha256", Text, nullable=False, index=True),  # as the vault names it, sha256:<hex>
    Column("size", BigInteger, nullable=False),
    Column("source", Text),  # null: no evidence, or not recognised
    Column("format", Text),
)

revisions = Table(
    "revisions",
    metadata,
    Column("packet_id", Text, ForeignKey(packets.c.packet_id), primary_key=True),
    Column("revision", Integer, primary_key=True),  # from 1, without gaps
    Column("basis", Text, nullable=False),  # all that decides the outcome, as the caller names it
    Column("outcome", Text, nullable=False),  # staged | held
    Column("contract", Text, nullable=False),
    Column("document_digest", Text, nullable=False, index=True),  # of the body's UTF-8 bytes, sha256:<hex>
    Column("body", Text, nullable=False),  # the record or hold: canonical JSON, exactly as given
    Column("run_id", Text),
    Column("created_at", _INSTANT, nullable=False, server_default=func.now()),
    Column("made_from", JSONB, nullable=False, server_default=text("'{}'::jsonb")),  # what the basis is the digest of
    Column("findings", ARRAY(Text), nullable=False, server_default=text("'{}'")),  # those in force, by name
    UniqueConstraint("packet_id", "revision", "outcome"),  # what exceptions refer to
    Index("ix_revisions_held", "created_at", postgresql_where=text("outcome = 'held'")),
)

exceptions = Table(  # the exceptions of each body, as rows
    "exceptions",
    metadata,
    Column("packet_id", Text, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("ordinal", Integer, primary_key=True),  # place in the body, from 0
    Column("outcome", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("remedy", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("blocking", Boolean, nullable=False),
    Column("evidence", JSONB, nullable=False),
    ForeignKeyConstraint(
        ["packet_id", "revision", "outcome"],
        ["staging.revisions.packet_id", "staging.revisions.revision", "staging.revisions.outcome"],
    ),
)

releases = Table(  # what later packets of a service are compared with; made from the bodies of staged records
    "releases",
    metadata,
    Column("packet_id", Text, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("outcome", Text, nullable=False),
    Column("record_id", Text, nullable=False),
    Column("service", Text, nullable=False, index=True),
    Column("version", Text, nullable=False),
    Column("digests", JSONB, nullable=False),  # of its artifacts
    Column("sboms", JSONB, nullable=False),  # its bills of materials, as the record's evidence lists them
    ForeignKeyConstraint(
        ["packet_id", "revision", "outcome"],
        ["staging.revisions.packet_id", "staging.revisions.revision", "staging.revisions.outcome"],
    ),
)

candidates = Table(  # what each revision is of; made from the bodies
    "candidates",
    metadata,
    Column("packet_id", Text, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("service", Text, nullable=False),
    Column("version", Text, nullable=False),
    ForeignKeyConstraint(["packet_id", "revision"], ["staging.revisions.packet_id", "staging.revisions.revision"]),
    Index("ix_staging_candidates", "service", "version"),
)

findings = Table(  # what reviewers said of a revision
    "findings",
    metadata,
    Column("packet_id", Text, primary_key=True),
    Column("finding", Text, primary_key=True),  # sha256:<hex> of the body
    Column("revision", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("recorded_at", _INSTANT, nullable=False, server_default=func.now()),
    ForeignKeyConstraint(["packet_id", "revision"], ["staging.revisions.packet_id", "staging.revisions.revision"]),
)

receipts = Table(  # what the downstream review said of a record's usability
    "receipts",
    metadata,
    Column("packet_id", Text, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("receipt", Text, primary_key=True),  # sha256:<hex> of the body
    Column("outcome", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("recorded_at", _INSTANT, nullable=False, server_default=func.now()),
    ForeignKeyConstraint(
        ["packet_id", "revision", "outcome"],
        ["staging.revisions.packet_id", "staging.revisions.revision", "staging.revisions.outcome"],
    ),
)

handoff_events = Table(
    "handoff_events",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("packet_id", Text, ForeignKey(packets.c.packet_id), nullable=False),
    Column("revision", Integer),  # null where the packet was received
    Column("event", Text, nullable=False),  # entries.EventName
    Column("at", _INSTANT, nullable=False, server_default=func.now()),
    Column("run_id", Text),
    Column("detail", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    ForeignKeyConstraint(["packet_id", "revision"], ["staging.revisions.packet_id", "staging.revisions.revision"]),
    Index("ix_handoff_events_packet", "packet_id", "id"),
    Index("ix_handoff_events_by", text("(detail ->> 'by')"), postgresql_where=text("event = 'superseded'")),
    Index("a_packet_is_superseded_once", "packet_id", unique=True, postgresql_where=text("event = 'superseded'")),
    Index("a_packet_is_withdrawn_once", "packet_id", unique=True, postgresql_where=text("event = 'withdrawn'")),
)
