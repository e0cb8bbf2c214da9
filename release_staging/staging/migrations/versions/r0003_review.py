"""Review: findings, receipts, candidates and what becomes of a packet; and of each revision what it was made from.

What the database itself makes impossible: a finding or receipt whose name is not the digest of its words, a finding about another
packet or revision than it says, a receipt for anything but a staged record, and changing or removing any of them.
"""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)
    for table in ("findings", "receipts", "candidates"):
        op.execute(
            f"CREATE TRIGGER immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON staging.{table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION staging.refuse_change()"
        )


def downgrade() -> None:
    raise NotImplementedError("records are immutable: there is no way back to a database without them; restore a backup")


_STATEMENTS = (
    "ALTER TABLE staging.revisions ADD COLUMN made_from jsonb NOT NULL DEFAULT '{}'::jsonb",
    "ALTER TABLE staging.revisions ADD COLUMN findings text[] NOT NULL DEFAULT '{}'",
    "ALTER TABLE staging.handoff_events DROP CONSTRAINT event_is_known",
    """
    ALTER TABLE staging.handoff_events ADD CONSTRAINT event_is_known CHECK (event IN
        ('received', 'staged', 'held', 'repeated', 'finding', 'receipt', 'withdrawn', 'superseded', 'archived', 'restored'))
    """,
    "CREATE UNIQUE INDEX a_packet_is_superseded_once ON staging.handoff_events (packet_id) WHERE event = 'superseded'",
    "CREATE INDEX ix_handoff_events_by ON staging.handoff_events ((detail ->> 'by')) WHERE event = 'superseded'",
    "CREATE UNIQUE INDEX a_packet_is_withdrawn_once ON staging.handoff_events (packet_id) WHERE event = 'withdrawn'",
    """
    CREATE TABLE staging.findings (
        packet_id text NOT NULL,
        finding text NOT NULL,
        revision integer NOT NULL,
        kind text NOT NULL,
        body text NOT NULL,
        recorded_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (packet_id, finding),
        FOREIGN KEY (packet_id, revision) REFERENCES staging.revisions (packet_id, revision),
        CONSTRAINT finding_is_named_by_its_digest CHECK (finding = 'sha256:' || encode(sha256(convert_to(body, 'UTF8')), 'hex')),
        CONSTRAINT finding_agrees_with_its_row CHECK (
            staging.body_json(body) ->> 'packet' = packet_id
            AND staging.body_json(body) -> 'revision' = to_jsonb(revision)
            AND jsonb_exists(staging.body_json(body), kind))
    )
    """,
    """
    CREATE TABLE staging.receipts (
        packet_id text NOT NULL,
        revision integer NOT NULL,
        receipt text NOT NULL,
        outcome text NOT NULL CONSTRAINT only_a_staged_record_has_receipts CHECK (outcome = 'staged'),
        body text NOT NULL,
        recorded_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (packet_id, revision, receipt),
        FOREIGN KEY (packet_id, revision, outcome) REFERENCES staging.revisions (packet_id, revision, outcome),
        CONSTRAINT receipt_is_named_by_its_digest CHECK (receipt = 'sha256:' || encode(sha256(convert_to(body, 'UTF8')), 'hex'))
    )
    """,
    """
    CREATE TABLE staging.candidates (
        packet_id text NOT NULL,
        revision integer NOT NULL,
        service text NOT NULL,
        version text NOT NULL,
        PRIMARY KEY (packet_id, revision),
        FOREIGN KEY (packet_id, revision) REFERENCES staging.revisions (packet_id, revision)
    )
    """,
    "CREATE INDEX ix_staging_candidates ON staging.candidates (service, version)",
    """
    CREATE FUNCTION staging.add_candidates(packet_ids text[], numbers integer[]) RETURNS void LANGUAGE sql AS $$
        INSERT INTO staging.candidates (packet_id, revision, service, version)
        SELECT packet_id, revision, content -> 'candidate' ->> 'service', content -> 'candidate' ->> 'version'
        FROM unnest(packet_ids, numbers) AS added (packet_id, revision)
        JOIN staging.revisions USING (packet_id, revision), LATERAL (SELECT staging.body_json(body)) AS read (content)
        WHERE content -> 'candidate' ->> 'service' IS NOT NULL AND content -> 'candidate' ->> 'version' IS NOT NULL
    $$
    """,
    """
    SELECT staging.add_candidates(array_agg(packet_id ORDER BY packet_id, revision), array_agg(revision ORDER BY packet_id, revision))
    FROM staging.revisions
    """,
    # Hand-offs of one candidate wait for one another here, in the same order everywhere, so that none overlooks the other.
    """
    CREATE FUNCTION staging.lock_candidates(packet_ids text[]) RETURNS void LANGUAGE plpgsql AS $$
    DECLARE one bigint;
    BEGIN
        FOR one IN SELECT DISTINCT hashtextextended(service || chr(31) || version, 0) AS key
            FROM staging.candidates WHERE packet_id = ANY (packet_ids) ORDER BY key
        LOOP PERFORM pg_advisory_xact_lock(one); END LOOP;
    END $$
    """,
    # The packets of these candidates that a later packet of the same service and version stands beside: later by its policy clock.
    """
    CREATE FUNCTION staging.supersede(packet_ids text[]) RETURNS void LANGUAGE sql AS $$
        WITH standing AS (
            SELECT c.packet_id, c.revision, c.service, c.version, p.effective_time
            FROM staging.candidates c JOIN staging.packets p USING (packet_id)
            WHERE (c.service, c.version) IN (SELECT service, version FROM staging.candidates WHERE packet_id = ANY (packet_ids))
                AND NOT EXISTS (SELECT FROM staging.revisions r WHERE r.packet_id = c.packet_id AND r.revision > c.revision)
                AND NOT EXISTS (SELECT FROM staging.handoff_events e WHERE e.packet_id = c.packet_id AND e.event = 'withdrawn')
        ), newest AS (
            SELECT DISTINCT ON (service, version) service, version, packet_id AS by, effective_time AS since
            FROM standing ORDER BY service, version, effective_time DESC, packet_id DESC
        )
        INSERT INTO staging.handoff_events (packet_id, revision, event, detail)
        SELECT s.packet_id, s.revision, 'superseded', jsonb_build_object('by', n.by)
        FROM standing s JOIN newest n USING (service, version)
        WHERE s.effective_time < n.since
        ON CONFLICT DO NOTHING
    $$
    """,
)
