"""Signing attestations of the evaluation, with keys made from names. ECDSA is signed deterministically (RFC 6979)."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from release_staging.evaluation import edits

PAYLOAD_TYPE = "application/vnd.in-toto+json"
BUILDER = "evaluation-builder"  # ECDSA P-256, as cosign makes keys
CHAINS = "evaluation-chains"  # Ed25519
TRUSTED = (BUILDER, CHAINS)
STRANGER = "somebody-else"  # no policy trusts it

PrivateKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


@cache
def private_key(name: str) -> PrivateKey:
    """The key of a name. Nothing but the evaluation trusts it: whoever knows the name can make it."""
    seed = hashlib.sha256(f"release-staging evaluation key {name}".encode()).digest()
    if name == CHAINS:
        return ed25519.Ed25519PrivateKey.from_private_bytes(seed)
    return ec.derive_private_key(int.from_bytes(seed), ec.SECP256R1())


def public_pem(name: str) -> str:
    return private_key(name).public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


def pae(payload: bytes, payload_type: str = PAYLOAD_TYPE) -> bytes:
    """What is signed: DSSE v1 pre-authentication encoding."""
    return b"DSSEv1 %d %s %d %s" % (len(payload_type), payload_type.encode(), len(payload), payload)


def signature(payload: bytes, key: PrivateKey, key_id: str) -> dict[str, str]:
    """One signature of an envelope."""
    message = pae(payload)
    if isinstance(key, ed25519.Ed25519PrivateKey):
        raw = key.sign(message)
    else:
        raw = key.sign(message, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
    return {"keyid": key_id, "sig": base64.b64encode(raw).decode()}


def envelope(statement: Any, signer: str = BUILDER) -> dict[str, Any]:
    """A DSSE envelope around a Statement."""
    payload = edits.dumped(statement, pretty=False)
    return {
        "payloadType": PAYLOAD_TYPE,
        "payload": base64.b64encode(payload).decode(),
        "signatures": [signature(payload, private_key(signer), signer)],
    }


def resigned(data: bytes, pointer: str, key: PrivateKey, key_id: str) -> bytes:
    """A document with the envelope at ``pointer`` signed anew, over the payload that it holds now."""
    payload = base64.b64decode(edits.text_at(data, f"json-pointer:{pointer}/payload"))
    return edits.put(data, f"json-pointer:{pointer}/signatures", [signature(payload, key, key_id)])


def statement_of(data: bytes, pointer: str = "") -> Any:
    """The Statement in the envelope at ``pointer`` of a document."""
    return edits.value_at(data, f"json-pointer:{pointer}/payload;base64;json-pointer:")
