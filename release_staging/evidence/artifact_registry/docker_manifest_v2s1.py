"""Docker image manifest v2, schema 1: name, tag and layers of one image, with signatures of its own (JSON Web Signature).

The digest a registry knows it by is over the payload without the signatures: the bytes up to ``formatLength`` and then ``formatTail``,
which the protected header of each signature names (distribution, spec/manifest-v2-1.md). A signature is not verified here. The history
holds commands and environments of the build and is never read.
"""

from __future__ import annotations

import hashlib

from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.tree import Node, unbase64
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code


def recognise(head: Head) -> str | None:
    return "" if head.get("schemaVersion") == 1 and head.has("fsLayers", "history") else None


def read(tree: Tree, out: Extract) -> None:
    manifest = tree.root
    manifest.integer("schemaVersion", required=True)
    name, tag = manifest.text("name", required=True), manifest.text("tag", required=True)
    reference = f"{name}:{tag}" if name and tag else name
    loss = "the tag is taken from beside the name; the registry's host is not named"
    out.claim("artifact.reference", manifest["name"], value=reference, confidence=Confidence.DERIVED, loss=loss)
    digest = _digest(manifest, out)
    out.row(
        "artifacts",
        manifest,
        role="registry",
        reference=reference,
        digest=digest,
        media_type=manifest.text("mediaType"),
        platform=manifest.text("architecture"),
    )
    for layer in manifest.items("fsLayers", required=True):
        out.row("artifacts", layer, role="layer", digest=layer.text("blobSum", required=True), parent_digest=digest)


def _digest(manifest: Node, out: Extract) -> str | None:
    """The digest of the payload, None where the signatures do not agree on one; without signatures, of the document."""
    signatures = list(manifest.items("signatures"))
    if not signatures:
        return None if manifest["signatures"].raw else out.digest
    found = {_payload_digest(signature, out) for signature in signatures}
    if len(found) > 1:
        message = "the signatures are over different payloads, so the manifest has no one digest: export it again"
        out.problem(Code.CONTRADICTION, message, manifest["signatures"])
        return None
    return found.pop()


def _payload_digest(signature: Node, out: Extract) -> str | None:
    decoded = signature.decoded("protected")
    if decoded is None:
        return None
    header = decoded[1]
    length, tail = header.integer("formatLength", required=True), header.text("formatTail", required=True)
    if length is None or tail is None:
        return None
    try:
        payload = out.data[: max(length, 0)] + unbase64(tail)
    except ValueError:
        out.drift(header["formatTail"], "base64 of the end of the payload")
        return None
    return "sha256:" + hashlib.sha256(payload).hexdigest()


READER = Reader(
    source="artifact_registry",
    format="docker-manifest-v2s1",
    title="Docker image manifest v2, schema 1",
    reference="Docker Image Manifest Version 2, Schema 1",
    encodings=(JSON,),
    media_type="application/vnd.docker.distribution.manifest.v1+prettyjws",
    recognise=recognise,
    read=read,
    drops={
        "build-history": ("/history", "/history/*/v1Compatibility"),
        "signature-material": ("/signatures/*/header/**", "/signatures/*/signature", "/signatures/*/protected/base64/time"),
    },
)
