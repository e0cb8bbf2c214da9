"""``docker image inspect`` (also Podman's): what a container engine holds of an image, an array with one element an image.

``RepoDigests`` are digests of manifests or indexes, and empty until the image was pushed or pulled. ``Id`` is the digest of the image
config, except with the containerd store, where it is that of the manifest or index: ``Descriptor`` then says so, or a repository
digest is the same. Labels are inherited from the base image (``image_annotations``); the environment is never read.
"""

from __future__ import annotations

from release_staging.evidence import times
from release_staging.evidence.artifact_registry.image_annotations import PREFIX, claim_identity, drops
from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.tree import Node


def recognise(head: Head) -> str | None:
    first = head.get(0) if isinstance(head.root, list) else head.root
    return "" if isinstance(first, dict) and {"Id", "RepoTags", "RepoDigests"} <= first.keys() else None


def read(tree: Tree, out: Extract) -> None:
    images = list(tree.root.items()) if isinstance(tree.root.raw, list) else [tree.root]
    for image in images:
        _image(image, out)
        if len(images) == 1:  # labels of several images are of several versions
            labels = image.object("Config").object("Labels")
            claim_identity(labels, out, inheritable=True)
            times.claim("produced_at", image["Created"], out)


def _image(image: Node, out: Extract) -> None:
    tags = list(image.items("RepoTags", required=True))
    name = (out.scalar(tags[0]) if tags else None) or None
    for tag in tags:
        out.claim("artifact.reference", tag)
    manifests = []
    for place in image.items("RepoDigests", required=True):
        reference, at, digest = (out.scalar(place, required=True) or "").rpartition("@")
        if at:
            manifests.append(digest)
            out.claim("artifact.digest", place, value=digest, subject=reference)
            out.row("artifacts", place, role="registry", reference=f"{reference}@{digest}", digest=digest)
        else:
            out.drift(place, "a reference with a digest")
    identifier = image.text("Id", required=True)
    if identifier is None:
        return
    digest = identifier if ":" in identifier else f"sha256:{identifier}"  # Podman writes bare hexadecimal
    descriptor = image.object("Descriptor")
    of_manifest = digest in (*manifests, descriptor.text("digest"))
    what = "image" if of_manifest else "image config"
    out.claim("artifact.digest", image["Id"], value=digest, subject=f"{what} of {name}" if name else what)
    out.row(
        "artifacts",
        image,
        role="registry" if of_manifest else "config",
        name=name,
        digest=digest,
        # Of several digests none is told to be the one that lists this config.
        parent_digest=manifests[0] if len(set(manifests)) == 1 and not of_manifest else None,
        media_type=descriptor.text("mediaType"),
        platform=_platform(image),
        size=image.integer("Size"),
        version=image.object("Config").object("Labels").text(f"{PREFIX}version"),
    )


def _platform(image: Node) -> str | None:
    return "/".join(part for key in ("Os", "Architecture", "Variant") if (part := image.text(key))) or None


def _of_image(*patterns: str) -> tuple[str, ...]:
    return tuple(f"{prefix}/{pattern}" for prefix in ("", "/*") for pattern in patterns)


_PROCESS = (
    *("Cmd", "Entrypoint", "Env", "ExposedPorts", "Volumes", "WorkingDir", "User", "StopSignal", "Shell", "Healthcheck", "OnBuild"),
    *("ArgsEscaped", "AttachStderr", "AttachStdin", "AttachStdout", "Domainname", "Hostname", "Image", "OpenStdin", "StdinOnce", "Tty"),
)

READER = Reader(
    source="artifact_registry",
    format="docker-image-inspect",
    title="docker image inspect output",
    reference="Docker Engine API 1.51, GET /images/{name}/json; Podman image inspect",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    drops={
        **drops("/Config/Labels", "/*/Config/Labels"),
        "process-configuration": _of_image(*(f"Config/{key}/**" for key in _PROCESS), "User", "HealthCheck/**"),
        "build-container": _of_image("Container", "ContainerConfig/**", "DockerVersion", "Parent", "Comment"),
        "account-detail": _of_image("Author"),
        "layer-storage": _of_image("GraphDriver/**", "RootFS/**", "VirtualSize", "Metadata/**"),
        "descriptor-detail": _of_image("Descriptor/size", "Descriptor/annotations/**", "Descriptor/platform/**", "OsVersion"),
        "engine-detail": _of_image("Manifests/**", "Identity/**", "NamesHistory/**", "History/**", "Annotations/**", "ManifestType"),
        # Podman repeats the labels at the root, and the digest of one manifest that RepoDigests holds too.
        "repeated": _of_image("Labels/**", "Digest"),
    },
)
