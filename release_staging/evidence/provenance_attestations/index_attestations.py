"""Attestations of a Python package index (PEP 740), shared by its two formats.

An attestation has its own envelope: one signature over the Statement, made as a DSSE envelope of in-toto's payload type. Of
a publication the predicate is null: who published stands in the certificate alone.
"""

from __future__ import annotations

from release_staging.evidence.extract import Extract
from release_staging.evidence.provenance_attestations import bundle, envelope, statement, transparency_log
from release_staging.evidence.provenance_attestations.signatures import Signature
from release_staging.evidence.tree import Node

KEYS = {"version", "verification_material", "envelope"}

_PAYLOAD = "/envelope/statement/base64"

# An attestation holds what a bundle of this type does, under other names.
_BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json"

DROPS = statement.below(statement.DROPS, _PAYLOAD)
SUMMARISES = {
    **transparency_log.rules("/verification_material/transparency_entries"),
    **statement.below(statement.SUMMARISES, _PAYLOAD),
}


def read(attestation: Node, out: Extract, subject: str | None = None) -> None:
    """Reads one attestation object."""
    if attestation.integer("version", required=True) not in (None, 1):
        out.drift(attestation["version"], "version 1")
    material = attestation.object("verification_material", required=True)
    held = material.raw if type(material.raw) is dict else {}
    beside = {"certificate": {"rawBytes": held.get("certificate")}, "tlogEntries": held.get("transparency_entries")}
    signer = bundle.leaf(material["certificate"], out, _BUNDLE, beside, by_builder=True)
    sealed = attestation.object("envelope", required=True)
    signature = sealed.text("signature", required=True)
    given = [(sealed["signature"], Signature(None, signature))] if signature else []
    found = envelope.content(sealed, "statement", envelope.IN_TOTO, given, out, subject, signer)
    digests = bundle.payload_digests(sealed["statement"], envelope.IN_TOTO) if found is not None else set()
    outcome = found.outcome if found is not None else envelope.UNREAD
    transparency_log.read(material.items("transparency_entries"), digests, [signature] if signature else [], outcome, out)
