"""Signing DSSE envelopes with real keys made for the test."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass

import orjson
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils

from release_staging.evidence.extract import TrustedKey
from release_staging.evidence.provenance_attestations.dsse import pae

TYPE = "application/vnd.in-toto+json"
SHA256, SHA384, SHA512 = hashes.SHA256(), hashes.SHA384(), hashes.SHA512()


@dataclass(frozen=True)
class Signer:
    """A key and a way to sign with it."""

    pem: str
    sign: Callable[[bytes], bytes]

    def trusted(self, key_id: str = "release-key") -> TrustedKey:
        return TrustedKey(key_id, self.pem)


def _signer(private, sign) -> Signer:
    public = private.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return Signer(public.decode(), sign)


def ed25519_signer() -> Signer:
    private = ed25519.Ed25519PrivateKey.generate()
    return _signer(private, private.sign)


def ecdsa_signer(curve=None, digest=SHA256, *, raw: bool = False) -> Signer:
    private = ec.generate_private_key(curve or ec.SECP256R1())
    size = (private.key_size + 7) // 8

    def sign(message: bytes) -> bytes:
        der = private.sign(message, ec.ECDSA(digest))
        return b"".join(number.to_bytes(size, "big") for number in utils.decode_dss_signature(der)) if raw else der

    return _signer(private, sign)


def rsa_signer(digest=SHA256, *, pss: bool) -> Signer:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    scheme = padding.PSS(padding.MGF1(digest), digest.digest_size) if pss else padding.PKCS1v15()
    return _signer(private, lambda message: private.sign(message, scheme, digest))


SIGNERS: dict[str, Callable[[], Signer]] = {
    "Ed25519": ed25519_signer,
    "ECDSA secp256r1 sha256, DER": ecdsa_signer,
    "ECDSA secp256r1 sha256, raw r||s": lambda: ecdsa_signer(raw=True),
    "ECDSA secp384r1 sha384, DER": lambda: ecdsa_signer(ec.SECP384R1(), SHA384),
    "ECDSA secp384r1 sha384, raw r||s": lambda: ecdsa_signer(ec.SECP384R1(), SHA384, raw=True),
    "ECDSA secp384r1 sha256, DER": lambda: ecdsa_signer(ec.SECP384R1()),
    "ECDSA secp521r1 sha512, DER": lambda: ecdsa_signer(ec.SECP521R1(), SHA512),
    "ECDSA secp521r1 sha512, raw r||s": lambda: ecdsa_signer(ec.SECP521R1(), SHA512, raw=True),
    "ECDSA secp521r1 sha256, DER": lambda: ecdsa_signer(ec.SECP521R1()),
    "RSA-PSS sha256": lambda: rsa_signer(pss=True),
    "RSA-PSS sha384": lambda: rsa_signer(SHA384, pss=True),
    "RSA-PSS sha512": lambda: rsa_signer(SHA512, pss=True),
    "RSA PKCS#1 v1.5 sha256": lambda: rsa_signer(pss=False),
    "RSA PKCS#1 v1.5 sha512": lambda: rsa_signer(SHA512, pss=False),
}


def envelope(payload: bytes, *signers: tuple[Signer, str | None], payload_type: str = TYPE) -> dict:
    """An envelope signed by each signer with its keyid (None: the member is absent)."""
    signatures = []
    for signer, keyid in signers:
        sig = base64.b64encode(signer.sign(pae(payload_type, payload))).decode()
        signatures.append({"sig": sig} if keyid is None else {"keyid": keyid, "sig": sig})
    return {"payloadType": payload_type, "payload": base64.b64encode(payload).decode(), "signatures": signatures}


def as_bytes(value: object) -> bytes:
    return orjson.dumps(value)
