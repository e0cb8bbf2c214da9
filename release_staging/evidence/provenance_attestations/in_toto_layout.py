"""in-toto layout metadata (in-toto specification v1.0, section 4.3): which steps a supply chain must have, and who may do them.

It speaks of no candidate: that it is there, and unverified, is all that is said of it.
"""

from __future__ import annotations

from release_staging.evidence.provenance_attestations.in_toto_link import UNCHECKED
from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree


def recognise(head: Head) -> str | None:
    return "" if head.text("signed", "_type") == "layout" and head.has("signatures") else None


def read(tree: Tree, out: Extract) -> None:
    signed = tree.root.object("signed", required=True)
    kind = signed.text("_type", required=True)
    for key in ("steps", "inspect"):
        for step in signed.items(key, required=True):
            step.text("name", required=True)
    out.row("attestations", signed, predicate_type=kind, signature=UNCHECKED.state, signature_reason=UNCHECKED.reason)


READER = Reader(
    source="provenance_attestations",
    format="in-toto-layout",
    title="in-toto layout metadata",
    reference="in-toto specification v1.0, section 4.3",
    encodings=(JSON,),
    media_type="application/vnd.in-toto.layout+json",
    recognise=recognise,
    read=read,
    drops={
        "signature-not-checked": ("/signatures/**",),
        "layout-key": ("/signed/keys/**", "/signed/rootcas/**", "/signed/intermediatecas/**"),
    },
    summarises={
        "layout-step": tuple(
            f"/signed/{at}/*/{key}"
            for at in ("steps", "inspect")
            for key in (
                "_type",
                "pubkeys/**",
                "expected_command/**",
                "threshold",
                "expected_materials/**",
                "expected_products/**",
                "run/**",
            )
        ),
        "layout-detail": ("/signed/expires", "/signed/readme"),
    },
)
