"""PEP 740 provenance object: the attestations of a distribution file as the index answers, with the publisher it knows.

The publisher is the index's word for whose certificates these are; what the certificates say is read from themselves.
"""

from __future__ import annotations

from release_staging.evidence.provenance_attestations import index_attestations, statement
from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree

_WHERE = ("/attestation_bundles/*/attestations/*",)


def recognise(head: Head) -> str | None:
    return str(head.get("version")) if isinstance(head.get("attestation_bundles"), list) and isinstance(head.get("version"), int) else None


def read(tree: Tree, out: Extract) -> None:
    root = tree.root
    root.integer("version", required=True)
    number = 0
    for bundled in root.items("attestation_bundles", required=True):
        bundled.summarise("publisher", rule="publisher-as-the-index-says")
        for attestation in bundled.items("attestations", required=True):
            number += 1
            index_attestations.read(attestation, out, f"attestation {number}")


READER = Reader(
    source="provenance_attestations",
    format="pep740-provenance",
    title="Provenance of a Python distribution file",
    reference="PEP 740, provenance objects; Integrity API",
    encodings=(JSON,),
    media_type="application/vnd.pypi.integrity.v1+json",
    recognise=recognise,
    read=read,
    versions=("1",),
    drops=statement.below(index_attestations.DROPS, *_WHERE),
    summarises=statement.below(index_attestations.SUMMARISES, *_WHERE),
    revision=3,
)
