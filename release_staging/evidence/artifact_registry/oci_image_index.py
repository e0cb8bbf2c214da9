"""OCI image index (image-spec 1.1, image-index.md) and Docker manifest list: what a registry holds for each platform.

The digest of the index is that of the document's exact bytes; the rows of its children name it as their parent. Children are of
three kinds: an image for a platform, an attestation that BuildKit lists beside it (platform ``unknown/unknown``), and whatever else
is listed without a platform, such as the tags in the ``index.json`` of an OCI layout.
"""

from __future__ import annotations

from release_staging.evidence import strangers, times
from release_staging.evidence.artifact_registry.image_annotations import PREFIX, claim_identity, drops
from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.tree import Node

_OCI = "application/vnd.oci.image.index.v1+json"
_DOCKER = "application/vnd.docker.distribution.manifest.list.v2+json"
_NO_PLATFORM = "unknown/unknown"
_DESCRIPTOR = frozenset(("mediaType", "digest", "size", "urls", "annotations", "data", "artifactType", "platform"))
_CHILD = "/manifests/*/annotations"


def recognise(head: Head) -> str | None:
    media_type = head.get("mediaType")
    if head.get("schemaVersion") != 2:
        return None
    if media_type == _DOCKER:
        return "docker-manifest-list"
    if media_type == _OCI:
        return ""
    # `mediaType` is optional in OCI: only the shape tells.
    return "" if media_type is None and isinstance(head.get("manifests"), list) else None


def read(tree: Tree, out: Extract) -> None:
    index = tree.root
    index.integer("schemaVersion", required=True)
    out.row("artifacts", index, role="registry", digest=out.digest, media_type=index.text("mediaType"), kind=index.text("artifactType"))
    annotations = index.object("annotations")
    claim_identity(annotations, out)
    times.claim("produced_at", annotations[f"{PREFIX}created"], out)
    subject_row(index, out)
    for child in index.items("manifests", required=True):
        _child(child, out)


def _child(child: Node, out: Extract) -> None:
    annotations, system = child.object("annotations"), platform(child.object("platform"))
    if system is None:
        if child["platform"].raw:
            out.drift(child["platform"]["os"], "the operating system of the platform")
        strangers.tell(child, _DESCRIPTOR, "the child is read as one of no platform")
    tag = annotations.text(f"{PREFIX}ref.name")
    image_name = annotations.text("io.containerd.image.name")
    kind = annotations.text("vnd.docker.reference.type")
    of_platform = system is not None and system != _NO_PLATFORM
    attests = kind is not None or system == _NO_PLATFORM
    if not attests:
        # Of a child that names neither platform nor tag nothing is said that it could be told apart by.
        subject = system or image_name or tag
        out.claim("artifact.digest", child["digest"], subject=subject, required=True)
    out.row(
        "artifacts",
        child,
        role="attestation" if attests else "platform" if of_platform else "registry",
        name=tag,
        reference=image_name,
        kind=kind or child.text("artifactType"),
        digest=child.text("digest", required=True),
        parent_digest=out.digest,
        media_type=child.text("mediaType", required=True),
        platform=system if of_platform else None,
        size=child.integer("size"),
    )


def platform(node: Node) -> str | None:
    """``os/architecture/variant`` of a platform object or a config; a version of the operating system follows ``:``."""
    parts = (node.text("os"), node.text("architecture"), node.text("variant"))
    name = "/".join(part for part in parts if part)
    version = node.text("os.version")
    return (f"{name}:{version}" if version else name) or None


def subject_row(node: Node, out: Extract) -> None:
    """What an index or a manifest is attached to: a signature, an SBOM or an attestation names its image so."""
    subject = node.object("subject")
    if subject.raw:
        digest, media_type = subject.text("digest", required=True), subject.text("mediaType")
        out.row("artifacts", subject, role="subject", digest=digest, media_type=media_type, size=subject.integer("size"))


READER = Reader(
    source="artifact_registry",
    format="oci-image-index",
    title="OCI image index or Docker manifest list",
    reference="OCI image-spec 1.1, image-index.md; Docker Image Manifest Version 2, Schema 2",
    encodings=(JSON,),
    media_type=_OCI,
    recognise=recognise,
    read=read,
    revision=2,
    dialects=("docker-manifest-list",),
    drops={
        **drops("/annotations", _CHILD),
        "platform-feature": ("/manifests/*/platform/features/*", "/manifests/*/platform/os.features/*"),
        "descriptor-detail": ("/manifests/*/data", "/manifests/*/urls/*"),
        # What a child says of itself stands in its own manifest.
        "child-identity": tuple(f"{_CHILD}/{PREFIX}{key}" for key in ("version", "revision", "source")),
        "attested-image": (f"{_CHILD}/vnd.docker.reference.digest",),
        "signature-material": (f"{_CHILD}/dev.sigstore.*", f"{_CHILD}/kind"),
    },
)
