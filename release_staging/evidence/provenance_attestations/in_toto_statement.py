"""in-toto Statement without an envelope: nobody signed it, so its signature state is ``not_attempted``; JSON or JSON Lines."""

from __future__ import annotations

from release_staging.evidence.provenance_attestations import signatures, statement
from release_staging.evidence.reader import JSON, JSON_LINES, Extract, Head, Reader, Tree

_UNSIGNED = signatures.Verification(signatures.NOT_ATTEMPTED, "a bare Statement carries no signature")


def recognise(head: Head) -> str | None:
    kind = head.text("_type") or (head.text("type") if head.has("predicateType", "subject") else "")
    return kind.removeprefix(statement.TYPE) if kind.startswith(statement.TYPE) else None


def read(tree: Tree, out: Extract) -> None:
    statement.read(tree.root, out, _UNSIGNED)


READER = Reader(
    source="provenance_attestations",
    format="in-toto-statement",
    title="in-toto Statement",
    reference="in-toto Attestation Framework, Statement v0.1 and v1; SLSA provenance v0.1, v0.2, v1",
    encodings=(JSON, JSON_LINES),
    media_type="application/vnd.in-toto+json",
    recognise=recognise,
    read=read,
    revision=3,
    versions=("v0.1", "v1"),
    drops=statement.DROPS,
    summarises=statement.SUMMARISES,
)
