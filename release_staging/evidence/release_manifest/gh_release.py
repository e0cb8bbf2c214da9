"""GitHub release as the GitHub CLI writes it: ``gh release view --json ...``.

Whoever asks chooses the fields: a release without its tag, its address and the assets is not read. What is easily taken for more than
it is stands in ``github_release``.
"""

from __future__ import annotations

from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.release_manifest.github_release import Names, read_release

_NAMES = Names(
    tag="tagName",
    target="targetCommitish",
    draft="isDraft",
    address="url",
    published="publishedAt",
    download="url",
    media_type="contentType",
    chosen=True,
)


def recognise(head: Head) -> str | None:
    return "" if head.has("tagName", "url", "assets") and isinstance(head.get("assets"), list) else None


def read(tree: Tree, out: Extract) -> None:
    read_release(tree.root, _NAMES, out)


READER = Reader(
    source="release_manifest",
    format="gh-release",
    title="GitHub release, from the GitHub CLI",
    reference="cli/cli, pkg/cmd/release/shared: Release.ExportData",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    drops={
        "api-link": ("/apiUrl", "/uploadUrl", "/tarballUrl", "/zipballUrl", "/assets/*/apiUrl"),
        "account-detail": ("/author/**",),
        "release-text": ("/name", "/body"),
        "release-detail": ("/id", "/databaseId", "/createdAt"),
        "asset-detail": tuple(f"/assets/*/{key}" for key in ("id", "label", "state", "downloadCount", "createdAt", "updatedAt")),
        "release-state": ("/isPrerelease", "/isImmutable"),
    },
)
