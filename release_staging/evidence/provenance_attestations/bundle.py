"""Reading a Sigstore bundle (v0.1 to v0.3) wherever it stands: https://docs.sigstore.dev/about/bundle/.

The Statement is read from the DSSE envelope; a bundle around a message signature names no artifact, only its digest. The
signature is checked against the leaf certificate's key and the keys that policy trusts. The certificate's chain, the
transparency log's proofs and the timestamps need a trust root, which there is none of: they are left out, and a signature
that only the certificate verifies stays ``unverifiable``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from release_staging.evidence.extract import Extract
from release_staging.evidence.provenance_attestations import certificate, envelope, keys, signatures, statement
from release_staging.evidence.provenance_attestations.envelope import Material
from release_staging.evidence.provenance_attestations.signatures import Signature
from release_staging.evidence.tree import SCALARS, Node, unbase64
from release_staging.model.confidence import Confidence

_LOG_ENTRY = ("logIndex", "logId/**", "kindVersion/**", "inclusionPromise/**", "inclusionProof/**", "canonicalizedBody")
_LAST_TIME = 253402300799  # of the year 9999


def log_entry_rules(entries: str) -> dict[str, tuple[str, ...]]:
    """The ledger rule for transparency log entries at ``entries``."""
    return {"transparency-log-proof": tuple(f"{entries}/*/{key}" for key in _LOG_ENTRY)}


DROPS = {
    **log_entry_rules("/verificationMaterial/tlogEntries"),
    "timestamp-token": ("/verificationMaterial/timestampVerificationData/**",),
    **statement.below("/dsseEnvelope/payload/base64", statement.DROPS),
}
SUMMARISES = statement.below("/dsseEnvelope/payload/base64", statement.SUMMARISES)


def everywhere(prefixes: Iterable[str], rules: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Ledger rules for bundles that stand at each of ``prefixes``."""
    return {rule: tuple(prefix + pattern for prefix in prefixes for pattern in patterns) for rule, patterns in rules.items()}


def read(bundle: Node, out: Extract, subject: str | None = None) -> Node | None:
    """Reads one bundle; returns the Statement in it, where it holds one."""
    bundle.text("mediaType", required=True)
    material = _material(bundle.object("verificationMaterial", required=True), out)
    if bundle["messageSignature"].exists:
        _message(bundle.object("messageSignature"), material, out, subject)
        return None
    sealed = bundle.object("dsseEnvelope", required=True)
    return envelope.read(sealed, out, subject, material) if type(sealed.raw) is dict else None


def claim_logged_times(entries: Iterable[Node], out: Extract) -> None:
    """Claims when the transparency log took each entry in, in seconds since 1970; Rekor v2 writes none, or 0."""
    for entry in entries:
        place = entry["integratedTime"]
        text = out.scalar(place, accept=SCALARS)
        if text in (None, "0"):
            continue
        if not (text.isascii() and text.isdecimal() and int(text[:13]) <= _LAST_TIME):
            out.drift(place, "seconds since 1970")
            continue
        time = datetime.fromtimestamp(int(text), UTC).isoformat().replace("+00:00", "Z")
        loss = "seconds since 1970 written as RFC 3339; the log's own time, whose proof is not checked"
        out.claim("produced_at", place, value=time, accept=SCALARS, confidence=Confidence.DERIVED, loss=loss)


def leaf(place: Node, out: Extract, *, by_builder: bool = False) -> Material:
    """The signing certificate in base64 at ``place``."""
    text = out.scalar(place, required=True)
    if text is None:
        return envelope.NOTHING
    try:
        found = certificate.parse(unbase64(text))
    except ValueError:
        found = None
    if found is None:
        out.drift(place, "an X.509 certificate")
    return Material(place, found, by_builder=by_builder)


def _material(material: Node, out: Extract) -> Material:
    claim_logged_times(material.items("tlogEntries"), out)
    if material["certificate"].exists:
        return leaf(material.object("certificate")["rawBytes"], out)
    if material["x509CertificateChain"].exists:
        chain = material.object("x509CertificateChain")
        first = next(chain.items("certificates", required=True), chain["certificates"][0])
        return leaf(first["rawBytes"], out)
    key = material.object("publicKey", required=True)
    return Material(hint=key.text("hint"))


def _message(message: Node, material: Material, out: Extract, subject: str | None) -> None:
    """A signature over an artifact of which only the digest is here; it says nothing else of it."""
    sig = message.text("signature", required=True)
    digest = _digest(message.object("messageDigest", required=True), out)
    given = [Signature(material.hint, sig)] if sig else []
    key = material.certificate.key if material.certificate else None
    outcome = signatures.verify([digest] if digest else [], given, out.options.trusted_keys, key)
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
