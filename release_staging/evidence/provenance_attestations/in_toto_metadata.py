"""in-toto metadata from before there were Statements (specification v1.0, section 4): links, which say what a step took in and made, and
layouts, which say what steps there must be and who may do them.

They stand in a wrapper of their own (``metablock``) or in a DSSE envelope. Products are the artifacts a link speaks for; materials are
not. A layout speaks of no candidate: that it is there, and whether it is signed, is all that is said of it.
"""

from __future__ import annotations

from typing import Any

from release_staging.evidence.extract import Extract
from release_staging.evidence.provenance_attestations.predicates import link
from release_staging.evidence.provenance_attestations.signatures import Verification
from release_staging.evidence.tree import Node

_HOLDS = {"link": "products", "layout": "steps"}

DROPS = {"layout-key": ("/keys/**", "/rootcas/**", "/intermediatecas/**")}
SUMMARISES = {
    "layout-step": tuple(
        f"/{at}/*/{key}"
        for at in ("steps", "inspect")
        for key in ("_type", "pubkeys/**", "expected_command/**", "threshold", "expected_materials/**", "expected_products/**", "run/**")
    ),
    "layout-detail": ("/expires", "/readme"),
}


def kind(signed: Any) -> str | None:
    """``link`` or ``layout``; None for what is neither."""
    named = signed.get("_type") if type(signed) is dict else None
    return named if isinstance(named, str) and _HOLDS.get(named) in signed else None


def read(signed: Node, out: Extract, outcome: Verification) -> None:
    """Reads a link or a layout whose signature state is known."""
    (_link if signed.text("_type", required=True) == "link" else _layout)(signed, out, outcome)


def _link(signed: Node, out: Extract, outcome: Verification) -> None:
    link.read(signed, out)
    products = [(name, digest) for name, product in signed.entries("products", required=True) for digest in _digests(product, out)]
    for name, (digest, place) in products:
        out.claim("artifact.digest", place, value=digest, subject=name)
        _row(place, "link", outcome, out, subject_name=name, subject_digest=digest)
    if not products:
        _row(signed, "link", outcome, out)


def _layout(signed: Node, out: Extract, outcome: Verification) -> None:
    for key in ("steps", "inspect"):
        for step in signed.items(key, required=True):
            step.text("name", required=True)
    _row(signed, "layout", outcome, out)


def _row(place: Node, name: str, outcome: Verification, out: Extract, **subject: Any) -> None:
    state = {"signature": outcome.state, "signature_key": outcome.key, "signature_reason": outcome.reason}
    out.row("attestations", place, state, predicate_type=name, **subject)


def _digests(product: Node, out: Extract) -> list[tuple[str, Node]]:
    found = []
    for algorithm in product.raw if type(product.raw) is dict else ():
        value = product.text(algorithm, required=True)
        if value:
            found.append((f"{algorithm.lower()}:{value}", product[algorithm]))
    if not found:
        out.drift(product, "digests by algorithm")
    return found
