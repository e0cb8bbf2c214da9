"""A whole Sigstore instance made for the test: authority, certificate log, transparency logs of both versions, timestamp authority.

What it signs is bound together as the real one binds it, with real keys; ``trusted_root`` is what a deployment would trust of it.
"""

from __future__ import annotations

import base64
import hashlib
import struct
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import rfc8785
from cryptography import x509
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from release_staging.evidence.provenance_attestations.dsse import pae
from tests.evidence.provenance_attestations.fulcio import ISSUER, NEW, WORKFLOW, Identity, text64
from tests.evidence.provenance_attestations.signing import TYPE
from tests.evidence.provenance_attestations.timestamps import timestamp_response

SIGNED = datetime(2026, 11, 20, 8, 31, 4, tzinfo=UTC)
START = datetime(2026, 1, 1, tzinfo=UTC)
SHA256 = hashes.SHA256()
_SCTS = ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2")
_MEDIA_TYPES = {
    "0.1": "application/vnd.dev.sigstore.bundle+json;version=0.1",
    "0.2": "application/vnd.dev.sigstore.bundle+json;version=0.2",
    "0.3": "application/vnd.dev.sigstore.bundle.v0.3+json",
}


def _spki(key: Any) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "acme.example"), x509.NameAttribute(NameOID.COMMON_NAME, text)])


@dataclass
class Ca:
    """A root and what it issued for signing: an intermediate of the authority, or the timestamp authority's own certificate."""

    name: str
    usage: Any  # extended key usage of the intermediate
    is_ca: bool = True
    root_key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP384R1()))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def __post_init__(self) -> None:
        self.root = self._certificate(_name(f"{self.name}-root"), self.root_key, ca=True, usage=None)
        self.certificate = self._certificate(_name(self.name), self.key, ca=self.is_ca, usage=self.usage)

    def _certificate(self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, *, ca: bool, usage: Any) -> x509.Certificate:
        issuer = _name(f"{self.name}-root")
        serial = x509.random_serial_number()
        made = x509.CertificateBuilder(issuer, subject, key.public_key(), serial, START, START + timedelta(days=36500))
        made = made.add_extension(x509.BasicConstraints(ca, None), critical=True)
        used = dict.fromkeys(("content_commitment", "key_encipherment", "data_encipherment", "key_agreement"), False)
        signs = x509.KeyUsage(not ca, key_cert_sign=ca, crl_sign=ca, encipher_only=False, decipher_only=False, **used)
        made = made.add_extension(signs, critical=True)
        made = made.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        made = made.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.root_key.public_key()), critical=False)
        if usage is not None:
            made = made.add_extension(x509.ExtendedKeyUsage([usage]), critical=usage == ExtendedKeyUsageOID.TIME_STAMPING)
        return made.sign(self.root_key, hashes.SHA384())

    @property
    def key_identifier(self) -> x509.SubjectKeyIdentifier:
        return self.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value

    def described(self) -> dict[str, Any]:
        return {
            "subject": {"organization": "acme.example", "commonName": self.name},
            "uri": f"https://{self.name}.acme.example",
            "certChain": {"certificates": [{"rawBytes": text64(one.public_bytes(Encoding.DER))} for one in (self.certificate, self.root)]},
            "validFor": {"start": START.isoformat()},
        }


