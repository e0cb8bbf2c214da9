"""GoReleaser ``dist/artifacts.json``: every file and image of a build, with its type and platform (GoReleaser 1.x and 2.x).

A checksum stands on what is published (archives, packages), a digest on images; binaries inside archives have neither.
An image's name is its reference, so the subject of its digest is the reference: one tag for each platform, one for the list.
"""

from __future__ import annotations

from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.tree import Node


def recognise(head: Head) -> str | None:
    first = head.get(0)
    return "" if isinstance(first, dict) and {"name", "path", "type", "internal_type"} <= first.keys() else None


def read(tree: Tree, out: Extract) -> None:
    for artifact in tree.root.items(required=True):
        name, kind = artifact.text("name", required=True), artifact.text("type", required=True)
        extra = artifact.object("extra")
        path = artifact.text("path")
        digest = extra["Digest"] if extra["Digest"].exists else extra["Checksum"]
        is_image = kind is not None and "Docker" in kind
        out.claim("artifact.digest", digest, subject=name)
        if is_image:
            out.claim("artifact.reference", artifact["name"], subject=name)
        out.row(
            "artifacts",
            artifact,
            role="declared",
            name=name,
            kind=kind,
            reference=name if is_image else path,
            digest=out.scalar(digest),
            platform=_platform(artifact),
        )


def _platform(artifact: Node) -> str | None:
    """``os/architecture`` with its variant, as OCI writes it (``linux/arm/v7``); GoReleaser leaves it out of what has none."""
    system, machine, arm = artifact.text("goos"), artifact.text("goarch"), artifact.text("goarm")
    return "/".join(part for part in (system, machine, arm and f"v{arm}") if part) or None


READER = Reader(
    source="release_manifest",
    format="goreleaser-artifacts",
    title="GoReleaser artifact list",
    reference="GoReleaser, dist/artifacts.json",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    drops={
        "type-number": ("/*/internal_type",),
        "build-variant": ("/*/goamd64", "/*/goarm64", "/*/go386", "/*/gomips", "/*/goppc64", "/*/goriscv64", "/*/target"),
        "packaging-detail": tuple(
            f"/*/extra/{key}"
            for key in (
                *("ID", "Binary", "Binaries", "Binaries/*", "Builder", "Ext", "Format", "Replaces", "WrappedIn"),
                *("DynamicallyLinked", "DynLink", "Refresh", "Files", "Files/*/src", "Files/*/dst", "Files/*/file_info/*"),
                *("DockerConfig/**", "BrewConfig/**", "NixpkgConfig/**", "ScoopConfig/**", "WingetConfig/**", "KrewConfig/**"),
            )
        ),
    },
)
