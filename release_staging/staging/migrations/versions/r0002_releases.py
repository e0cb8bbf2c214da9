"""What each staged record says that later packets of the service are compared with: ``staging.releases``.

A row is made from the record's body by the database, when the record is handed off; it is never changed.
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("records are immutable: there is no way back to a database without them; restore a backup")


_STATEMENTS = (
    """
    CREATE TABLE staging.releases (
        packet_id text NOT NULL,
        revision integer NOT NULL,
        outcome text NOT NULL CONSTRAINT only_a_staged_record_is_a_release CHECK (outcome = 'staged'),
        record_id text NOT NULL,
        service text NOT NULL,
        version text NOT NULL,
        digests jsonb NOT NULL,
        sboms jsonb NOT NULL,
        PRIMARY KEY (packet_id, revision),
        FOREIGN KEY (packet_id, revision, outcome) REFERENCES staging.revisions (packet_id, revision, outcome)
    )
    """,
    "CREATE INDEX ix_staging_releases_service ON staging.releases (service)",
    # Of a record's bills of materials those of its own: not those it was itself compared with.
    """
    CREATE FUNCTION staging.add_releases(packet_ids text[], numbers integer[]) RETURNS void LANGUAGE sql AS $$
        INSERT INTO staging.releases (packet_id, revision, outcome, record_id, service, version, digests, sboms)
        SELECT packet_id, revision, outcome, content ->> 'record_id',
            content -> 'candidate' ->> 'service', content -> 'candidate' ->> 'version',
            jsonb_path_query_array(content, '$.artifacts[*].digest'),
            jsonb_path_query_array(content, '$.evidence[*]
                ? (@.source == "sboms" && !(@.bound_by == "descriptor: baseline") && !(@.bound_by == "earlier record"))')
        FROM unnest(packet_ids, numbers) AS added (packet_id, revision)
        JOIN staging.revisions USING (packet_id, revision), LATERAL (SELECT staging.body_json(body)) AS read (content)
        WHERE outcome = 'staged' AND content ->> 'record_id' IS NOT NULL
            AND content -> 'candidate' ->> 'service' IS NOT NULL AND content -> 'candidate' ->> 'version' IS NOT NULL
    $$
    """,
    """
    SELECT staging.add_releases(array_agg(packet_id ORDER BY packet_id, revision), array_agg(revision ORDER BY packet_id, revision))
    FROM staging.revisions
    """,
    """
    CREATE TRIGGER immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON staging.releases
    FOR EACH STATEMENT EXECUTE FUNCTION staging.refuse_change()
    """,
)
