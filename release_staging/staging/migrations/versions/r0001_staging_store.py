"""The staging store: packets, revisions of records and holds, their exceptions, and what happened when.

What the database itself makes impossible:
- a record (outcome ``staged``) with a blocking exception, or a hold without one, in the body or in the rows;
- a body that is not the one its digest names, or that names another packet or revision than its row;
- a second revision of the same number, a revision of a packet never received;
- changing, deleting or truncating anything. (Who must remove data by law disables the trigger ``immutable``, visibly.)
"""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_IMMUTABLE = ("packets", "packet_documents", "revisions", "exceptions", "handoff_events")


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)
    for table in _IMMUTABLE:
        op.execute(
            f"CREATE TRIGGER immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON staging.{table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION staging.refuse_change()"
        )


def downgrade() -> None:
    raise NotImplementedError("records are immutable: there is no way back to a database without them; restore a backup")


_STATEMENTS = (
    # jsonb cannot hold the character NUL, which evidence may; the replacement has the same length and structure, and only
    # the checks and the index below see it: the body stays as given.
    r"""
    CREATE FUNCTION staging.body_json(body text) RETURNS jsonb LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$ SELECT replace(body, '\u0000', '\ufffd')::jsonb $$
    """,
    """
    CREATE FUNCTION staging.body_agrees(body text, of_packet text, of_revision integer, outcome text) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
    DECLARE content CONSTANT jsonb := staging.body_json(body);
    BEGIN
        IF jsonb_typeof(content) <> 'object' OR jsonb_typeof(content -> 'exceptions') IS DISTINCT FROM 'array' THEN
            RETURN false;
        END IF;
        RETURN coalesce(content -> 'packet' ->> 'id' = of_packet, true)
            AND coalesce(content -> 'revision' = to_jsonb(of_revision), true)
            AND CASE outcome
                WHEN 'held' THEN jsonb_path_exists(content, '$.exceptions[*] ? (@.blocking == true)')
                ELSE NOT EXISTS (  -- each says plainly that it does not block
                    SELECT FROM jsonb_array_elements(content -> 'exceptions') AS listed (item)
                    WHERE item -> 'blocking' IS DISTINCT FROM 'false'::jsonb
                )
            END;
    END $$
    """,
    """
    CREATE FUNCTION staging.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% refused: the records in staging.% are immutable', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'restrict_violation', HINT = 'A correction is a new revision: restage the packet.';
    END $$
    """,
    """
    CREATE TABLE staging.packets (
        packet_id text CONSTRAINT packet_id_is_safe CHECK (packet_id ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,254}$' AND packet_id !~ '\\.\\.'),
        declared_id text NOT NULL,
        digest text NOT NULL CONSTRAINT packet_digest_is_sha256 CHECK (digest ~ '^sha256:[0-9a-f]{64}$'),
        origin text NOT NULL,
        received_at timestamptz NOT NULL,
        effective_time timestamptz NOT NULL,
        size_bytes bigint NOT NULL CONSTRAINT packet_size_is_a_size CHECK (size_bytes >= 0),
        PRIMARY KEY (packet_id),
        UNIQUE (digest)
    )
    """,
    """
    CREATE TABLE staging.packet_documents (
        packet_id text NOT NULL REFERENCES staging.packets,
        path text NOT NULL,
        sha256 text NOT NULL CONSTRAINT document_sha256_is_sha256 CHECK (sha256 ~ '^sha256:[0-9a-f]{64}$'),
        size bigint NOT NULL CONSTRAINT document_size_is_a_size CHECK (size >= 0),
        source text,
        format text,
        PRIMARY KEY (packet_id, path)
    )
    """,
    "CREATE INDEX ix_staging_packet_documents_sha256 ON staging.packet_documents (sha256)",
    """
    CREATE TABLE staging.revisions (
        packet_id text NOT NULL REFERENCES staging.packets,
        revision integer NOT NULL CONSTRAINT revisions_count_from_one CHECK (revision >= 1),
        basis text NOT NULL,
        outcome text NOT NULL CONSTRAINT outcome_is_staged_or_held CHECK (outcome IN ('staged', 'held')),
        contract text NOT NULL,
        document_digest text NOT NULL,
        body text NOT NULL,
        run_id text,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (packet_id, revision),
        UNIQUE (packet_id, revision, outcome),
        CONSTRAINT digest_is_of_the_body CHECK (document_digest = 'sha256:' || encode(sha256(convert_to(body, 'UTF8')), 'hex')),
        CONSTRAINT body_agrees_with_outcome CHECK (staging.body_agrees(body, packet_id, revision, outcome))
    )
    """,
    "CREATE INDEX ix_revisions_held ON staging.revisions (created_at) WHERE outcome = 'held'",
    "CREATE INDEX ix_staging_revisions_document_digest ON staging.revisions (document_digest)",
    "CREATE INDEX revisions_record_id ON staging.revisions ((staging.body_json(body) ->> 'record_id'))",
    """
    CREATE TABLE staging.exceptions (
        packet_id text NOT NULL,
        revision integer NOT NULL,
        ordinal integer NOT NULL,
        outcome text NOT NULL,
        code text NOT NULL,
        subject text NOT NULL,
        message text NOT NULL,
        remedy text NOT NULL,
        owner text NOT NULL,
        blocking boolean NOT NULL,
        evidence jsonb NOT NULL,
        PRIMARY KEY (packet_id, revision, ordinal),
        FOREIGN KEY (packet_id, revision, outcome) REFERENCES staging.revisions (packet_id, revision, outcome),
        CONSTRAINT a_staged_record_has_no_blocking_exception CHECK (NOT (blocking AND outcome = 'staged'))
    )
    """,
    """
    CREATE TABLE staging.handoff_events (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        packet_id text NOT NULL REFERENCES staging.packets,
        revision integer,
        event text NOT NULL CONSTRAINT event_is_known CHECK (event IN ('received', 'staged', 'held', 'repeated')),
        at timestamptz NOT NULL DEFAULT now(),
        run_id text,
        detail jsonb NOT NULL DEFAULT '{}'::jsonb,
        FOREIGN KEY (packet_id, revision) REFERENCES staging.revisions (packet_id, revision),
        CONSTRAINT only_receiving_has_no_revision CHECK ((revision IS NULL) = (event = 'received'))
    )
    """,
    "CREATE INDEX ix_handoff_events_packet ON staging.handoff_events (packet_id, id)",
)
