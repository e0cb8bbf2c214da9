"""OCI image configuration (image-spec 1.1, config.md), also as Docker writes it: platform, labels and history of one image.

The digest of the document is the image id that Docker and the scanners report. Environment, command and history are never copied: they
hold values of build arguments. Labels are inherited from the base image, and ``created`` is the zero of a clock where the build is
reproducible (``image_annotations``).
"""

from __future__ import annotations

from release_staging.evidence import times
from release_staging.evidence.artifact_registry.image_annotations import PREFIX, claim_identity, drops
from release_staging.evidence.artifact_registry.oci_image_index import platform
from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree


def recognise(head: Head) -> str | None:
    return "" if head.has("architecture", "os", "rootfs") and isinstance(head.get("rootfs", "diff_ids"), list | None) else None


def read(tree: Tree, out: Extract) -> None:
    image = tree.root
    labels = image.object("config").object("Labels")
    out.row(
        "artifacts",
        image,
        role="config",
        name=labels.text(f"{PREFIX}title"),
        digest=out.digest,
        platform=platform(image),
        version=labels.text(f"{PREFIX}version"),
    )
    claim_identity(labels, out, inheritable=True)
    times.claim("produced_at", image["created"], out)
    # That there are layers is all that is read of them: these digests are of unpacked content, which no other evidence names.
    list(image.object("rootfs", required=True).items("diff_ids", required=True))


_PROCESS = (
    *("Cmd/*", "Entrypoint/*", "Env/*", "ExposedPorts/*", "Volumes/*", "WorkingDir", "User", "StopSignal", "Shell/*", "Healthcheck/**"),
    *("Cmd", "Entrypoint", "Env", "ExposedPorts", "Volumes", "OnBuild", "OnBuild/*", "ArgsEscaped", "AttachStderr", "AttachStdin"),
    *("AttachStdout", "Domainname", "Hostname", "Image", "MacAddress", "NetworkDisabled", "OpenStdin", "StdinOnce", "Tty"),
)

READER = Reader(
    source="artifact_registry",
    format="oci-image-config",
    title="OCI image configuration",
    reference="OCI image-spec 1.1, config.md",
    encodings=(JSON,),
    media_type="application/vnd.oci.image.config.v1+json",
    recognise=recognise,
    read=read,
    drops={
        **drops("/config/Labels"),
        "account-detail": ("/author", "/history/*/author"),
        "process-configuration": tuple(f"/config/{key}" for key in _PROCESS),
        "build-container": ("/container", "/container_config/**", "/docker_version", "/moby.buildkit.*"),
        "build-history": tuple(f"/history/*/{key}" for key in ("created", "created_by", "comment", "empty_layer")),
    },
    summarises={"unpacked-layers": ("/rootfs/type", "/rootfs/diff_ids/*")},
)
