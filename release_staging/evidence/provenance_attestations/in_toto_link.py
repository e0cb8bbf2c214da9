"""in-toto link metadata (in-toto specification v1.0, section 4.4): what one step took in and made, from before there were Statements.

Its signatures are over a canonical form of ``signed`` that is not made here: their state is ``not_attempted``. Products are
the artifacts it speaks for; materials are not.
"""

from __future__ import annotations

from typing import Any

from release_staging.evidence.provenance_attestations import signatures
from release_staging.evidence.provenance_attestations.predicates import link
from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.tree import Node

UNCHECKED = signatures.Verification(
    signatures.NOT_ATTEMPTED, "signatures of in-toto metadata that is not in a DSSE envelope are not checked"
)


def recognise(head: Head) -> str | None:
    return "" if head.text("signed", "_type") == "link" and head.has("signatures") else None


def read(tree: Tree, out: Extract) -> None:
    signed = tree.root.object("signed", required=True)
    kind = signed.text("_type", required=True)
    link.read(signed, out)
    products = [(name, digest) for name, product in signed.entries("products", required=True) for digest in _digests(product, out)]
    for name, (digest, place) in products:
        out.claim("artifact.digest", place, value=digest, subject=name)
        _row(place, kind, out, subject_name=name, subject_digest=digest)
    if not products:
        _row(signed, kind, out)


def _row(place: Node, kind: str | None, out: Extract, **subject: Any) -> None:
    out.row("attestations", place, predicate_type=kind, signature=UNCHECKED.state, signature_reason=UNCHECKED.reason, **subject)


def _digests(product: Node, out: Extract) -> list[tuple[str, Node]]:
    found = []
    for algorithm in product.raw if type(product.raw) is dict else ():
        value = product.text(algorithm, required=True)
        if value:
            found.append((f"{algorithm.lower()}:{value}", product[algorithm]))
    if not found:
        out.drift(product, "digests by algorithm")
    return found


READER = Reader(
    source="provenance_attestations",
    format="in-toto-link",
    title="in-toto link metadata",
    reference="in-toto specification v1.0, section 4.4",
    encodings=(JSON,),
    media_type="application/vnd.in-toto.link+json",
    recognise=recognise,
    read=read,
    drops={"signature-not-checked": ("/signatures/**",)},
)