class Instance:
    """One instance. Two of them share nothing but the names of their authorities."""

    def __init__(self) -> None:
        self.authority = Ca("fulcio", ExtendedKeyUsageOID.CODE_SIGNING)
        self.stamping = Ca("tsa", ExtendedKeyUsageOID.TIME_STAMPING, is_ca=False)
        self.certificate_log = ec.generate_private_key(ec.SECP256R1())
        self.log = ec.generate_private_key(ec.SECP256R1())
        self.log_v2 = ed25519.Ed25519PrivateKey.generate()
        keys = {"certificate_log": self.certificate_log, "log": self.log, "log_v2": self.log_v2}
        self.log_ids = {name: hashlib.sha256(_spki(key)).digest() for name, key in keys.items()}

    def trusted_root(self, **changed: Any) -> str:
        """The trusted root in JSON, with members ``changed``."""
        logs = [_log("rekor", self.log, "PKIX_ECDSA_P256_SHA_256"), _log("rekor-v2", self.log_v2, "PKIX_ED25519")]
        whole = {
            "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
            "tlogs": logs,
            "certificateAuthorities": [self.authority.described()],
            "ctlogs": [_log("ctfe", self.certificate_log, "PKIX_ECDSA_P256_SHA_256")],
            "timestampAuthorities": [self.stamping.described()],
        }
        return orjson.dumps(whole | changed).decode()

    def issue(
        self,
        name: x509.GeneralName | None = None,
        extensions: dict[int, str] | None = None,
        at: datetime = SIGNED,
        key: Any = None,
        *,
        noted: bool = True,
    ) -> Identity:
        """A key and its certificate, good for ten minutes round ``at``. ``noted``: with the certificate log's own timestamp."""
        private = key or ec.generate_private_key(ec.SECP256R1())
        made = x509.CertificateBuilder(
            self.authority.certificate.subject,
            x509.Name([]),
            private.public_key(),
            x509.random_serial_number(),
            at - timedelta(minutes=2),
            at + timedelta(minutes=8),
        )
        used = dict.fromkeys(("content_commitment", "key_encipherment", "data_encipherment", "key_agreement"), False)
        signs = x509.KeyUsage(True, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False, **used)
        for extension, critical in (
            (signs, True),
            (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), False),
            (x509.SubjectKeyIdentifier.from_public_key(private.public_key()), False),
            (x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(self.authority.key_identifier), False),
            (x509.SubjectAlternativeName([name or x509.UniformResourceIdentifier(WORKFLOW)]), True),
        ):
            made = made.add_extension(extension, critical=critical)
        for number, text in ({1: ISSUER} | NEW if extensions is None else extensions).items():
            value = text.encode() if number < 7 else asn1.encode_der(text)
            made = made.add_extension(x509.UnrecognizedExtension(ObjectIdentifier(f"1.3.6.1.4.1.57264.1.{number}"), value), critical=False)
        if noted:
            before = made.sign(self.authority.key, SHA256).tbs_certificate_bytes
            made = made.add_extension(x509.UnrecognizedExtension(_SCTS, self._noted(before, at)), critical=False)
        return Identity(private, made.sign(self.authority.key, SHA256))

    def seal(self, payload: bytes, signer: Identity, version: str = "0.3", at: datetime = SIGNED, payload_type: str = TYPE) -> dict:
        """A bundle with a DSSE envelope, logged by the log of version 1."""
        signature = signer.sign(pae(payload_type, payload))
        spec = {
            "envelopeHash": {"algorithm": "sha256", "value": "00" * 32},
            "payloadHash": {"algorithm": "sha256", "value": hashlib.sha256(payload).hexdigest()},
            "signatures": [{"signature": text64(signature), "verifier": text64(signer.pem.encode())}],
        }
        material = _material(signer, version, self._logged("dsse", spec, at))
        return {
            "mediaType": _MEDIA_TYPES[version],
            "verificationMaterial": material,
            "dsseEnvelope": _envelope(payload, signature, payload_type),
        }

    def seal_v2(self, payload: bytes, signer: Identity, at: datetime = SIGNED) -> dict:
        """A bundle with a DSSE envelope, logged by the log of version 2, which keeps no time: a timestamp stands beside it."""
        message = pae(TYPE, payload)
        signature = signer.sign(message)
        material = _material(signer, "0.3", self._logged_v2(hashlib.sha256(message).digest(), signature, signer))
        material["timestampVerificationData"] = {"rfc3161Timestamps": [{"signedTimestamp": self.stamp(signature, at)}]}
        return {"mediaType": _MEDIA_TYPES["0.3"], "verificationMaterial": material, "dsseEnvelope": _envelope(payload, signature, TYPE)}

    def sign(self, digest: bytes, signer: Identity, version: str = "0.3", at: datetime = SIGNED) -> dict:
        """A bundle with a signature over an artifact of this SHA-256."""
        signature = signer.sign_digest(digest)
        spec = {
            "data": {"hash": {"algorithm": "sha256", "value": digest.hex()}},
            "signature": {"content": text64(signature), "publicKey": {"content": text64(signer.pem.encode())}},
        }
        message = {"messageDigest": {"algorithm": "SHA2_256", "digest": text64(digest)}, "signature": text64(signature)}
        material = _material(signer, version, self._logged("hashedrekord", spec, at))
        return {"mediaType": _MEDIA_TYPES[version], "verificationMaterial": material, "messageSignature": message}

    def stamp(self, signature: bytes, at: datetime) -> str:
        return text64(timestamp_response(hashlib.sha256(signature).digest(), at, self.stamping.certificate, self.stamping.key))

    def _noted(self, certificate: bytes, at: datetime) -> bytes:
        """RFC 6962, section 3.3: the list with one signed certificate timestamp, for a certificate without it."""
        milliseconds = int(at.timestamp() * 1000)
        issuer = hashlib.sha256(_spki(self.authority.key)).digest()
        entry = issuer + len(certificate).to_bytes(3, "big") + certificate
        signature = self.certificate_log.sign(struct.pack("!BBQH", 0, 0, milliseconds, 1) + entry + b"\0\0", ec.ECDSA(SHA256))
        one = struct.pack("!B32sQHBBH", 0, self.log_ids["certificate_log"], milliseconds, 0, 4, 3, len(signature)) + signature
        return asn1.encode_der(struct.pack("!HH", len(one) + 2, len(one)) + one)

    def _logged(self, kind: str, spec: dict, at: datetime) -> dict:
        body = orjson.dumps({"apiVersion": "0.0.1", "kind": kind, "spec": spec}, option=orjson.OPT_SORT_KEYS)
        log_id = self.log_ids["log"]
        seconds = int(at.timestamp())
        promised = rfc8785.dumps({"body": text64(body), "integratedTime": seconds, "logID": log_id.hex(), "logIndex": 171438627})
        entry = _entry(kind, "0.0.1", body, log_id, lambda note: self.log.sign(note, ec.ECDSA(SHA256)))
        promise = {"signedEntryTimestamp": text64(self.log.sign(promised, ec.ECDSA(SHA256)))}
        return entry | {"integratedTime": str(seconds), "inclusionPromise": promise}

    def _logged_v2(self, digest: bytes, signature: bytes, signer: Identity) -> dict:
        verifier = {"keyDetails": "PKIX_ECDSA_P256_SHA_256", "x509Certificate": {"rawBytes": text64(signer.der)}}
        data = {"algorithm": "SHA2_256", "digest": text64(digest)}
        spec = {"hashedRekordV002": {"data": data, "signature": {"content": text64(signature), "verifier": verifier}}}
        body = orjson.dumps({"apiVersion": "0.0.2", "kind": "hashedrekord", "spec": spec}, option=orjson.OPT_SORT_KEYS)
        return _entry("hashedrekord", "0.0.2", body, self.log_ids["log_v2"], self.log_v2.sign)


