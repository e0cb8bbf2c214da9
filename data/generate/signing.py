"""DSSE envelopes of the samples, signed with ECDSA P-256 by the sample builder's key.

The public key is committed in ``data/policy/keys``; the private one is not kept in the repository, so the envelopes it
signed are (``captured/signed``) and are used again as long as they hold the wanted statement.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from release_staging.evaluation.signing import PAYLOAD_TYPE, pae, signature

ROOT = Path(__file__).resolve().parent.parent.parent
KEY_ID = "acme-pay-builder"
PUBLIC = ROOT / "data/policy/keys/acme-pay-builder.pem"
PRIVATE = ROOT / ".release-staging/sample-keys/acme-pay-builder.key.pem"
SIGNED = Path(__file__).parent / "captured/signed"


class NoKey(Exception):
    """A statement has to be signed and the private key is not here."""


def envelope(payload: bytes, key: ec.EllipticCurvePrivateKey, key_id: str = KEY_ID) -> bytes:
    """A DSSE envelope with one signature over ``payload``."""
    content = {
        "payloadType": PAYLOAD_TYPE,
        "payload": base64.b64encode(payload).decode(),
        "signatures": [signature(payload, key, key_id)],
    }
    return json.dumps(content, indent=2).encode() + b"\n"


def signed(statement: bytes, name: str) -> bytes:
    """The envelope of ``statement``: one signed before, or a new one kept as ``name``. Raises NoKey."""
    payload = json.dumps(json.loads(statement), separators=(",", ":")).encode()
    for path in sorted(SIGNED.glob("*.dsse.json")):
        if _holds(path.read_bytes(), payload):
            return path.read_bytes()
    if not PRIVATE.exists():
        raise NoKey(
            f"the statement of packet {name!r} changed and {PRIVATE.relative_to(ROOT)} is not here; run: python -m data.generate --rekey"
        )
    key = serialization.load_pem_private_key(PRIVATE.read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    SIGNED.mkdir(parents=True, exist_ok=True)
    path = SIGNED / f"{name}.dsse.json"
    path.write_bytes(envelope(payload, key))
    return path.read_bytes()


def rekey() -> None:
    """A new key pair, and none of the old signatures."""
    key = ec.generate_private_key(ec.SECP256R1())
    for path, data in (
        (PUBLIC, key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)),
        (PRIVATE, key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    PRIVATE.chmod(0o600)
    for path in SIGNED.glob("*.dsse.json"):
        path.unlink()


def _holds(data: bytes, payload: bytes) -> bool:
    content = json.loads(data)
    if base64.b64decode(content["payload"]) != payload:
        return False
    public = serialization.load_pem_public_key(PUBLIC.read_bytes())
    assert isinstance(public, ec.EllipticCurvePublicKey)
    try:
        public.verify(base64.b64decode(content["signatures"][0]["sig"]), pae(payload), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True
