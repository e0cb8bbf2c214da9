"""OCI tags list (distribution-spec 1.1, ``GET /v2/<name>/tags/list``): every tag of a repository, without the images behind them."""

from __future__ import annotations

from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree


def recognise(head: Head) -> str | None:
    if not head.has("name", "tags") or len(head.root) != 2 or not isinstance(head.get("tags"), list):
        return None
    return "" if head.text("name") and all(isinstance(tag, str) for tag in head.first("tags")) else None


def read(tree: Tree, out: Extract) -> None:
    name = tree.root.text("name", required=True)
    for place in tree.root.items("tags", required=True):
        tag = out.scalar(place, required=True)
        out.row("artifacts", place, role="registry", name=tag, reference=f"{name}:{tag}" if name and tag else None)


READER = Reader(
    source="artifact_registry",
    format="oci-tags-list",
    title="OCI tags list",
    reference="OCI distribution-spec 1.1, Listing tags",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
)
