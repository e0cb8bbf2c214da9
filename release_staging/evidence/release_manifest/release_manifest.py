"""The project's own release manifest: what is being released, as its team declares it (``schemas/release-manifest-1.0.json``)."""

from __future__ import annotations

from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.tree import SCALARS, Node

_IDENTITY = {
    "service.name": "service",
    "repository.url": "repository",
    "candidate.version": "version",
    "candidate.commit": "commit",
    "produced_at": "createdAt",
}


def recognise(head: Head) -> str | None:
    return head.text("releaseManifest") if head.has("releaseManifest") else None


def read(tree: Tree, out: Extract) -> None:
    manifest = tree.root
    manifest.text("releaseManifest", required=True)
    for field, key in _IDENTITY.items():
        out.claim(field, manifest[key], required=True)
    out.claim("candidate.tag", manifest["tag"])
    out.claim("candidate.branch", manifest["branch"])
    build = manifest.object("build")
    out.claim("build.id", build["id"], required=build.exists)
    out.claim("build.url", build["url"])
    out.claim("build.attempt", build["attempt"], accept=SCALARS)
    for environment in _some(manifest, "environments", "at least one target environment"):
        out.claim("environment.target", environment, required=True)
    for artifact in _some(manifest, "artifacts", "at least one artifact"):
        _artifact(artifact, out)
    rollback = manifest.object("rollback")
    out.claim("rollback.version", rollback["version"], required=rollback.exists)
    out.claim("rollback.reference", rollback["reference"])
    out.claim("rollback.artifact", rollback["digest"])
    for review in manifest.items("securityReview"):
        # A reference to a review and what it covers; whatever else stands here, a result above all, is not read.
        for covered in _some(review, "covers", "at least one file the review covers"):
            out.claim("security_review.reference", review["reference"], subject=out.scalar(covered, required=True), required=True)


def _artifact(artifact: Node, out: Extract) -> None:
    name = artifact.text("name", required=True)
    out.claim("artifact.digest", artifact["digest"], subject=name, required=True)
    out.claim("artifact.reference", artifact["reference"], subject=name)
    out.row(
        "artifacts",
        artifact,
        role="declared",
        name=name,
        kind=artifact.text("type"),
        reference=artifact.text("reference"),
        digest=artifact.text("digest"),
        media_type=artifact.text("mediaType"),
    )


def _some(node: Node, key: str, what: str) -> list[Node]:
    """The elements of an array that must have some: an empty one is told like a missing one."""
    found = list(node.items(key, required=True))
    if not found and node[key].raw == []:
        node.out.drift(node[key], what)
    return found


READER = Reader(
    source="release_manifest",
    format="release-manifest",
    title="Release manifest",
    reference="schemas/release-manifest-1.0.json",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    versions=("1.0",),
)
