"""Verifying DSSE signatures (Dead Simple Signing Envelope, protocol v1.0.0) against the public keys that policy trusts.

A signature is checked over the pre-authentication encoding of exactly the bytes that were read. A ``keyid`` is an
unauthenticated hint: it can say that a signature claims to be by a trusted key, and only then is a mismatch ``failed``.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils

from release_staging.evidence.extract import TrustedKey
from release_staging.evidence.tree import unbase64

VERIFIED, FAILED, UNVERIFIABLE, NOT_ATTEMPTED = "verified", "failed", "unverifiable", "not_attempted"

MOST_SIGNATURES = 32  # of one envelope; an envelope with more is not verified at all

_CURVES: dict[str, tuple[hashes.HashAlgorithm, ...]] = {
    "secp256r1": (hashes.SHA256(),),
    "secp384r1": (hashes.SHA384(), hashes.SHA256()),  # some signers hash with SHA-256 whatever the curve
}

PublicKey = ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey | rsa.RSAPublicKey


@dataclass(frozen=True)
class Signature:
    """One signature of an envelope as it stands there: both may be missing."""

    keyid: str | None
    sig: str | None


@dataclass(frozen=True)
class Verification:
    """What became of an envelope's signatures. ``key`` is the id of the trusted key, ``index`` the signature that decided."""

    state: str
    reason: str
    key: str | None = None
    index: int | None = None


def verify(payload_type: str, payload: bytes, signatures: Sequence[Signature], keys: Sequence[TrustedKey]) -> Verification:
    """Whether a trusted key signed ``payload``, as the bytes that were decoded.

    ``failed`` outweighs ``verified``: a signature that names a trusted key and does not verify is a reason to look, whatever
    stands beside it. Never raises: what cannot be checked is ``unverifiable``.
    """
    if not keys:
        return Verification(NOT_ATTEMPTED, "no trusted key is configured")
    if not signatures:
        return Verification(UNVERIFIABLE, "the envelope has no signature")
    if len(signatures) > MOST_SIGNATURES:
        return Verification(UNVERIFIABLE, f"the envelope has {len(signatures)} signatures, more than {MOST_SIGNATURES}", None, 0)
    message = pae(payload_type, payload)
    outcomes = [_one(index, signature, message, keys) for index, signature in enumerate(signatures)]
    return min(outcomes, key=lambda outcome: (FAILED, VERIFIED, UNVERIFIABLE).index(outcome.state))


def pae(payload_type: str, payload: bytes) -> bytes:
    """Pre-authentication encoding: ``DSSEv1 SP LEN(type) SP type SP LEN(body) SP body``."""
    name = payload_type.encode()
    return b"DSSEv1 %d %s %d %s" % (len(name), name, len(payload), payload)


def _one(index: int, signature: Signature, message: bytes, keys: Sequence[TrustedKey]) -> Verification:
    named = [key for key in keys if signature.keyid and signature.keyid in _names(key)]
    raw = _raw(signature.sig)
    usable = [(key, public) for key in named or keys if (public := _public(key.pem)) is not None]
    for key, public in usable:
        if algorithm := _algorithm(public, raw, message):
            return Verification(VERIFIED, f"signed by trusted key {key.id} ({algorithm})", key.id, index)
    if not usable:
        return Verification(UNVERIFIABLE, f"trusted key {(named or keys)[0].id} is not a public key that can be used here", None, index)
    if named:
        key = usable[0][0]
        return Verification(FAILED, f"signature {index} names trusted key {key.id} and does not verify with it", key.id, index)
    return Verification(UNVERIFIABLE, f"signature {index} names no trusted key, and none verifies it", None, index)


def _algorithm(public: PublicKey, raw: bytes, message: bytes) -> str | None:
    """The algorithm by which ``raw`` is this key's signature over ``message``; None where it is not."""
    verify_with: Any = public.verify
    for name, arguments in _ways(public, raw, message):
        try:
            verify_with(*arguments)
        except (InvalidSignature, ValueError):
            continue
        return name
    return None


def _ways(public: PublicKey, raw: bytes, message: bytes) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """The ways signers use a key of this kind: a name, and the arguments of the key's ``verify``."""
    match public:
        case ed25519.Ed25519PublicKey():
            yield "Ed25519", (raw, message)
        case ec.EllipticCurvePublicKey():
            for encoding, der in (("DER", raw), ("raw r||s", _der(raw, public.curve.key_size))):
                for digest in _CURVES[public.curve.name]:
                    yield f"ECDSA {public.curve.name} {digest.name}, {encoding}", (der, message, ec.ECDSA(digest))
        case rsa.RSAPublicKey():
            sha256 = hashes.SHA256()
            yield "RSA-PSS sha256", (raw, message, padding.PSS(padding.MGF1(sha256), padding.PSS.AUTO), sha256)
            yield "RSA PKCS#1 v1.5 sha256", (raw, message, padding.PKCS1v15(), sha256)


def _der(raw: bytes, bits: int) -> bytes:
    """An ECDSA signature written as two integers of the curve's size, in DER; empty where it is not that long."""
    half = (bits + 7) // 8
    if len(raw) != 2 * half:
        return b""
    return utils.encode_dss_signature(int.from_bytes(raw[:half], "big"), int.from_bytes(raw[half:], "big"))


def _raw(sig: str | None) -> bytes:
    """The bytes of a signature; none where it is missing or not base64, which no key verifies."""
    try:
        return unbase64(sig or "")
    except ValueError:
        return b""


@lru_cache(maxsize=256)
def _public(pem: str) -> PublicKey | None:
    """The key in a PEM text; None where it is not one, or of a kind that is not used for signing attestations."""
    try:
        key = serialization.load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm):
        return None
    if isinstance(key, ec.EllipticCurvePublicKey):
        return key if key.curve.name in _CURVES else None
    return key if isinstance(key, ed25519.Ed25519PublicKey | rsa.RSAPublicKey) else None


@lru_cache(maxsize=256)
def _names(key: TrustedKey) -> frozenset[str]:
    """What signers write as ``keyid`` for a key: its id, or the SHA-256 of its DER or PEM."""
    names = {key.id, hashlib.sha256(key.pem.encode()).hexdigest()}
    public = _public(key.pem)
    if public is not None:
        der = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        digest = hashlib.sha256(der).digest()
        names |= {digest.hex(), "SHA256:" + base64.b64encode(digest).decode().rstrip("=")}
        names.add("SHA256:" + base64.b64encode(digest).decode())
    return frozenset(names)
