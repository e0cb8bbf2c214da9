"""What reviewers said, as it travels between steps."""

from __future__ import annotations

import pyarrow as pa

from release_staging.model.tables import TEXT

FINDING_FORMAT = "review-finding@1"  # a finding is a document of its packet from then on: what it says can be located in it
SUPPLIED = "supplied by a finding"  # ``recognised_by`` of a document that a finding brought
EXCLUDED = "excluded by a finding"  # and of one that a finding took out: it stays among the documents, and says nothing

REVIEW_FINDINGS = pa.schema(
    [
        ("packet", TEXT),
        ("finding", TEXT),  # its digest, sha256:<hex>
        ("kind", TEXT),  # one of review.finding.KINDS
        ("target", TEXT),  # what it is about: a document, a field, a registry, an evidence
        ("value", TEXT),  # what it says of that; null where it says nothing more
        ("name", TEXT),  # of kind ``map``: the name that is mapped
        ("reviewer", TEXT),
        ("role", TEXT),
        ("reason", TEXT),
        ("recorded_at", TEXT),  # RFC 3339, UTC
    ]
)
