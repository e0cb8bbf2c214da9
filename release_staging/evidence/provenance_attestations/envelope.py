"""Reading a DSSE envelope wherever it stands: bare, in a bundle, in a registry's answer.

``signature.state`` is claimed of each envelope, at the signature that decided it; the bytes verified are those that the
statement is read from.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from release_staging.evidence.extract import Extract, Place
from release_staging.evidence.provenance_attestations import certificate, dsse, in_toto_metadata, statement
from release_staging.evidence.provenance_attestations.certificate import Certificate
from release_staging.evidence.provenance_attestations.signatures import NOT_ATTEMPTED, UNVERIFIABLE, Signature, Verification
from release_staging.evidence.provenance_attestations.trust import roots
from release_staging.evidence.provenance_attestations.trust.roots import Proof
from release_staging.evidence.tree import Node
from release_staging.model.confidence import Confidence

_PROVENANCE = "slsa.dev/provenance"
IN_TOTO = "application/vnd.in-toto+json"

# The second is wrong but written by real signers.
_PAYLOAD_TYPE = re.compile(r"application/vnd\.in-toto(\.[\w.-]+)?\+json|https://in-toto\.io/Statement/v[\d.]+")


@dataclass(frozen=True)
class Material:
    """What an envelope is checked with: a certificate, its place and what proves it, or the name of a public key.

    ``by_builder``: whoever signs is who built or published the subject, whatever the predicate.
    """

    place: Place | None = None
    certificate: Certificate | None = None
    proof: Proof | None = None
    hint: str | None = None
    by_builder: bool = False


@dataclass(frozen=True)
class Signed:
    """A Statement that was read, and what became of its signatures."""

    statement: Node
    outcome: Verification


NOTHING = Material()
UNREAD = Verification(NOT_ATTEMPTED, "what is signed cannot be read")


def read(
    envelope: Node, out: Extract, subject: str | None = None, material: Material = NOTHING, *, also_bare: bool = False
) -> Signed | None:
    """Reads an envelope and the Statement (or link, or layout) in it; None where there is none (told). For ``also_bare`` see ``dsse``."""
    payload_type = envelope.text("payloadType", required=True) or ""
    if payload_type and not _PAYLOAD_TYPE.fullmatch(payload_type):
        out.drift(envelope["payloadType"], "an in-toto payload type")
    given = list(_signatures(envelope, material.hint))
    if material is NOTHING:
        material = _embedded(envelope, out)
    return content(envelope, "payload", payload_type, given, out, subject, material, also_bare)


def content(
    node: Node,
    key: str,
    payload_type: str,
    signatures: Sequence[tuple[Place, Signature]],
    out: Extract,
    subject: str | None = None,
    material: Material = NOTHING,
    also_bare: bool = False,
) -> Signed | None:
    """Reads the Statement in base64 at ``key``, which was signed as ``payload_type``. ``signatures``: each with its place."""
    decoded = node.decoded(key)
    if decoded is None:  # told as drift; a payload that cannot be read has no signature state
        return None
    data, found = decoded
    leaf = material.certificate.key if material.certificate else None
    given = [signature for _, signature in signatures]
    outcome = dsse.verify(payload_type, data, given, out.options.trusted_keys, leaf=leaf, also_bare=also_bare)
    outcome = under_roots(outcome, material, roots.Sealed(payload_type, data, given), out)
    predicate = _read(found, out, outcome)
    if predicate is None:
        return None
    if signatures:
        by_builder = material.by_builder or predicate == _PROVENANCE
        claim_state(signatures[outcome.index or 0][0], outcome, out, subject, material, by_builder=by_builder)
    return Signed(found, outcome)


def _read(signed: Node, out: Extract, outcome: Verification) -> str | None:
    """Reads what an envelope held: a Statement, of which it returns the predicate's name, or metadata of another kind."""
    kind = in_toto_metadata.kind(signed.raw)
    if kind is not None:
        in_toto_metadata.read(signed, out, outcome)
        return kind
    statement.check_version(signed, out)
    return statement.read(signed, out, outcome)


def under_roots(outcome: Verification, material: Material, signed: roots.Sealed | roots.Message, out: Extract) -> Verification:
    """``outcome``, and where the certificate's key made the signature, what the trust roots of policy make of that."""
    if outcome.by_certificate:
        return roots.verify(outcome, material.proof, signed, out.options.trust_roots)
    if outcome.state == NOT_ATTEMPTED and material.place is not None and out.options.trust_roots:
        return Verification(UNVERIFIABLE, "no signature, or no certificate with a key that can be used, stands there")
    return outcome


def claim_state(
    place: Place, outcome: Verification, out: Extract, subject: str | None, material: Material, *, by_builder: bool = True
) -> None:
    """Claims the signature's state, and where the builder signed with the certificate's key, whom the certificate names.

    A verifier's or a scanner's certificate names the run that verified or scanned: nothing of the candidate.
    """
    out.claim("signature.state", place, value=outcome.state, subject=subject, confidence=Confidence.DERIVED, loss=outcome.reason)
    if by_builder and outcome.by_certificate and material.certificate is not None and material.place is not None:
        certificate.claim(material.certificate, material.place, out)


def _signatures(envelope: Node, hint: str | None) -> Iterator[tuple[Node, Signature]]:
    """Those that stand there. Where there is none, the state of the attestation says so."""
    for signature in envelope.items("signatures", required=True):
        yield signature["sig"], Signature(signature.text("keyid") or hint, signature.text("sig", required=True))


def _embedded(envelope: Node, out: Extract) -> Material:
    """The certificate that signers without a bundle put beside the signature: PEM in ``cert`` (SLSA generator)."""
    for signature in envelope["signatures"].items() if isinstance(envelope["signatures"].raw, list) else ():
        text = signature.text("cert")
        if text is None:
            continue
        found = certificate.parse(text.encode())
        if found is None:
            out.drift(signature["cert"], "an X.509 certificate in PEM")
        return Material(signature["cert"], found)
    return NOTHING
