"""GitLab release (``GET /projects/:id/releases/:tag``, also as a list) and release evidence.

Release evidence names neither a commit nor an address, and writes times as ``2019-06-28 13:23:40 UTC`` and null as ``"nil"``. The
list of a project's releases says not which of them is the candidate: several are listed as artifacts only, and told. Links are
addresses without a digest.
"""

from __future__ import annotations

import re

from release_staging.evidence.addresses import claim_address, without_credentials
from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.tree import Node
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code

EVIDENCE = "evidence"
_VERSION = re.compile(r"v?(\d+\.\d[0-9A-Za-z.+-]*)\Z")
_NIL = "nil"


def recognise(head: Head) -> str | None:
    first = Head(head.encoding, head.get(0)) if isinstance(head.root, list) else head
    if first.has("tag_name", "commit", "released_at") and not first.has("target_commitish"):
        return ""
    wrapped = Head(head.encoding, head.get("release"))
    return EVIDENCE if wrapped.has("tag_name", "project", "milestones") and len(head.root) == 1 else None


def read(tree: Tree, out: Extract) -> None:
    root = tree.root
    if isinstance(root.raw, list):
        releases = list(root.items())
    else:
        releases = [root.object("release", required=True) if root["release"].exists else root]
    if len(releases) == 1:
        _claims(releases[0], out, evidence=root["release"].exists)
    else:
        message = f"{len(releases)} releases are listed, and nothing says which is the candidate's: send that one alone"
        out.problem(Code.LOW_CONFIDENCE, message, root)
    for release in releases:
        _links(release, out)


def _claims(release: Node, out: Extract, *, evidence: bool) -> None:
    tag = release.text("tag_name", required=True)
    out.claim("candidate.tag", release["tag_name"])
    version = _VERSION.match(tag or "")
    if version:
        loss = "the version is taken from the tag"
        out.claim("candidate.version", release["tag_name"], value=version[1], confidence=Confidence.DERIVED, loss=loss)
    if evidence:
        if release.text("created_at") not in (None, _NIL):
            out.claim("produced_at", release["created_at"])
        return
    out.claim("candidate.commit", release.object("commit", required=True)["id"], required=True)
    out.claim("produced_at", release["released_at"], required=True)
    claim_address("repository.url", release.object("_links")["self"], out)


def _links(release: Node, out: Extract) -> None:
    tag = release.text("tag_name", required=True)
    for link in release.object("assets").items("links"):
        address = link.text("url", required=True)
        out.row(
            "artifacts",
            link,
            role="declared",
            name=link.text("name", required=True),
            kind=link.text("link_type"),
            reference=without_credentials(address) if address else None,
            version=tag,
        )


_COMMIT = (
    *("short_id", "title", "message", "created_at", "parent_ids/**", "author_name", "author_email", "authored_date", "committer_name"),
    *("committer_email", "committed_date", "web_url", "trailers/**", "extended_trailers/**"),
)


def _of_release(*patterns: str) -> tuple[str, ...]:
    return tuple(f"{prefix}/{pattern}" for prefix in ("", "/*", "/release") for pattern in patterns)


READER = Reader(
    source="release_manifest",
    format="gitlab-release",
    title="GitLab release",
    reference="GitLab REST API, Releases API; GitLab documentation, Release evidence",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    dialects=(EVIDENCE,),
    drops={
        "release-text": _of_release("name", "description", "description_html"),
        "account-detail": _of_release("author/**"),
        "commit-detail": _of_release(*(f"commit/{key}" for key in _COMMIT)),
        "milestone": _of_release("milestones/**"),
        "release-detail": _of_release("id", "created_at", "upcoming_release", "historical_release", "tag_path", "commit_path"),
        "source-archive": _of_release("assets/count", "assets/sources/**"),
        "link-detail": _of_release("assets/links/*/id", "assets/links/*/direct_asset_url", "assets/links/*/external"),
        "api-link": _of_release(*(f"_links/{key}" for key in ("*_url", "self")), "assets/evidence_file_path"),
        "collected-evidence": _of_release("evidences/**", "evidence_sha", "report_artifacts/**"),
        "project-detail": ("/release/project/**",),
    },
)
