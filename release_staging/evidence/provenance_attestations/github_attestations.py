"""Attestations of a subject as GitHub answers: the REST API, and ``gh attestation verify --format json``.

What ``gh`` says it verified is somebody else's verification and no signature state here: the bundle beside it is read.
"""

from __future__ import annotations

from release_staging.evidence.provenance_attestations import bundle, statement
from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree

_API, _GH = "/attestations/*", "/*/attestation"
_WHERE = (f"{_API}/bundle", f"{_GH}/bundle")


def recognise(head: Head) -> str | None:
    if isinstance(head.root, list):
        fits = all(isinstance(one, dict) and one.keys() >= {"attestation", "verificationResult"} for one in head.root)
        return "gh-verify" if fits and head.root else None
    listed = head.get("attestations")
    fits = isinstance(listed, list) and all(
        isinstance(one, dict) and "bundle" in one and one.keys() & {"repository_id", "bundle_url"} for one in listed
    )
    return "rest" if fits and listed else None


def read(tree: Tree, out: Extract) -> None:
    root = tree.root
    entries = [one.object("attestation") for one in root.items()] if isinstance(root.raw, list) else [*root.items("attestations")]
    for number, entry in enumerate(entries):
        bundle.read(entry.object("bundle", required=True), out, f"attestation {number + 1}")


READER = Reader(
    source="provenance_attestations",
    format="github-attestations",
    title="GitHub artifact attestations",
    reference="GitHub REST API 2022-11-28, list attestations; gh attestation verify --format json",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    dialects=("rest", "gh-verify"),
    drops={
        "attestation-address": tuple(f"{at}/bundle_url" for at in (_API, _GH)),  # a signed address: who has it may read
        "verified-by-others": ("/*/verificationResult/**",),
        **statement.below(bundle.DROPS, *_WHERE),
    },
    summarises={
        "attestation-detail": tuple(f"{at}/{key}" for at in (_API, _GH) for key in ("repository_id", "initiator")),
        **statement.below(bundle.SUMMARISES, *_WHERE),
    },
    revision=3,
)
