"""OCM component descriptor, schema v2 and v3alpha1: a component version, its sources, and its resources with their digests.

Not every digest is of bytes: only ``genericBlobDigest/v1`` (the blob) and ``ociArtifactDigest/v1`` (the manifest) are; others are of a
normalised form and no other evidence names them. Only resources with relation ``local`` are the component's own. The commit and the
repository are claimed where there is just one source.
"""

from __future__ import annotations

from collections.abc import Callable

from release_staging.evidence.addresses import claim_address
from release_staging.evidence.reader import JSON, YAML, Extract, Head, Reader, Tree
from release_staging.evidence.tree import Node
from release_staging.model.confidence import Confidence

_V3 = "ocm.software/v3alpha1"
_BYTES = ("genericBlobDigest/v1", "ociArtifactDigest/v1")
_ALGORITHMS = {"SHA-256": "sha256", "SHA-512": "sha512"}


def recognise(head: Head) -> str | None:
    if head.text("apiVersion") == _V3 and head.has("metadata", "spec"):
        return "v3alpha1"
    return head.text("meta", "schemaVersion") if head.has("meta", "component") and head.text("meta", "schemaVersion") else None


def read(tree: Tree, out: Extract) -> None:
    root = tree.root
    if root["apiVersion"].exists:
        root.text("apiVersion", required=True)
        root.text("kind")
        identity, content = root.object("metadata", required=True), root.object("spec", required=True)
    else:
        root.object("meta", required=True).text("schemaVersion", required=True)
        identity = content = root.object("component", required=True)
    name = identity.text("name", required=True)
    out.claim("service.name", identity["name"], subject=name)
    out.claim("candidate.version", identity["version"], subject=name, required=True)
    out.claim("produced_at", identity["creationTime"])
    sources = list(content.items("sources"))
    for source in sources:
        access = source.object("access", required=True)
        for key in ("commit", "repoUrl", "repository"):
            access.text(key)
        if len(sources) == 1:
            out.claim("candidate.commit", access["commit"], subject=name)
            claim_address("repository.url", access["repoUrl" if access["repoUrl"].exists else "repository"], out, subject=name)
    for resource in content.items("resources", required=True):
        _resource(resource, out)


def _resource(resource: Node, out: Extract) -> None:
    name = resource.text("name", required=True)
    own = resource.text("relation", required=True) == "local"
    access, digest = resource.object("access", required=True), resource.object("digest")
    algorithm = _ALGORITHMS.get(digest.text("hashAlgorithm", required=digest.exists) or "")
    kind = digest.text("normalisationAlgorithm", required=digest.exists)
    value = digest.text("value", required=digest.exists)
    of_bytes = f"{algorithm}:{value}" if algorithm and value and kind in _BYTES else None
    reference = access.text("imageReference")
    if own:
        out.claim("artifact.reference", access["imageReference"], subject=name)
        if of_bytes:
            loss = "the algorithm stands beside the digest"
            out.claim("artifact.digest", digest["value"], value=of_bytes, subject=name, confidence=Confidence.DERIVED, loss=loss)
    out.row(
        "artifacts",
        resource,
        role="declared",
        name=name,
        kind=resource.text("type", required=True),
        reference=reference,
        digest=of_bytes,
        media_type=access.text("mediaType"),
        version=resource.text("version"),
        size=access.integer("size"),
    )


_ELEMENT = ("labels/**", "extraIdentity/**", "srcRefs/**")
_ACCESS = (
    "type",
    "localReference",
    "referenceName",
    "globalAccess/**",
    "ref",
    "path",
    "region",
    "bucket",
    "key",
    "helmRepository",
    "helmChart",
)


def _in_content(make: Callable[[str], tuple[str, ...]]) -> tuple[str, ...]:
    return (*make("/component"), *make("/spec"))


READER = Reader(
    source="release_manifest",
    format="ocm-component",
    title="OCM component descriptor",
    reference="Open Component Model specification, component descriptor v2 and v3alpha1",
    encodings=(YAML, JSON),
    media_type="application/vnd.ocm.software.component-descriptor.v2+json",
    recognise=recognise,
    read=read,
    versions=("v2", "v3alpha1"),
    drops={
        "provider": ("/component/provider/**", "/metadata/provider/**", "/component/labels/**", "/metadata/labels/**"),
        "where-it-is-kept": ("/component/repositoryContexts/**", "/repositoryContexts/**"),
        "element-detail": _in_content(lambda at: tuple(f"{at}/{kind}/*/{key}" for kind in ("resources", "sources") for key in _ELEMENT)),
        "access-detail": _in_content(
            lambda at: tuple(f"{at}/{kind}/*/access/{key}" for kind in ("resources", "sources") for key in _ACCESS)
        ),
        "source-name": _in_content(lambda at: tuple(f"{at}/sources/*/{key}" for key in ("name", "version", "type"))),
        "used-component": _in_content(lambda at: (f"{at}/references/**", f"{at}/componentReferences/**")),
        "signature-material": ("/signatures/**", "/nestedDigests/**"),
    },
)
