"""DSSE envelope around an in-toto Statement; one as JSON, several as JSON Lines or in an array.

``signature.state`` is claimed of each envelope, at the signature that decided it; the bytes verified are those that the
statement is read from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from release_staging.evidence.provenance_attestations import dsse, statement
from release_staging.evidence.reader import JSON, JSON_LINES, Extract, Head, Reader, Tree
from release_staging.evidence.tree import Node
from release_staging.model.confidence import Confidence

# The second is wrong but written by real signers.
_IN_TOTO = re.compile(r"application/vnd\.in-toto(\.[\w.-]+)?\+json|https://in-toto\.io/Statement/v[\d.]+")
_KEYS = {"payload", "payloadType", "signatures"}


def recognise(head: Head) -> str | None:
    roots = head.root if isinstance(head.root, list) else [head.root]
    return "" if roots and all(isinstance(root, dict) and root.keys() >= _KEYS for root in roots) else None


def read(tree: Tree, out: Extract) -> None:
    envelopes = [envelope for root in tree.roots for envelope in (root.items() if isinstance(root.raw, list) else (root,))]
    for number, envelope in enumerate(envelopes):
        _envelope(envelope, out, f"envelope {number + 1}" if len(envelopes) > 1 else None)


def _envelope(envelope: Node, out: Extract, subject: str | None) -> None:
    payload_type = envelope.text("payloadType", required=True) or ""
    if payload_type and not _IN_TOTO.fullmatch(payload_type):
        out.drift(envelope["payloadType"], "an in-toto payload type")
    signatures = list(_signatures(envelope, out))
    decoded = envelope.decoded("payload")
    if decoded is None:  # told as drift; a payload that cannot be read has no signature state
        return
    data, content = decoded
    outcome = dsse.verify(payload_type, data, [signature for _, signature in signatures], out.options.trusted_keys)
    if not statement.read(content, out, outcome) or not signatures:
        return
    place = signatures[outcome.index or 0][0]
    out.claim("signature.state", place["sig"], value=outcome.state, subject=subject, confidence=Confidence.DERIVED, loss=outcome.reason)


def _signatures(envelope: Node, out: Extract) -> Iterator[tuple[Node, dsse.Signature]]:
    found = False
    for signature in envelope.items("signatures", required=True):
        found = True
        yield signature, dsse.Signature(signature.text("keyid"), signature.text("sig", required=True))
    if not found and envelope["signatures"].raw == []:
        out.drift(envelope["signatures"], "at least one signature")


def _everywhere(rules: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The rules for an envelope, and for each of an array of envelopes."""
    return {rule: tuple(prefix + pattern for prefix in ("", "/*") for pattern in patterns) for rule, patterns in rules.items()}


_CERTIFICATES = tuple(f"/signatures/*/{key}" for key in ("cert", "certificate", "intermediates/**", "timestamps/**", "extension/**"))

READER = Reader(
    source="provenance_attestations",
    format="dsse-envelope",
    title="DSSE envelope with an in-toto Statement",
    reference="DSSE envelope v1.0.0; in-toto Attestation Framework v1",
    encodings=(JSON, JSON_LINES),
    media_type="application/vnd.dsse.envelope.v1+json",
    recognise=recognise,
    read=read,
    # Whom a certificate names is not decided here: trust is in the public keys that policy lists.
    drops=_everywhere({"signing-certificate": _CERTIFICATES, **statement.below("/payload/base64", statement.DROPS)}),
    summarises=_everywhere(statement.below("/payload/base64", statement.SUMMARISES)),
)
