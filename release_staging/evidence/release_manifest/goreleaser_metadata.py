"""GoReleaser ``dist/metadata.json``: project, tag, version and commit of a build (GoReleaser 1.x and 2.x).

Where the repository has no tag, GoReleaser writes ``v0.0.0``; a snapshot (``-SNAPSHOT-``, ``-next``) carries the tag *before*
its commit. A tag, or a version made of it, that does not name this commit is claimed with low confidence.
"""

from __future__ import annotations

import re

from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.model.confidence import Confidence

_PLACEHOLDER = re.compile(r"v?0\.0\.0\Z")
_SNAPSHOT = re.compile(r"SNAPSHOT|-next\b|-\d+-g[0-9a-f]{7,}\Z")  # the last is `git describe` of a commit after its tag

_NO_TAG = "GoReleaser writes v0.0.0 where the repository has no tag"
_EARLIER_TAG = "a snapshot carries the tag before its commit"


def recognise(head: Head) -> str | None:
    return "" if head.has("project_name", "tag", "version", "commit", "date") else None


def read(tree: Tree, out: Extract) -> None:
    metadata = tree.root
    tag, version = metadata.text("tag") or "", metadata.text("version") or ""
    untagged = _NO_TAG if _PLACEHOLDER.match(tag) else None
    tag_loss = untagged or (_EARLIER_TAG if _SNAPSHOT.search(version) else None)
    out.claim("service.name", metadata["project_name"], required=True)
    out.claim("candidate.version", metadata["version"], required=True, confidence=_confidence(untagged), loss=untagged)
    out.claim("candidate.tag", metadata["tag"], confidence=_confidence(tag_loss), loss=tag_loss)
    out.claim("candidate.commit", metadata["commit"], required=True)
    out.claim("produced_at", metadata["date"], required=True)


def _confidence(loss: str | None) -> Confidence:
    return Confidence.LOW if loss else Confidence.EXACT


READER = Reader(
    source="release_manifest",
    format="goreleaser-metadata",
    title="GoReleaser metadata",
    reference="GoReleaser, dist/metadata.json",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    drops={"build-host": ("/runtime/goos", "/runtime/goarch"), "earlier-release": ("/previous_tag",)},
)
