"""in-toto link metadata (in-toto specification v1.0, section 4.4): what one step took in and made, from before there were Statements."""

from __future__ import annotations

from release_staging.evidence.provenance_attestations import metablock
from release_staging.evidence.reader import JSON, Head, Reader


def recognise(head: Head) -> str | None:
    return "" if metablock.is_of("link", head) else None


READER = Reader(
    source="provenance_attestations",
    format="in-toto-link",
    title="in-toto link metadata",
    reference="in-toto specification v1.0, section 4.4",
    encodings=(JSON,),
    media_type="application/vnd.in-toto.link+json",
    recognise=recognise,
    read=metablock.read,
    drops=metablock.DROPS,
    revision=2,
)
