"""The wrapper of in-toto metadata that is not in a DSSE envelope: ``signed``, and signatures over its canonical form, in hexadecimal.

The keys that policy trusts are what counts: those that a layout names, its thresholds and its rules on artifacts are not checked here.
"""

from __future__ import annotations

import base64

from release_staging.evidence.extract import Extract
from release_staging.evidence.provenance_attestations import canonical, envelope, in_toto_metadata, signatures
from release_staging.evidence.provenance_attestations.signatures import NOT_ATTEMPTED, UNVERIFIABLE, Signature, Verification
from release_staging.evidence.reader import Head, Tree
from release_staging.evidence.tree import Node

DROPS = {
    "signing-certificate": ("/signatures/*/cert",),
    "openpgp-signature": ("/signatures/*/signature", "/signatures/*/other_headers", "/signatures/*/short_keyid"),
    **{rule: tuple(f"/signed{path}" for path in paths) for rule, paths in in_toto_metadata.DROPS.items()},
}
SUMMARISES = {rule: tuple(f"/signed{path}" for path in paths) for rule, paths in in_toto_metadata.SUMMARISES.items()}


def is_of(kind: str, head: Head) -> bool:
    return head.text("signed", "_type") == kind and head.has("signatures")


def read(tree: Tree, out: Extract) -> None:
    signed = tree.root.object("signed", required=True)
    given = [(one, _signature(one)) for one in tree.root.items("signatures", required=True)]
    checked = [(one, signature) for one, signature in given if signature is not None]
    outcome = _verify(signed, [signature for _, signature in checked], out)
    if given and not checked:
        outcome = Verification(NOT_ATTEMPTED, "OpenPGP signatures are not checked")
    in_toto_metadata.read(signed, out, outcome)
    if given:
        place = (checked or given)[outcome.index or 0][0]
        envelope.claim_state(place["sig"] if place["sig"].exists else place["keyid"], outcome, out, None, envelope.NOTHING)


def _verify(signed: Node, given: list[Signature], out: Extract) -> Verification:
    try:
        message = canonical.encode(signed.raw)
    except ValueError as error:
        return Verification(UNVERIFIABLE, f"what is signed has no canonical form: {error}")
    return signatures.verify([message], given, out.options.trusted_keys)


def _signature(one: Node) -> Signature | None:
    """None stands for a signature by OpenPGP."""
    sig, keyid = one.text("sig"), one.text("keyid", required=True)
    if sig is None and one["signature"].exists:
        return None
    try:
        return Signature(keyid, base64.b64encode(bytes.fromhex(sig or "")).decode("ascii"))
    except ValueError:
        return Signature(keyid, None)
