"""GitHub release: ``GET /repos/{owner}/{repo}/releases/{release_id}`` (REST API 2022-11-28).

What is easily taken for more than it is: ``target_commitish`` is where the tag *would be* made, a branch name in most releases and
not used where the tag existed, so only a full commit id is claimed. ``created_at`` is the date of the commit. The tag of a draft need
not exist. Tags move unless the release is immutable.
"""

from __future__ import annotations

import re

from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.tree import Node
from release_staging.model.confidence import Confidence

_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")
_VERSION = re.compile(r"v?(\d+\.\d[0-9A-Za-z.+-]*)\Z")
_REPOSITORY = re.compile(r"(https://[^/]+/[^/]+/[^/]+)/releases/")


def recognise(head: Head) -> str | None:
    return "" if head.has("tag_name", "target_commitish", "assets_url") else None


def read(tree: Tree, out: Extract) -> None:
    release = tree.root
    draft = release.flag("draft")
    confidence = Confidence.LOW if draft else Confidence.EXACT
    loss = "the release is a draft: its tag need not exist" if draft else None
    out.claim("candidate.tag", release["tag_name"], required=True, confidence=confidence, loss=loss)
    _version(release, out, loss)
    _repository(release, out)
    target = release.text("target_commitish", required=True)
    if target and _COMMIT.match(target):
        out.claim("candidate.commit", release["target_commitish"])
    else:
        release.drop("target_commitish", rule="target-branch")
    out.claim("produced_at", release["published_at"])
    for asset in release.items("assets", required=True):
        _asset(asset, out)


def _version(release: Node, out: Extract, loss: str | None) -> None:
    """A version, where the whole tag is one; the tags of several components in one repository are left to their registry."""
    found = _VERSION.match(release.text("tag_name") or "")
    if found:
        out.claim(
            "candidate.version",
            release["tag_name"],
            value=found[1],
            confidence=Confidence.LOW if loss else Confidence.DERIVED,
            loss=loss or "the version is taken from the tag",
        )


def _repository(release: Node, out: Extract) -> None:
    found = _REPOSITORY.match(release.text("html_url", required=True) or "")
    if found:
        loss = "the address of the release is cut down to its repository"
        out.claim("repository.url", release["html_url"], value=found[1], confidence=Confidence.DERIVED, loss=loss)


def _asset(asset: Node, out: Extract) -> None:
    name = asset.text("name", required=True)
    out.claim("artifact.digest", asset["digest"], subject=name)
    out.row(
        "artifacts",
        asset,
        role="declared",
        name=name,
        reference=asset.text("browser_download_url"),
        digest=asset.text("digest"),
        media_type=asset.text("content_type"),
        size=asset.integer("size"),
    )


READER = Reader(
    source="release_manifest",
    format="github-release",
    title="GitHub release",
    reference="GitHub REST API, Get a release",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    drops={
        "api-link": ("/url", "/assets_url", "/upload_url", "/tarball_url", "/zipball_url", "/discussion_url", "/assets/*/url"),
        "account-detail": ("/author/**", "/assets/*/uploader/**"),
        "release-text": ("/name", "/body", "/body_html", "/body_text", "/mentions_count", "/reactions/**"),
        "release-detail": ("/id", "/node_id", "/created_at", "/updated_at"),
        "asset-detail": tuple(
            f"/assets/*/{key}" for key in ("id", "node_id", "label", "state", "download_count", "created_at", "updated_at")
        ),
        "release-state": ("/prerelease", "/immutable"),
    },
)
