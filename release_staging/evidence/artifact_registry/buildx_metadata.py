"""The metadata file of ``docker buildx build`` (``--metadata-file``, what docker/build-push-action gives as ``metadata``), or that of
``docker buildx bake``, with one such object for each target.

``containerimage.digest`` is of the manifest or index that was built; ``image.name`` holds what it was tagged, with commas between. That
it was pushed nothing says. The provenance that may stand with it is unsigned, and not read.
"""

from __future__ import annotations

from collections.abc import Iterator

from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.tree import Node
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code

_DIGEST, _NAME, _DESCRIPTOR = "containerimage.digest", "image.name", "containerimage.descriptor"
_CONFIG = "containerimage.config.digest"


def recognise(head: Head) -> str | None:
    root = head.root
    builds = [root] if head.has(_DIGEST) else root.values() if isinstance(root, dict) else []
    return "" if any(isinstance(build, dict) and _DIGEST in build for build in builds) else None


def read(tree: Tree, out: Extract) -> None:
    for build in _builds(tree.root):
        _read_build(build, out)


def _builds(root: Node) -> Iterator[Node]:
    """The build, or those of the targets of Bake; warnings stand beside these."""
    if root[_DIGEST].exists:
        yield root
        return
    for target in root.raw:
        if not target.startswith("buildx."):
            yield root.object(target, required=True)


def _read_build(build: Node, out: Extract) -> None:
    digest = build.text(_DIGEST, required=True)
    names = [name for part in (build.text(_NAME) or "").split(",") if (name := part.strip())]
    for name in names:
        cut = "one of several names" if len(names) > 1 else None
        out.claim("artifact.reference", build[_NAME], value=name, confidence=Confidence.DERIVED if cut else Confidence.EXACT, loss=cut)
    subject = names[0] if names else None
    out.claim("artifact.digest", build[_DIGEST], subject=subject)
    descriptor = build.object(_DESCRIPTOR)
    described = descriptor.text("digest", required=type(descriptor.raw) is dict)
    if digest and described not in (None, digest):
        message = "the descriptor is of another image than the one that was built"
        out.problem(Code.CONTRADICTION, message, descriptor["digest"], expected=digest, found=described)
    out.row(
        "artifacts",
        build,
        role="registry",
        reference=subject,
        digest=digest,
        media_type=descriptor.text("mediaType"),
        size=descriptor.integer("size"),
    )
    if build[_CONFIG].exists:
        out.row("artifacts", build[_CONFIG], role="config", digest=build.text(_CONFIG), parent_digest=digest)


READER = Reader(
    source="artifact_registry",
    format="buildx-metadata",
    title="Docker Buildx metadata file",
    reference="docker/buildx, docs/reference/buildx_build.md and buildx_bake.md, --metadata-file",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    drops={
        rule: tuple(start + pattern for start in ("", "/*") for pattern in patterns)
        for rule, patterns in {
            "build-detail": ("/buildx.build.provenance*/**", "/buildx.build.ref", "/buildx.build.warnings/**"),
            "annotations": (f"/{_DESCRIPTOR}/annotations/**", f"/{_DESCRIPTOR}/platform/**"),
            "cache": ("/cache.manifest/**",),
        }.items()
    },
)
