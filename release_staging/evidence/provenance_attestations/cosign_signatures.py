"""Signatures of an image as ``cosign download signature`` prints them: each a simple signing payload and the signature over its bytes.

Checked against the keys that policy trusts, and against the certificate beside it. The log entry comes without its inclusion proof, so a
signature that only the certificate verifies stays ``unverifiable``; the Sigstore bundle of the same signature can be verified.
"""

from __future__ import annotations

import hashlib

from release_staging.evidence.provenance_attestations import certificate, cosign_simple_signing, envelope, statement, transparency_log
from release_staging.evidence.provenance_attestations import signatures as checking
from release_staging.evidence.provenance_attestations.envelope import Material
from release_staging.evidence.provenance_attestations.keys import Digest
from release_staging.evidence.provenance_attestations.signatures import Signature
from release_staging.evidence.provenance_attestations.trust.roots import Message
from release_staging.evidence.reader import JSON, JSON_LINES, Extract, Head, Reader, Tree
from release_staging.evidence.tree import Node, unbase64

_KEYS = {"Base64Signature", "Payload"}
_WHERE = ("", "/*")


def recognise(head: Head) -> str | None:
    roots = head.root if isinstance(head.root, list) else [head.root]
    return "" if roots and all(isinstance(root, dict) and root.keys() >= _KEYS for root in roots) else None


def read(tree: Tree, out: Extract) -> None:
    printed = [one for root in tree.roots for one in (root.items() if isinstance(root.raw, list) else (root,))]
    for number, one in enumerate(printed):
        _signature(one, out, f"signature {number + 1}" if len(printed) > 1 else None)


def _signature(printed: Node, out: Extract, subject: str | None) -> None:
    sig = Signature(None, printed.text("Base64Signature", required=True))
    material = _material(printed, out)
    decoded = printed.decoded("Payload")
    if decoded is None:  # told as drift; a payload that cannot be read has no signature state
        return
    data, payload = decoded
    digest = Digest("sha256", hashlib.sha256(data).digest())
    leaf = material.certificate.key if material.certificate else None
    outcome = checking.verify([data], [sig], out.options.trusted_keys, leaf)
    outcome = envelope.under_roots(outcome, material, Message(digest, sig), out)
    cosign_simple_signing.read_payload(payload, out, outcome)
    envelope.claim_state(printed["Base64Signature"], outcome, out, subject, material)
    logged = printed.object("Bundle").object("Payload")
    transparency_log.claim_time(logged["integratedTime"], out)
    transparency_log.compare(logged, "body", [str(digest)], [sig.sig] if sig.sig else [], out)


def _material(printed: Node, out: Extract) -> Material:
    """The certificate, which is printed as Go has it in memory: only its bytes are read."""
    held = printed.object("Cert")
    text = held.text("Raw", required=True) if type(held.raw) is dict else None
    if text is None:
        return envelope.NOTHING
    try:
        found = certificate.parse(unbase64(text))
    except ValueError:
        found = None
    if found is None:
        out.drift(held["Raw"], "an X.509 certificate")
    return Material(held["Raw"], found)


READER = Reader(
    source="provenance_attestations",
    format="cosign-signatures",
    title="Image signatures with their payloads",
    reference="cosign download signature; cosign SIGNATURE_SPEC",
    encodings=(JSON, JSON_LINES),
    media_type="application/json",
    recognise=recognise,
    read=read,
    revision=2,
    together=True,
    drops=statement.below(
        {
            "signing-certificate": ("/Cert/**", "/Chain/**"),
            "signer-annotations": cosign_simple_signing.left_out("/Payload/base64/optional"),
        },
        *_WHERE,
    ),
    summarises=statement.below(
        {
            "transparency-log-proof": ("/Bundle/SignedEntryTimestamp", "/Bundle/Payload/logID", "/Bundle/Payload/logIndex"),
            "timestamp-token": ("/RFC3161Timestamp/**",),
        },
        *_WHERE,
    ),
)
