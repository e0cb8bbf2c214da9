"""What signers write as ``keyid`` for a key. It is a hint: a key known by one of these names is asked before all others."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from release_staging.evidence.extract import TrustedKey
from release_staging.evidence.provenance_attestations import canonical
from release_staging.evidence.provenance_attestations.keys import PublicKey, public

_HASHES: dict[str, Any] = {"keyid_hash_algorithms": ["sha256", "sha512"]}  # part of a key until securesystemslib 1.0


@lru_cache(maxsize=256)
def names(key: TrustedKey) -> frozenset[str]:
    """Its id, and the SHA-256 of its DER, of its PEM, and of what in-toto and TUF write of it."""
    found = {key.id, hashlib.sha256(key.pem.encode()).hexdigest()}
    known = public(key.pem)
    if known is not None:
        digest = hashlib.sha256(known.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()
        encoded = base64.b64encode(digest).decode()
        found |= {digest.hex(), encoded, "SHA256:" + encoded, "SHA256:" + encoded.rstrip("=")}
        found |= {hashlib.sha256(data).hexdigest() for data in (*map(str.encode, _pems(known)), *_in_metadata(known))}
    return frozenset(found)


def _pems(key: PublicKey) -> tuple[str, str]:
    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    return pem, pem.rstrip("\n")


def _in_metadata(key: PublicKey) -> Iterator[bytes]:
    """The key as the metadata of in-toto and TUF holds it."""
    for kind, scheme, values in _kinds(key):
        for value in values:
            for more in ({}, _HASHES):
                yield canonical.encode({"keytype": kind, "scheme": scheme, "keyval": {"public": value}} | more)


def _kinds(key: PublicKey) -> list[tuple[str, str, tuple[str, ...]]]:
    """Type, scheme and value of a key."""
    match key:
        case ed25519.Ed25519PublicKey():
            return [("ed25519", "ed25519", (key.public_bytes_raw().hex(),))]
        case ec.EllipticCurvePublicKey():
            scheme = f"ecdsa-sha2-nistp{key.curve.key_size}"
            return [(kind, scheme, _pems(key)) for kind in ("ecdsa", scheme)]
        case rsa.RSAPublicKey():
            return [("rsa", scheme, _pems(key)) for scheme in ("rsassa-pss-sha256", "rsa-pkcs1v15-sha256")]
