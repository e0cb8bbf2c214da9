"""DSSE envelope around an in-toto Statement, link or layout; one as JSON, several as JSON Lines or in an array."""

from __future__ import annotations

from release_staging.evidence.provenance_attestations import envelope, in_toto_metadata, statement
from release_staging.evidence.reader import JSON, JSON_LINES, Extract, Head, Reader, Tree

_WHERE = ("", "/*")  # an envelope, or each of an array of them
_PAYLOAD = "/payload/base64"
_KEYS = {"payload", "payloadType", "signatures"}


def recognise(head: Head) -> str | None:
    roots = head.first() if isinstance(head.root, list) else [head.root]
    return "" if roots and all(isinstance(root, dict) and root.keys() >= _KEYS for root in roots) else None


def read(tree: Tree, out: Extract) -> None:
    envelopes = [one for root in tree.roots for one in (root.items() if isinstance(root.raw, list) else (root,))]
    for number, one in enumerate(envelopes):
        envelope.read(one, out, f"envelope {number + 1}" if len(envelopes) > 1 else None)


# Other signers' certificates, whose chains nothing here could check.
_CERTIFICATES = tuple(f"/signatures/*/{key}" for key in ("certificate", "intermediates/**", "timestamps/**", "extension/**"))

READER = Reader(
    source="provenance_attestations",
    format="dsse-envelope",
    title="DSSE envelope with an in-toto Statement",
    reference="DSSE envelope v1.0.0; in-toto Attestation Framework v1; in-toto specification v1.0, section 4",
    encodings=(JSON, JSON_LINES),
    media_type="application/vnd.dsse.envelope.v1+json",
    recognise=recognise,
    read=read,
    together=True,
    drops=statement.below(
        {"signing-certificate": _CERTIFICATES, **statement.below({**statement.DROPS, **in_toto_metadata.DROPS}, _PAYLOAD)}, *_WHERE
    ),
    summarises=statement.below(statement.below({**statement.SUMMARISES, **in_toto_metadata.SUMMARISES}, _PAYLOAD), *_WHERE),
    revision=4,
)
