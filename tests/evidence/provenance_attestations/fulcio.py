"""Signing certificates as Fulcio issues them, and what is signed with them, made for the test with real keys."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.x509.oid import NameOID

from release_staging.evidence.provenance_attestations.dsse import pae
from tests.evidence.provenance_attestations.signing import TYPE

REPOSITORY = "https://github.com/acme-pay/billing-api"
COMMIT = "9f2c4e1b7a6d5c3f8e0b1a2d4c6e8f0a1b3c5d7e"
RUN = f"{REPOSITORY}/actions/runs/14608503539/attempts/2"
WORKFLOW = f"{REPOSITORY}/.github/workflows/release.yml@refs/tags/v4.12.0-rc.3"
ISSUER = "https://token.actions.githubusercontent.com"
NEW = {8: ISSUER, 12: REPOSITORY, 13: COMMIT, 14: "refs/tags/v4.12.0-rc.3", 21: RUN}
OLD = {1: ISSUER, 2: "push", 3: COMMIT, 4: "release", 5: "acme-pay/billing-api", 6: "refs/heads/main"}
LOGGED = "1795163464"  # 2026-11-20T08:31:04Z


def text64(data: bytes) -> str:
    return base64.b64encode(data).decode()


@dataclass(frozen=True)
class Identity:
    """A key and the certificate that Fulcio issued for it."""

    private: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    def sign(self, message: bytes) -> bytes:
        return self.private.sign(message, ec.ECDSA(hashes.SHA256()))

    def sign_digest(self, digest: bytes) -> bytes:
        return self.private.sign(digest, ec.ECDSA(utils.Prehashed(hashes.SHA256())))


def identity(extensions: dict[int, str] | None = None, name: x509.GeneralName | None = None) -> Identity:
    private = ec.generate_private_key(ec.SECP256R1())
    signer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sigstore-intermediate")])
    start = datetime(2026, 11, 20, 8, 31, tzinfo=UTC)
    builder = x509.CertificateBuilder(signer, x509.Name([]), private.public_key(), 7, start, start + timedelta(minutes=10)).add_extension(
        x509.SubjectAlternativeName([name or x509.UniformResourceIdentifier(WORKFLOW)]), critical=True
    )
    for number, text in (NEW if extensions is None else extensions).items():
        value = text.encode() if number < 7 else asn1.encode_der(text)
        builder = builder.add_extension(
            x509.UnrecognizedExtension(x509.ObjectIdentifier(f"1.3.6.1.4.1.57264.1.{number}"), value), critical=False
        )
    return Identity(private, builder.sign(private, hashes.SHA256()))


def log_entry() -> dict:
    return {
        "logIndex": "171438627",
        "logId": {"keyId": "wNI9atQGlz+VWfO6LRygH4QUfY/8W4RFwiT5i5WRgB0="},
        "kindVersion": {"kind": "dsse", "version": "0.0.1"},
        "integratedTime": LOGGED,
        "inclusionPromise": {"signedEntryTimestamp": "MEUCIQDxlog=="},
        "inclusionProof": {
            "logIndex": "1",
            "rootHash": "AAAA",
            "treeSize": "2",
            "hashes": ["AAAA"],
            "checkpoint": {"envelope": "log\n2\n"},
        },
        "canonicalizedBody": "e30=",
    }


def envelope(payload: bytes, sign, keyid: str | None = None, payload_type: str = TYPE) -> dict:
    signature = {"sig": text64(sign(pae(payload_type, payload)))} | ({} if keyid is None else {"keyid": keyid})
    return {"payload": text64(payload), "payloadType": payload_type, "signatures": [signature]}


def bundle(payload: bytes, signer: Identity, version: str = "0.3") -> dict:
    certificate = {"rawBytes": text64(signer.der)}
    material = {"certificate": certificate} if version == "0.3" else {"x509CertificateChain": {"certificates": [certificate]}}
    new = f"application/vnd.dev.sigstore.bundle.v{version}+json"
    return {
        "mediaType": new if version == "0.3" else f"application/vnd.dev.sigstore.bundle+json;version={version}",
        "verificationMaterial": material | {"tlogEntries": [log_entry()], "timestampVerificationData": {}},
        "dsseEnvelope": envelope(payload, signer.sign),
    }


def message_bundle(artifact_digest: bytes, signer: Identity) -> dict:
    made = bundle(b"", signer)
    del made["dsseEnvelope"]
    described = {"algorithm": "SHA2_256", "digest": text64(artifact_digest)}
    return made | {"messageSignature": {"messageDigest": described, "signature": text64(signer.sign_digest(artifact_digest))}}
