"""CNAB bundle descriptor (``bundle.json``, CNAB Core 1.x): the images a bundle installs, and those that install it.

``contentDigest`` is of the image's manifest; the subject of its claim is the image's reference. Some writers leave it out.
Defaults of parameters and names of credentials are configuration and never read.
"""

from __future__ import annotations

from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.tree import Node


def recognise(head: Head) -> str | None:
    return head.text("schemaVersion").removeprefix("v") if head.has("invocationImages", "schemaVersion", "name", "version") else None


def read(tree: Tree, out: Extract) -> None:
    bundle = tree.root
    bundle.text("schemaVersion", required=True)
    name = bundle.text("name", required=True)
    out.claim("service.name", bundle["name"], subject=name)
    out.claim("candidate.version", bundle["version"], subject=name, required=True)
    for image in bundle.items("invocationImages", required=True):
        _image(image, "invocation-image", out)
    for label, image in bundle.entries("images"):
        _image(image, label, out)


def _image(image: Node, name: str, out: Extract) -> None:
    reference = image.text("image", required=True)
    out.claim("artifact.reference", image["image"], subject=name)
    out.claim("artifact.digest", image["contentDigest"], subject=reference)
    out.row(
        "artifacts",
        image,
        role="declared",
        name=name,
        kind=image.text("imageType"),
        reference=reference,
        digest=image.text("contentDigest"),
        media_type=image.text("mediaType"),
        size=image.integer("size"),
    )


READER = Reader(
    source="release_manifest",
    format="cnab-bundle",
    title="CNAB bundle descriptor",
    reference="CNAB Core 1.2, 101 bundle.json",
    encodings=(JSON,),
    media_type="application/vnd.cnab.bundle.v1+json",
    recognise=recognise,
    read=read,
    versions=("1.0.0", "1.0.1", "1.1.0", "1.2.0"),
    drops={
        "description": ("/description", "/keywords/**", "/license", "/images/*/description", "/invocationImages/*/description"),
        "account-detail": ("/maintainers/**",),
        "bundle-configuration": ("/parameters/**", "/credentials/**", "/definitions/**", "/outputs/**", "/actions/**"),
        "bundle-extension": ("/custom/**", "/requiredExtensions/**"),
        "image-detail": ("/images/*/labels/**", "/invocationImages/*/labels/**", "/images/*/refs/**"),
    },
)
