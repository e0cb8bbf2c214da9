"""``skopeo inspect``: what a registry says of one image.

``Digest`` is of what the reference named, an index where there is one; platform, labels, times and layers are those of one platform that
skopeo chose from it. So the digest has no platform here. An image in a folder or an archive has no ``Name``. ``RepoTags`` are all tags of
the repository, not those of the image.
"""

from __future__ import annotations

from release_staging.evidence import times
from release_staging.evidence.artifact_registry.image_annotations import PREFIX, claim_identity, drops
from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree


def recognise(head: Head) -> str | None:
    return "" if head.has("Digest", "RepoTags", "Layers", "Architecture") else None


def read(tree: Tree, out: Extract) -> None:
    image = tree.root
    name, digest = image.text("Name"), image.text("Digest", required=True)
    labels = image.object("Labels")
    out.claim("artifact.digest", image["Digest"], subject=name)
    claim_identity(labels, out, inheritable=True)
    times.claim("produced_at", image["Created"], out)
    out.row("artifacts", image, role="registry", reference=name, digest=digest)
    out.row(
        "artifacts",
        image,
        role="platform",
        name=labels.text(f"{PREFIX}title"),
        parent_digest=digest,
        platform="/".join(part for key in ("Os", "Architecture", "Variant") if (part := image.text(key))) or None,
        version=labels.text(f"{PREFIX}version"),
    )
    for layer in image.items("Layers", required=True):
        out.row("artifacts", layer, role="layer", digest=out.scalar(layer, required=True), parent_digest=digest)


READER = Reader(
    source="artifact_registry",
    format="skopeo-inspect",
    title="skopeo inspect output",
    reference="skopeo-inspect(1)",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    revision=2,
    drops={
        **drops("/Labels"),
        "tags-of-repository": ("/RepoTags", "/RepoTags/*"),
        "layer-detail": ("/LayersData/**",),
        "process-configuration": ("/Env", "/Env/*", "/DockerVersion"),
    },
)
