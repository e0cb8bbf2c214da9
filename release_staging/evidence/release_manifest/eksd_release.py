"""EKS Distro ``Release`` (``distro.eks.amazonaws.com/v1alpha1``): the components of a distribution and their images and archives.

Each component has its own upstream tag and commit, and none is the distribution's; so they are neither claimed nor put in a row.
Image digests are newer than the format: early releases name images by tag only.
"""

from __future__ import annotations

from release_staging.evidence.reader import JSON, YAML, Extract, Head, Reader, Tree
from release_staging.evidence.tree import Node
from release_staging.model.confidence import Confidence


def recognise(head: Head) -> str | None:
    api = head.text("apiVersion")
    return api.rpartition("/")[2] if head.text("kind") == "Release" and api.startswith("distro.eks.amazonaws.com/") else None


def read(tree: Tree, out: Extract) -> None:
    release = tree.root
    release.text("apiVersion", required=True)
    release.text("kind", required=True)
    release.object("metadata", required=True).text("name", required=True)
    status = release.object("status", required=True)
    out.claim("produced_at", status["date"])
    for component in status.items("components", required=True):
        component.text("name", required=True)
        version = component.text("gitTag")
        for asset in component.items("assets", required=True):
            _asset(asset, version, out)


def _asset(asset: Node, version: str | None, out: Extract) -> None:
    name = asset.text("name", required=True)
    image, archive = asset.object("image"), asset.object("archive")
    holder = image if image.exists else archive
    reference = holder.text("uri", required=holder.exists)
    out.claim("artifact.reference", holder["uri"], subject=name)
    digest = image.text("imageDigest")
    out.claim("artifact.digest", image["imageDigest"], subject=reference)
    checksum = archive.text("sha256")
    if checksum:
        digest = f"sha256:{checksum}"
        loss = "the algorithm is the key of the checksum"
        out.claim("artifact.digest", archive["sha256"], value=digest, subject=name, confidence=Confidence.DERIVED, loss=loss)
    system = asset.text("os")
    machines = [machine for place in asset.items("arch") if (machine := out.scalar(place)) is not None]
    out.row(
        "artifacts",
        asset,
        role="declared",
        name=name,
        kind=asset.text("type", required=True),
        reference=reference,
        digest=digest,
        platform=", ".join(f"{system}/{machine}" for machine in machines) if system and machines else None,
        version=version,
    )


READER = Reader(
    source="release_manifest",
    format="eksd-release",
    title="EKS Distro release",
    reference="EKS Distro, Release custom resource v1alpha1",
    encodings=(YAML, JSON),
    media_type="application/yaml",
    recognise=recognise,
    read=read,
    versions=("v1alpha1",),
    drops={
        "distribution": ("/spec/**",),
        "object-detail": ("/metadata/creationTimestamp", "/metadata/namespace", "/metadata/labels/**", "/metadata/annotations/**"),
        "component-source": ("/status/components/*/gitCommit",),
        "asset-detail": ("/status/components/*/assets/*/description", "/status/components/*/assets/*/archive/sha512"),
        "archive-size": ("/status/components/*/assets/*/archive/size",),
    },
)
