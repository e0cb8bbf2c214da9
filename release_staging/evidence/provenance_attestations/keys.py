"""Public keys that sign attestations: the kinds there are, and the ways each kind signs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils

PublicKey = ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey | rsa.RSAPublicKey

_CURVES: dict[str, tuple[hashes.HashAlgorithm, ...]] = {
    "secp256r1": (hashes.SHA256(),),
    "secp384r1": (hashes.SHA384(), hashes.SHA256()),  # some signers hash with SHA-256 whatever the curve
    "secp521r1": (hashes.SHA512(), hashes.SHA256()),
}
_RSA: tuple[hashes.HashAlgorithm, ...] = (hashes.SHA256(), hashes.SHA512(), hashes.SHA384())
HASHES: dict[str, hashes.HashAlgorithm] = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}


@dataclass(frozen=True)
class Digest:
    """A message of which only the digest is known. ``algorithm`` is one of HASHES."""

    algorithm: str
    value: bytes

    def __str__(self) -> str:
        return f"{self.algorithm}:{self.value.hex()}"


Message = bytes | Digest


@lru_cache(maxsize=256)
def public(pem: str) -> PublicKey | None:
    """The key in a PEM text; None where it is not one, or of a kind that is not used for signing attestations."""
    try:
        return usable(serialization.load_pem_public_key(pem.encode()))
    except (ValueError, UnsupportedAlgorithm):
        return None


def usable(key: object) -> PublicKey | None:
    """``key`` where it is of a kind that is used for signing attestations."""
    if isinstance(key, ec.EllipticCurvePublicKey):
        return key if key.curve.name in _CURVES else None
    return key if isinstance(key, ed25519.Ed25519PublicKey | rsa.RSAPublicKey) else None


def algorithm(key: PublicKey, raw: bytes, message: Message) -> str | None:
    """The algorithm by which ``raw`` is this key's signature over ``message``; None where it is not."""
    verify_with: Any = key.verify
    for name, arguments in _ways(key, raw, message):
        try:
            verify_with(*arguments)
        except (InvalidSignature, ValueError):
            continue
        return name
    return None


def _ways(key: PublicKey, raw: bytes, message: Message) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """The ways signers use a key of this kind: a name, and the arguments of the key's ``verify``."""
    match key:
        case ed25519.Ed25519PublicKey():
            if isinstance(message, bytes):  # Ed25519 signs the message itself: its digest alone proves nothing
                yield "Ed25519", (raw, message)
        case ec.EllipticCurvePublicKey():
            for encoding, der in (("DER", raw), ("raw r||s", _der(raw, key.curve.key_size))):
                for name, data, hashed in _hashed(message, _CURVES[key.curve.name]):
                    yield f"ECDSA {key.curve.name} {name}, {encoding}", (der, data, ec.ECDSA(hashed))
        case rsa.RSAPublicKey():
            for name, data, hashed in _hashed(message, _RSA):
                pss = padding.PSS(padding.MGF1(HASHES[name]), padding.PSS.AUTO)
                yield f"RSA-PSS {name}", (raw, data, pss, hashed)
                yield f"RSA PKCS#1 v1.5 {name}", (raw, data, padding.PKCS1v15(), hashed)


def _hashed(message: Message, usual: tuple[hashes.HashAlgorithm, ...]) -> Iterator[tuple[str, bytes, Any]]:
    """Name of the hash, what is signed, and the hash as the key's ``verify`` takes it."""
    if isinstance(message, Digest):
        yield message.algorithm, message.value, utils.Prehashed(HASHES[message.algorithm])
        return
    for one in usual:
        yield one.name, message, one


def _der(raw: bytes, bits: int) -> bytes:
    """An ECDSA signature written as two integers of the curve's size, in DER; empty where it is not that long."""
    half = (bits + 7) // 8
    if len(raw) != 2 * half:
        return b""
    return utils.encode_dss_signature(int.from_bytes(raw[:half], "big"), int.from_bytes(raw[half:], "big"))
