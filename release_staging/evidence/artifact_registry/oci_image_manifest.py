"""OCI image manifest (image-spec 1.1, manifest.md) and Docker image manifest v2, schema 2: a config and layers.

The digest of the manifest is that of the document's exact bytes. The digest of the config is what Docker and the scanners call the
image id; that of a layer is of its compressed blob. None of the three is another.
"""

from __future__ import annotations

from release_staging.evidence import times
from release_staging.evidence.artifact_registry.image_annotations import PREFIX, claim_identity, drops
from release_staging.evidence.artifact_registry.oci_image_index import subject_row
from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.tree import Node

_OCI = "application/vnd.oci.image.manifest.v1+json"
_DOCKER = "application/vnd.docker.distribution.manifest.v2+json"


def recognise(head: Head) -> str | None:
    media_type = head.get("mediaType")
    if head.get("schemaVersion") != 2:
        return None
    if media_type == _DOCKER:
        return "docker-v2s2"
    if media_type == _OCI:
        return ""
    # `mediaType` is optional in OCI: only the shape tells.
    return "" if media_type is None and isinstance(head.get("config"), dict) and isinstance(head.get("layers"), list) else None


def read(tree: Tree, out: Extract) -> None:
    manifest = tree.root
    manifest.integer("schemaVersion", required=True)
    annotations = manifest.object("annotations")
    out.row(
        "artifacts",
        manifest,
        role="registry",
        kind=manifest.text("artifactType"),
        digest=out.digest,
        media_type=manifest.text("mediaType"),
    )
    claim_identity(annotations, out)
    times.claim("produced_at", annotations[f"{PREFIX}created"], out)
    subject_row(manifest, out)
    _blob(manifest.object("config", required=True), "config", out)
    for layer in manifest.items("layers", required=True):
        _blob(layer, "layer", out)


def _blob(descriptor: Node, role: str, out: Extract) -> None:
    if descriptor.raw:
        out.row(
            "artifacts",
            descriptor,
            role=role,
            name=descriptor.object("annotations").text(f"{PREFIX}title"),
            digest=descriptor.text("digest", required=True),
            parent_digest=out.digest,
            media_type=descriptor.text("mediaType", required=True),
            size=descriptor.integer("size"),
        )


READER = Reader(
    source="artifact_registry",
    format="oci-image-manifest",
    title="OCI image manifest or Docker image manifest v2, schema 2",
    reference="OCI image-spec 1.1, manifest.md; Docker Image Manifest Version 2, Schema 2",
    encodings=(JSON,),
    media_type=_OCI,
    recognise=recognise,
    read=read,
    dialects=("docker-v2s2",),
    drops={
        **drops("/annotations", "/layers/*/annotations"),
        "embedded-blob": ("/config/data", "/layers/*/data"),
        "blob-address": ("/config/urls/*", "/layers/*/urls/*"),
        # Signatures are read from the bundle or the envelope in the blob, where they can be verified.
        "signature-material": (
            *("/annotations/dev.sigstore.*", "/layers/*/annotations/dev.sigstore.*", "/layers/*/annotations/dev.cosignproject.*"),
            *("/layers/*/annotations/predicateType", "/layers/*/annotations/in-toto.io?predicate-type"),
        ),
        "layer-detail": tuple(f"/layers/*/annotations/{key}" for key in ("buildkit?*", "containerd.io?*")),
    },
)
