"""release-please manifest (``.release-please-manifest.json``): the last released version of each package, by its path.

Nothing in it says what it is but the shape: every member is a path in a repository with a version in SemVer. The package at the
root (``.``), or the only one, is the candidate; of several others none is by itself.
"""

from __future__ import annotations

import re

from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree

# A segment of a path. A host or a scope in front would make it the name of a module or a package.
_PATH = re.compile(r"\.|(?![^/]*[^/.]\.[A-Za-z])[A-Za-z0-9_.][^/@:\s]*(?:/[^/@:\s]+)*")
_SEMVER = re.compile(r"\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?")


def recognise(head: Head) -> str | None:
    root = head.root
    if not isinstance(root, dict) or not any(path == "." or "/" in path for path in root):
        return None
    fits = (_PATH.fullmatch(path) and isinstance(version, str) and _SEMVER.fullmatch(version) for path, version in root.items())
    return "" if all(fits) else None


def read(tree: Tree, out: Extract) -> None:
    packages = dict(tree.root.entries(required=True))
    for path, package in packages.items():
        if path == "." or len(packages) == 1:
            out.claim("candidate.version", package, subject=path, required=True)
        out.row("artifacts", package, role="declared", kind="package", name=path, version=out.scalar(package, required=True))


READER = Reader(
    source="release_manifest",
    format="release-please-manifest",
    title="release-please manifest",
    reference="release-please, docs/manifest-releaser.md",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
)