def _log(name: str, key: Any, details: str) -> dict[str, Any]:
    return {
        "baseUrl": f"https://{name}.acme.example",
        "hashAlgorithm": "SHA2_256",
        "publicKey": {"rawBytes": text64(_spki(key)), "keyDetails": details, "validFor": {"start": START.isoformat()}},
        "logId": {"keyId": text64(hashlib.sha256(_spki(key)).digest())},
    }


def _entry(kind: str, version: str, body: bytes, log_id: bytes, sign: Any) -> dict[str, Any]:
    """A log entry that is the second of two leaves, and a checkpoint of that tree."""
    other = hashlib.sha256(b"\0some other entry").digest()
    root = hashlib.sha256(b"\1" + other + hashlib.sha256(b"\0" + body).digest()).digest()
    note = f"rekor.acme.example - 1\n2\n{text64(root)}\n"
    signed = base64.b64encode(log_id[:4] + sign(note.encode())).decode()
    return {
        "logIndex": "171438627",
        "logId": {"keyId": text64(log_id)},
        "kindVersion": {"kind": kind, "version": version},
        "inclusionProof": {
            "logIndex": "1",
            "rootHash": text64(root),
            "treeSize": "2",
            "hashes": [text64(other)],
            "checkpoint": {"envelope": f"{note}\n\u2014 rekor.acme.example {signed}\n"},
        },
        "canonicalizedBody": text64(body),
    }


def _material(signer: Identity, version: str, entry: dict) -> dict[str, Any]:
    held = {"rawBytes": text64(signer.der)}
    named = {"certificate": held} if version == "0.3" else {"x509CertificateChain": {"certificates": [held]}}
    return named | {"tlogEntries": [entry]}


def _envelope(payload: bytes, signature: bytes, payload_type: str) -> dict[str, Any]:
    return {"payload": text64(payload), "payloadType": payload_type, "signatures": [{"sig": text64(signature)}]}
