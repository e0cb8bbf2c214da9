"""Whether what a certificate signed holds under one of the trust roots that policy names.

A certificate says who holds its key, for minutes. So it takes an authority that issued it, a log or a timestamp authority that says
when the signature was made, and an identity that policy accepts: all three of one trust root.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from release_staging.evidence.provenance_attestations.keys import Digest
from release_staging.evidence.provenance_attestations.signatures import FAILED, UNVERIFIABLE, VERIFIED, Signature, Verification

if TYPE_CHECKING:
    from release_staging.config.trust import TrustRoot


@dataclass(frozen=True)
class Proof:
    """What stands beside a signature, as a Sigstore bundle of ``media_type`` has it. ``certificate`` is the one that was read, in DER."""

    media_type: str
    material: dict[str, Any]
    certificate: bytes


@dataclass(frozen=True)
class Sealed:
    """A payload in a DSSE envelope: the bytes that were read, and the type and the signatures that stand with them."""

    payload_type: str
    payload: bytes
    signatures: Sequence[Signature]


@dataclass(frozen=True)
class Message:
    """An artifact of which only the digest is known, and the signature over it."""

    digest: Digest
    signature: Signature


def verify(found: Verification, proof: Proof | None, signed: Sealed | Message, roots: Sequence[TrustRoot]) -> Verification:
    """What becomes of ``found``, a signature that the key of the certificate beside it made. Never raises.

    One trust root under which it holds is enough; where there is none, one that knows who signed and when, and under which it
    does not hold, says more than one that does not.
    """
    if not roots:
        return found
    if proof is None:
        lacks = (
            "beside the signature and its certificate stands no log entry with its proof, and no timestamp: when it was made is not proven"
        )
        return replace(found, reason=lacks)
    if isinstance(signed, Sealed) and len(signed.signatures) > 1:
        count = len(signed.signatures)
        return replace(found, reason=f"the envelope has {count} signatures, and under a trust root one can be verified")
    from release_staging.evidence.provenance_attestations.trust import library  # takes a second, so only here

    outcomes = [library.verify(root, proof, signed) for root in roots]
    best = min(outcomes, key=lambda outcome: (VERIFIED, FAILED, UNVERIFIABLE).index(outcome.state))
    if best.state == UNVERIFIABLE:
        return replace(found, reason="; ".join(dict.fromkeys(outcome.reason for outcome in outcomes)))
    return best
