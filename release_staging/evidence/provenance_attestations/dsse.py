"""DSSE signatures (Dead Simple Signing Envelope, protocol v1.0.0): over the pre-authentication encoding of the bytes that were read."""

from __future__ import annotations

from collections.abc import Sequence

from release_staging.evidence.extract import TrustedKey
from release_staging.evidence.provenance_attestations import signatures as checking
from release_staging.evidence.provenance_attestations.keys import PublicKey
from release_staging.evidence.provenance_attestations.signatures import Signature, Verification


def verify(
    payload_type: str,
    payload: bytes,
    signatures: Sequence[Signature],
    keys: Sequence[TrustedKey],
    *,
    leaf: PublicKey | None = None,
    also_bare: bool = False,
) -> Verification:
    """Whether a trusted key signed ``payload``, as the bytes that were decoded. See ``signatures.verify``.

    ``also_bare``: older signers (Google Cloud Build's regional keys) sign the payload itself, without the encoding.
    """
    messages = (pae(payload_type, payload), payload) if also_bare else (pae(payload_type, payload),)
    return checking.verify(messages, signatures, keys, leaf)


def pae(payload_type: str, payload: bytes) -> bytes:
    """Pre-authentication encoding: ``DSSEv1 SP LEN(type) SP type SP LEN(body) SP body``."""
    name = payload_type.encode()
    return b"DSSEv1 %d %s %d %s" % (len(name), name, len(payload), payload)
