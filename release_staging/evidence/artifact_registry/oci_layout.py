"""The ``oci-layout`` file of an OCI image layout (image-spec 1.1, image-layout.md): says that its folder is one, and nothing else."""

from __future__ import annotations

from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree


def recognise(head: Head) -> str | None:
    return head.text("imageLayoutVersion") if head.has("imageLayoutVersion") else None


def read(tree: Tree, out: Extract) -> None:
    version = tree.root.text("imageLayoutVersion", required=True)
    out.row("artifacts", tree.root, role="registry", kind="oci-layout", version=version)


READER = Reader(
    source="artifact_registry",
    format="oci-layout",
    title="OCI image layout marker",
    reference="OCI image-spec 1.1, image-layout.md",
    encodings=(JSON,),
    media_type="application/vnd.oci.layout.header.v1+json",
    recognise=recognise,
    read=read,
    versions=("1.0.0",),
)
