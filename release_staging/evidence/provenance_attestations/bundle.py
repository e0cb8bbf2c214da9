"""Reading a Sigstore bundle (v0.1 to v0.3) wherever it stands: https://docs.sigstore.dev/about/bundle/.

The Statement is read from the DSSE envelope; a bundle around a message signature names no artifact, only its digest. The
signature is checked against the leaf certificate's key and the keys that policy trusts. The certificate's chain, the
transparency log's proofs and the timestamps are checked under the trust roots that policy names; where it names none, a
signature that only the certificate verifies stays ``unverifiable``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from typing import Any

from release_staging.evidence.extract import Extract
from release_staging.evidence.provenance_attestations import certificate, dsse, envelope, keys, signatures, statement, transparency_log
from release_staging.evidence.provenance_attestations.envelope import Material
from release_staging.evidence.provenance_attestations.signatures import Signature, Verification
from release_staging.evidence.provenance_attestations.trust.roots import Message, Proof
from release_staging.evidence.tree import Node, unbase64
from release_staging.model.confidence import Confidence

_PAYLOAD = "/dsseEnvelope/payload/base64"

DROPS = statement.below(statement.DROPS, _PAYLOAD)
SUMMARISES = {
    **transparency_log.rules("/verificationMaterial/tlogEntries"),
    "timestamp-token": ("/verificationMaterial/timestampVerificationData/**",),
    **statement.below(statement.SUMMARISES, _PAYLOAD),
}


def read(bundle: Node, out: Extract, subject: str | None = None) -> Node | None:
    """Reads one bundle; returns the Statement in it, where it holds one."""
    media_type = bundle.text("mediaType", required=True) or ""
    beside = bundle.object("verificationMaterial", required=True)
    material = _material(beside, media_type, out)
    if bundle["messageSignature"].exists:
        message = bundle.object("messageSignature")
        digest, outcome = _message(message, material, out, subject)
        _times(beside, [str(digest)] if digest else [], _texts(message["signature"]), outcome, out)
        return None
    sealed = bundle.object("dsseEnvelope", required=True)
    signed = envelope.read(sealed, out, subject, material) if type(sealed.raw) is dict else None
    if signed is None:
        _times(beside, (), (), envelope.UNREAD, out)
        return None
    digests = payload_digests(sealed["payload"], sealed.text("payloadType") or "")
    _times(beside, digests, [text for one in sealed["signatures"].items() for text in _texts(one["sig"])], signed.outcome, out)
    return signed.statement


def payload_digests(place: Node, payload_type: str) -> set[str]:
    """What a log knows a DSSE envelope by: the digest of the payload in base64 at ``place``, or of its pre-authentication encoding."""
    payload = unbase64(str(place.raw))
    return {"sha256:" + hashlib.sha256(data).hexdigest() for data in (payload, dsse.pae(payload_type, payload))}


def _times(beside: Node, digests: Collection[str], given: Collection[str], outcome: Verification, out: Extract) -> None:
    """When what was signed was logged, and the time of the timestamp that proves when it was signed."""
    transparency_log.read(beside.items("tlogEntries"), digests, given, outcome, out)
    if outcome.stamped is not None:
        place = beside.at("timestampVerificationData", "rfc3161Timestamps", 0, "signedTimestamp")
        time = outcome.stamped.isoformat().replace("+00:00", "Z")
        loss = "time of the RFC 3161 timestamp, which proves it"
        out.claim("produced_at", place, value=time, confidence=Confidence.DERIVED, loss=loss)


def _texts(place: Node) -> list[str]:
    return [place.raw] if isinstance(place.raw, str) else []


def leaf(place: Node, out: Extract, media_type: str, beside: dict[str, Any], *, by_builder: bool = False) -> Material:
    """The signing certificate in base64 at ``place``, with what stands ``beside`` it in a bundle of this type."""
    text = out.scalar(place, required=True)
    if text is None:
        return Material(place)
    try:
        found = certificate.parse(unbase64(text))
    except ValueError:
        found = None
    if found is None:
        out.drift(place, "an X.509 certificate")
        return Material(place, by_builder=by_builder)
    return Material(place, found, Proof(media_type, beside, found.der), by_builder=by_builder)


def _material(material: Node, media_type: str, out: Extract) -> Material:
    if material["certificate"].exists:
        return leaf(material.object("certificate")["rawBytes"], out, media_type, material.raw)
    if material["x509CertificateChain"].exists:
        chain = material.object("x509CertificateChain")
        first = next(chain.items("certificates", required=True), chain["certificates"][0])
        return leaf(first["rawBytes"], out, media_type, material.raw)
    key = material.object("publicKey", required=True)
    return Material(hint=key.text("hint"))


def _message(message: Node, material: Material, out: Extract, subject: str | None) -> tuple[keys.Digest | None, Verification]:
    """A signature over an artifact of which only the digest is here; it says nothing else of it."""
    sig = message.text("signature", required=True)
    digest = _digest(message.object("messageDigest", required=True), out)
    given = [Signature(material.hint, sig)] if sig else []
    key = material.certificate.key if material.certificate else None
    outcome = signatures.verify([digest] if digest else [], given, out.options.trusted_keys, key)
    if digest and given:
        outcome = envelope.under_roots(outcome, material, Message(digest, given[0]), out)
    out.row(
        "attestations",
        message,
        subject_digest=str(digest) if digest else None,
        signature=outcome.state,
        signature_key=outcome.key,
        signature_reason=outcome.reason,
    )
    if sig:
        envelope.claim_state(message["signature"], outcome, out, subject, material)
    return digest, outcome


def _digest(described: Node, out: Extract) -> keys.Digest | None:
    """The digest of the artifact, claimed: in base64, by an algorithm with a name such as ``SHA2_256``."""
    named, text = described.text("algorithm", required=True), described.text("digest", required=True)
    if named is None or text is None:
        return None
    algorithm = named.lower().replace("sha2_", "sha")
    if algorithm not in keys.HASHES:
        out.drift(described["algorithm"], "SHA2_256, SHA2_384 or SHA2_512")
        return None
    try:
        found = keys.Digest(algorithm, unbase64(text))
    except ValueError:
        found = keys.Digest(algorithm, b"")
    if len(found.value) != keys.HASHES[algorithm].digest_size:
        out.drift(described["digest"], f"base64 of a digest by {named}")
        return None
    out.claim("artifact.digest", described["digest"], value=str(found), confidence=Confidence.DERIVED, loss="base64 written as hexadecimal")
    return found
