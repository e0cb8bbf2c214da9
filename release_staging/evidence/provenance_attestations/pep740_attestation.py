"""PEP 740 attestation object: one attestation of a distribution file, as it is uploaded beside it (``*.publish.attestation``)."""

from __future__ import annotations

from release_staging.evidence.provenance_attestations import index_attestations
from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree


def recognise(head: Head) -> str | None:
    return str(head.get("version")) if head.has(*index_attestations.KEYS) and isinstance(head.get("version"), int) else None


def read(tree: Tree, out: Extract) -> None:
    index_attestations.read(tree.root, out)


READER = Reader(
    source="provenance_attestations",
    format="pep740-attestation",
    title="Attestation of a Python distribution file",
    reference="PEP 740, attestation objects",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    versions=("1",),
    drops=index_attestations.DROPS,
    summarises=index_attestations.SUMMARISES,
    revision=2,
)
