"""An image as registries hold and describe it: index, manifests and configs (OCI image-spec), skopeo, docker, Amazon ECR."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import Any

from release_staging.evaluation.documents import Written, compact_json_document, fine, json_document, z
from release_staging.evaluation.worlds import World

_TITLE = "org.opencontainers.image."
_INDEX = "application/vnd.oci.image.index.v1+json"
_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
_CONFIG = "application/vnd.oci.image.config.v1+json"
_LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
_SOURCE = "artifact_registry"


@dataclass(frozen=True)
class Image:
    """The candidate's image. ``digest`` is what is declared and deployed: of the index, or of the one manifest."""

    documents: tuple[Written, ...]
    digest: str
    media_type: str
    manifest: str  # digest of the (first) manifest
    config: str  # and of its config, which docker and Trivy call the image's id

    @property
    def hex(self) -> str:
        return self.digest.removeprefix("sha256:")


@cache
def image(world: World) -> Image:
    """The candidate's image, its documents exactly those whose digests it has."""
    found: list[Written] = []
    listed: list[dict[str, Any]] = []
    configs = []
    for machine in ("amd64", "arm64") if world.multi_platform else ("amd64",):
        config = _config(world, machine)
        manifest = _manifest(world, machine, config)
        found += [config, manifest]
        configs.append(_digest(config))
        listed.append(_descriptor(_MANIFEST, manifest) | {"platform": {"architecture": machine, "os": "linux"}})
    first = listed[0]["digest"]
    if not world.multi_platform:
        return Image(tuple(found), first, _MANIFEST, first, configs[0])
    tree = {"schemaVersion": 2, "mediaType": _INDEX, "manifests": listed, "annotations": _labels(world)}
    index = json_document(world.path("registry", "index.json"), _SOURCE, "oci-image-index", tree, **_annotated("/annotations"))
    return Image((index, *found), _digest(index), _INDEX, first, configs[0])


def skopeo_inspect(world: World) -> Written:
    """``skopeo inspect docker://…``: of an index it shows one platform's config, under the digest of the index."""
    made = image(world)
    layers = [world.digest(f"layer {number}") for number in range(2)]
    tree = {
        "Name": world.image,
        "Digest": made.digest,
        "RepoTags": [world.previous.text, world.version.text],
        "Created": fine(world.built, 9),
        "DockerVersion": "",
        "Labels": _labels(world),
        "Architecture": "amd64",
        "Os": "linux",
        "Layers": layers,
        "LayersData": [{"MIMEType": _LAYER, "Digest": layer, "Size": 28231045, "Annotations": None} for layer in layers],
        "Env": ["PATH=/usr/local/bin:/usr/bin:/bin"],
    }
    facts = _annotated("/Labels") | {"time": ("/Created",)}
    return json_document(world.path("registry", "skopeo.json"), _SOURCE, "skopeo-inspect", tree, digest="/Digest", **facts)


def docker_image_inspect(world: World) -> Written:
    """``docker image inspect`` after a push: the repository digest, and as ``Id`` that of the config."""
    made = image(world)
    tree = [
        {
            "Id": made.config,
            "RepoTags": [f"{world.image}:{world.version.text}"],
            "RepoDigests": [f"{world.image}@{made.digest}"],
            "Parent": "",
            "Comment": "buildkit.dockerfile.v0",
            "Created": fine(world.built, 9),
            "DockerVersion": "",
            "Author": "",
            "Config": {"User": "10001", "Env": ["PATH=/usr/bin:/bin"], "Cmd": None, "WorkingDir": "/srv", "Labels": _labels(world)},
            "Architecture": "amd64",
            "Os": "linux",
            "Size": 48318255,
            "GraphDriver": {"Data": None, "Name": "overlay2"},
            "RootFS": {"Type": "layers", "Layers": [world.digest("diff 0"), world.digest("diff 1")]},
            "Metadata": {"LastTagTime": z(world.built)},
        }
    ]
    facts = _annotated("/0/Config/Labels") | {"time": ("/0/Created",)}
    return json_document(world.path("registry", "inspect.json"), _SOURCE, "docker-image-inspect", tree, digest="/0/RepoDigests/0", **facts)


def ecr_describe_images(world: World) -> Written:
    """``aws ecr describe-images``, with the seconds since 1970 of version 1 of the CLI."""
    made = image(world)
    detail = {
        "registryId": "123456789012",
        "repositoryName": world.image.partition("/")[2],
        "imageDigest": made.digest,
        "imageTags": [world.version.text],
        "imageSizeInBytes": 48318255,
        "imagePushedAt": world.built.timestamp(),
        "imageManifestMediaType": made.media_type,
        "artifactMediaType": _CONFIG,
    }
    return json_document(
        world.path("registry", "ecr.json"),
        _SOURCE,
        "ecr-images",
        {"imageDetails": [detail]},
        digest="/imageDetails/0/imageDigest",
    )


def _config(world: World, machine: str) -> Written:
    """The config of one platform; its layers differ from those of the other."""
    tree = {
        "architecture": machine,
        "os": "linux",
        "created": z(world.built),
        "config": {
            "User": "10001",
            "ExposedPorts": {"8080/tcp": {}},
            "Env": ["PATH=/usr/local/bin:/usr/bin:/bin"],
            "Entrypoint": [f"/usr/bin/{world.service.name}"],
            "WorkingDir": "/srv",
            "Labels": _labels(world),
        },
        "rootfs": {"type": "layers", "diff_ids": [world.digest(f"{machine} diff {number}") for number in range(2)]},
        "history": [{"created": z(world.built), "created_by": "COPY /out /usr/bin # buildkit", "comment": "buildkit.dockerfile.v0"}],
    }
    facts = _annotated("/config/Labels") | {"time": ("/created",)}
    path = world.path("registry", f"config-{machine}.json")
    return compact_json_document(path, _SOURCE, "oci-image-config", tree, **facts)


def _manifest(world: World, machine: str, config: Written) -> Written:
    layers = [
        {
            "mediaType": _LAYER,
            "digest": world.digest(f"{machine} layer {number}"),
            "size": world.number(f"{machine} {number}", 10**6, 10**8),
        }
        for number in range(2)
    ]
    tree = {
        "schemaVersion": 2,
        "mediaType": _MANIFEST,
        "config": _descriptor(_CONFIG, config),
        "layers": layers,
        "annotations": _labels(world),
    }
    path = world.path("registry", f"manifest-{machine}.json")
    return json_document(path, _SOURCE, "oci-image-manifest", tree, **_annotated("/annotations"))


def _labels(world: World) -> dict[str, str]:
    return {
        f"{_TITLE}created": z(world.built),
        f"{_TITLE}revision": world.commit,
        f"{_TITLE}source": world.service.repository,
        f"{_TITLE}version": world.version.text,
    }


def _annotated(above: str) -> dict[str, tuple[str, ...]]:
    """Where the facts of annotations and labels stand."""
    names = {"time": "created", "commit": "revision", "repository": "source", "version": "version"}
    return {fact: (f"{above}/{_TITLE}{name}",) for fact, name in names.items()}


def _descriptor(media_type: str, document: Written) -> dict[str, Any]:
    return {"mediaType": media_type, "digest": _digest(document), "size": len(document.data)}


def _digest(document: Written) -> str:
    return "sha256:" + hashlib.sha256(document.data).hexdigest()
