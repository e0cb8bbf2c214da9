"""Sigstore bundle v0.1, v0.2 or v0.3; one as JSON, several as JSON Lines (``gh attestation download``) or in an array."""

from __future__ import annotations

import re

from release_staging.evidence.provenance_attestations import bundle, statement
from release_staging.evidence.reader import JSON, JSON_LINES, Extract, Head, Reader, Tree

_MEDIA_TYPE = re.compile(r"application/vnd\.dev\.sigstore\.bundle(?:\.v(?P<new>[\d.]+))?\+json(?:;\s*version=(?P<old>[\d.]+))?")
_WHERE = ("", "/*")


def recognise(head: Head) -> str | None:
    roots = head.first() if isinstance(head.root, list) else [head.root]
    versions = [_version(Head(head.encoding, root)) for root in roots]
    return versions[0] if versions and None not in versions else None


def read(tree: Tree, out: Extract) -> None:
    bundles = [one for root in tree.roots for one in (root.items() if isinstance(root.raw, list) else (root,))]
    for number, one in enumerate(bundles):
        bundle.read(one, out, f"bundle {number + 1}" if len(bundles) > 1 else None)


def _version(head: Head) -> str | None:
    match = _MEDIA_TYPE.fullmatch(head.text("mediaType"))
    return (match["new"] or match["old"] or "") if match and head.has("verificationMaterial") else None


READER = Reader(
    source="provenance_attestations",
    format="sigstore-bundle",
    title="Sigstore bundle",
    reference="Sigstore bundle v0.1, v0.2, v0.3 (protobuf-specs, sigstore_bundle.proto); DSSE v1.0.0; Fulcio certificate extensions",
    encodings=(JSON, JSON_LINES),
    media_type="application/vnd.dev.sigstore.bundle.v0.3+json",
    recognise=recognise,
    read=read,
    together=True,
    versions=("0.1", "0.2", "0.3"),
    drops=statement.below(bundle.DROPS, *_WHERE),
    summarises=statement.below(bundle.SUMMARISES, *_WHERE),
    revision=3,
)
