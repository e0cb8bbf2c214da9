"""What becomes of the signatures on an attestation: checked against the public keys that policy trusts, and against the
certificate that stands beside them.

A ``keyid`` is an unauthenticated hint: it can say that a signature claims to be by a trusted key, and only then is a
mismatch ``failed``. A certificate says who holds its key only where its chain and the time of signing are checked too,
which takes a trust root (``trust``): here, a signature that its own certificate verifies stays ``unverifiable``, and one
that it does not verify has ``failed``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from release_staging.evidence.extract import TrustedKey
from release_staging.evidence.provenance_attestations import key_names
from release_staging.evidence.provenance_attestations import keys as public_keys
from release_staging.evidence.provenance_attestations.keys import Message, PublicKey
from release_staging.evidence.tree import unbase64

VERIFIED, FAILED, UNVERIFIABLE, NOT_ATTEMPTED = "verified", "failed", "unverifiable", "not_attempted"

MOST_SIGNATURES = 32  # of one envelope; an envelope with more is not verified at all


@dataclass(frozen=True)
class Signature:
    """One signature as it stands there: both may be missing."""

    keyid: str | None
    sig: str | None


@dataclass(frozen=True)
class Verification:
    """What became of the signatures. ``key`` is the id of the trusted key, ``index`` the signature that decided.

    ``by_certificate`` says that the key of the certificate beside them made one, ``stamped`` the time that the one timestamp
    beside it proves.
    """

    state: str
    reason: str
    key: str | None = None
    index: int | None = None
    by_certificate: bool = False
    stamped: datetime | None = None


def verify(
    messages: Sequence[Message], signatures: Sequence[Signature], trusted: Sequence[TrustedKey], leaf: PublicKey | None = None
) -> Verification:
    """Whether a trusted key signed one of ``messages``: the forms in which what was read may have been signed.

    ``failed`` outweighs ``verified``: a signature that names a trusted key and does not verify is a reason to look, whatever
    stands beside it. ``leaf`` is the key of the certificate beside the signatures. Never raises: what cannot be checked is
    ``unverifiable``.
    """
    if signatures and len(signatures) > MOST_SIGNATURES:
        return Verification(UNVERIFIABLE, f"the envelope has {len(signatures)} signatures, more than {MOST_SIGNATURES}", None, 0)
    found = _by_keys(messages, signatures, trusted)
    return found if leaf is None or not signatures or found.state in (VERIFIED, FAILED) else _by_leaf(messages, signatures, leaf)


def _by_keys(messages: Sequence[Message], signatures: Sequence[Signature], trusted: Sequence[TrustedKey]) -> Verification:
    if not trusted:
        return Verification(NOT_ATTEMPTED, "no trusted key is configured")
    if not signatures:
        return Verification(UNVERIFIABLE, "the envelope has no signature")
    outcomes = [_one(index, signature, messages, trusted) for index, signature in enumerate(signatures)]
    return min(outcomes, key=lambda outcome: (FAILED, VERIFIED, UNVERIFIABLE).index(outcome.state))


def _one(index: int, signature: Signature, messages: Sequence[Message], trusted: Sequence[TrustedKey]) -> Verification:
    named = [key for key in trusted if signature.keyid and signature.keyid in key_names.names(key)]
    usable = [(key, known) for key in named or trusted if (known := public_keys.public(key.pem)) is not None]
    for key, known in usable:
        if algorithm := _algorithm(known, signature, messages):
            return Verification(VERIFIED, f"signed by trusted key {key.id} ({algorithm})", key.id, index)
    if not usable:
        return Verification(UNVERIFIABLE, f"trusted key {(named or trusted)[0].id} is not a public key that can be used here", None, index)
    if named:
        key = usable[0][0]
        return Verification(FAILED, f"signature {index} names trusted key {key.id} and does not verify with it", key.id, index)
    return Verification(UNVERIFIABLE, f"signature {index} names no trusted key, and none verifies it", None, index)


def _by_leaf(messages: Sequence[Message], signatures: Sequence[Signature], leaf: PublicKey) -> Verification:
    for index, signature in enumerate(signatures):
        if algorithm := _algorithm(leaf, signature, messages):
            reason = f"made with the key of the certificate beside it ({algorithm}), whose chain no trust root was configured to check"
            return Verification(UNVERIFIABLE, reason, None, index, by_certificate=True)
    return Verification(FAILED, "the key of the certificate beside it does not verify the signature", None, 0)


def _algorithm(key: PublicKey, signature: Signature, messages: Sequence[Message]) -> str | None:
    try:
        raw = unbase64(signature.sig or "")
    except ValueError:  # no key verifies what is not base64
        return None
    return next((found for message in messages if (found := public_keys.algorithm(key, raw, message))), None)
