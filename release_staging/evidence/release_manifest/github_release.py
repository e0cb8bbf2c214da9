"""GitHub release: ``GET /repos/{owner}/{repo}/releases/{release_id}`` (REST API 2022-11-28), a page of the list, or the webhook
event ``release``, which is what a workflow that a release triggers finds as its event.

What is easily taken for more than it is: ``target_commitish`` is where the tag *would be* made, a branch name in most releases and
not used where the tag existed, so only a full commit id is claimed. ``created_at`` is the date of the commit. The tag of a draft need
not exist. Tags move unless the release is immutable. The list of a repository's releases says not which of them is the candidate:
several are listed as artifacts only, and told.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.tree import Node
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code

_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")
_VERSION = re.compile(r"v?(\d+\.\d[0-9A-Za-z.+-]*)\Z")
_TAKEN_BACK = ("deleted", "unpublished")
_KEYS = {"tag_name", "target_commitish", "assets_url"}
_REPOSITORY = re.compile(r"(https://[^/]+/[^/]+/[^/]+)/releases/")


@dataclass(frozen=True)
class Names:
    """What a writer calls the members; ``chosen`` where whoever asks chooses which of them are written."""

    tag: str = "tag_name"
    target: str = "target_commitish"
    draft: str = "draft"
    address: str = "html_url"
    published: str = "published_at"
    download: str = "browser_download_url"
    media_type: str = "content_type"
    chosen: bool = False


_API = Names()


def recognise(head: Head) -> str | None:
    releases = head.first() if isinstance(head.root, list) else [head.get("release") if head.has("action", "release") else head.root]
    return "" if releases and all(isinstance(release, dict) and release.keys() >= _KEYS for release in releases) else None


def read(tree: Tree, out: Extract) -> None:
    root = tree.root
    event = type(root.raw) is dict and root["release"].exists
    releases = list(root.items()) if isinstance(root.raw, list) else [root.object("release") if event else root]
    if len(releases) == 1:
        read_release(releases[0], _API, out, gone=event and root.text("action", required=True) in _TAKEN_BACK)
        return
    message = f"{len(releases)} releases are listed, and nothing says which is the candidate's: send that one alone"
    out.problem(Code.LOW_CONFIDENCE, message, root)
    for release in releases:
        _assets(release, _API, out, alone=False)


def read_release(release: Node, names: Names, out: Extract, *, gone: bool = False) -> None:
    """The claims of the one release of a document, and its assets; ``gone`` where it was taken back."""
    _claims(release, names, out, gone=gone)
    _assets(release, names, out, alone=True)


def _claims(release: Node, names: Names, out: Extract, *, gone: bool) -> None:
    draft = release.flag(names.draft)
    confidence = Confidence.LOW if draft or gone else Confidence.EXACT
    loss = "the release was taken back" if gone else "the release is a draft: its tag need not exist" if draft else None
    out.claim("candidate.tag", release[names.tag], required=True, confidence=confidence, loss=loss)
    _version(release[names.tag], out, loss)
    _repository(release[names.address], out)
    target = release.text(names.target, required=not names.chosen)
    if target and _COMMIT.match(target):
        out.claim("candidate.commit", release[names.target])
    elif release[names.target].exists:
        release.drop(names.target, rule="target-branch")
    out.claim("produced_at", release[names.published])


def _version(tag: Node, out: Extract, loss: str | None) -> None:
    """A version, where the whole tag is one; the tags of several components in one repository are left to their registry."""
    found = _VERSION.match(out.scalar(tag) or "")
    if found:
        out.claim(
            "candidate.version",
            tag,
            value=found[1],
            confidence=Confidence.LOW if loss else Confidence.DERIVED,
            loss=loss or "the version is taken from the tag",
        )


def _repository(address: Node, out: Extract) -> None:
    found = _REPOSITORY.match(out.scalar(address, required=True) or "")
    if found:
        loss = "the address of the release is cut down to its repository"
        out.claim("repository.url", address, value=found[1], confidence=Confidence.DERIVED, loss=loss)


def _assets(release: Node, names: Names, out: Extract, *, alone: bool) -> None:
    for asset in release.items("assets", required=True):
        name = asset.text("name", required=True)
        if alone:
            out.claim("artifact.digest", asset["digest"], subject=name)
        out.row(
            "artifacts",
            asset,
            role="declared",
            name=name,
            reference=asset.text(names.download),
            digest=asset.text("digest"),
            media_type=asset.text(names.media_type),
            version=release.text(names.tag, required=True),
            size=asset.integer("size"),
        )


def _of_release(*patterns: str) -> tuple[str, ...]:
    """Patterns for a release that stands alone, in a list, and in an event."""
    return tuple(f"{start}/{pattern}" for start in ("", "/*", "/release") for pattern in patterns)


READER = Reader(
    source="release_manifest",
    format="github-release",
    title="GitHub release",
    reference="GitHub REST API, Get a release, List releases; GitHub webhooks, release",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    drops={
        "api-link": _of_release("url", "assets_url", "upload_url", "tarball_url", "zipball_url", "discussion_url", "assets/*/url"),
        "account-detail": (*_of_release("author/**", "assets/*/uploader/**"), "/sender/**", "/installation/**", "/enterprise/**"),
        "release-text": (*_of_release("name", "body", "body_html", "body_text", "mentions_count", "reactions/**"), "/changes/**"),
        "release-detail": _of_release("id", "node_id", "created_at", "updated_at"),
        "asset-detail": _of_release(
            *(f"assets/*/{key}" for key in ("id", "node_id", "label", "state", "download_count", "created_at", "updated_at"))
        ),
        "release-state": _of_release("prerelease", "immutable"),
        # Address and name of the repository stand in the release's own address.
        "repository-detail": ("/repository/**", "/organization/**"),
        "release-of-several": tuple(f"/*/{key}" for key in ("draft", "html_url", "target_commitish", "published_at")),
    },
    revision=2,
)
