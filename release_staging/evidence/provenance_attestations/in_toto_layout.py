"""in-toto layout metadata (in-toto specification v1.0, section 4.3): which steps a supply chain must have, and who may do them."""

from __future__ import annotations

from release_staging.evidence.provenance_attestations import metablock
from release_staging.evidence.reader import JSON, Head, Reader


def recognise(head: Head) -> str | None:
    return "" if metablock.is_of("layout", head) else None


READER = Reader(
    source="provenance_attestations",
    format="in-toto-layout",
    title="in-toto layout metadata",
    reference="in-toto specification v1.0, section 4.3",
    encodings=(JSON,),
    media_type="application/vnd.in-toto.layout+json",
    recognise=recognise,
    read=metablock.read,
    drops=metablock.DROPS,
    summarises=metablock.SUMMARISES,
    revision=2,
)
