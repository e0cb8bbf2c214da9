"""Attestations of a package as the npm registry answers: provenance, signed by the CI run, and publication, signed by the registry.

Each stands in a Sigstore bundle under the type that its Statement should have; where the two differ it is told.
"""

from __future__ import annotations

from release_staging.evidence.provenance_attestations import bundle, statement
from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.model.exceptions import Code

_WHERE = ("/attestations/*/bundle",)


def recognise(head: Head) -> str | None:
    listed = head.get("attestations")
    fits = (
        isinstance(listed, list) and listed and all(isinstance(one, dict) and one.keys() >= {"predicateType", "bundle"} for one in listed)
    )
    return "" if fits else None


def read(tree: Tree, out: Extract) -> None:
    for number, entry in enumerate(tree.root.items("attestations", required=True)):
        expected = entry.text("predicateType", required=True)
        signed = bundle.read(entry.object("bundle", required=True), out, f"attestation {number + 1}")
        found = signed["predicateType"] if signed is not None else None
        if expected and found is not None and isinstance(found.raw, str) and found.raw != expected:
            message = f"the registry lists the attestation as {expected}, the signed Statement is another"
            out.problem(Code.CONTRADICTION, message, found, subject="predicateType", expected=expected, found=found.raw)


READER = Reader(
    source="provenance_attestations",
    format="npm-attestations",
    title="npm registry attestations",
    reference="npm registry API, attestations of a package version; https://github.com/npm/attestation",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    drops=statement.below(bundle.DROPS, *_WHERE),
    summarises=statement.below(bundle.SUMMARISES, *_WHERE),
    revision=3,
)
