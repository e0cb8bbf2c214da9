"""Amazon ECR and ECR Public: ``describe-images``, ``describe-image-tags``, ``batch-get-image`` and ``list-images``.

The answer names account and repository, never the registry's host, so a reference here is ``repository:tag``. ``imagePushedAt`` is when
the image was pushed, not when it was made: seconds since 1970 from version 1 of the command line, ISO 8601 from version 2. It is claimed
where the answer is about one image. Tags move; the digest does not.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.tree import NUMBERS, Node
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code

_DETAILS, _TAGS, _IMAGES, _IDS = "describe-images", "describe-image-tags", "batch-get-image", "list-images"
_WRAPPED = {"imageTagDetails": "imageDetail", "images": "imageId"}
_LISTS = {"imageDetails": _DETAILS, "imageTagDetails": _TAGS, "images": _IMAGES, "imageIds": _IDS}
_PUSHED = "when the image was pushed, not when it was made"


def recognise(head: Head) -> str | None:
    for key, command in _LISTS.items():
        first = head.get(key, 0)
        if isinstance(first, dict) and ("imageDigest" in first or "imageDigest" in (_inner(first) or {})):
            return command
    return None


def _inner(image: dict[str, object]) -> dict[str, object] | None:
    found = image.get("imageId", image.get("imageDetail"))
    return found if isinstance(found, dict) else None


def read(tree: Tree, out: Extract) -> None:
    key = next(key for key in _LISTS if tree.root[key].exists)
    images = list(tree.root.items(key, required=True))
    for image in images:
        _image(image, key, out, alone=len(images) == 1)
    for failure in tree.root.items("failures"):
        code = failure.text("failureCode", required=True)
        out.problem(Code.EVIDENCE_MISSING, f"the registry did not return an image that was asked for: {code}", failure)


def _image(image: Node, key: str, out: Extract, *, alone: bool) -> None:
    inner = image.object(_WRAPPED[key], required=True) if key in _WRAPPED else image
    repository = image.text("repositoryName", required=key in ("imageDetails", "images"))
    digest = inner.text("imageDigest", required=True)
    if key == "imageDetails":
        tags = list(image.items("imageTags"))
    else:
        holder = image if key == "imageTagDetails" else inner
        tags = [holder["imageTag"]] if holder["imageTag"].exists else []
    names = [tag for place in tags if (tag := out.scalar(place)) is not None]
    out.claim("artifact.digest", inner["imageDigest"], subject=repository)
    if repository:
        for place, name in zip(tags, names, strict=False):
            loss = "the repository is taken from beside the tag; the registry's host is not named"
            value = f"{repository}:{name}"
            out.claim("artifact.reference", place, value=value, subject=repository, confidence=Confidence.DERIVED, loss=loss)
    if alone:
        _pushed(inner, out, repository)
    out.row(
        "artifacts",
        image,
        role="registry",
        name=", ".join(names) or None,
        reference=repository,
        digest=digest,
        media_type=inner.text("imageManifestMediaType") or image.text("imageManifestMediaType"),
        size=inner.integer("imageSizeInBytes"),
    )


def _pushed(image: Node, out: Extract, repository: str | None) -> None:
    place = image["imagePushedAt"]
    if type(place.raw) in NUMBERS:
        text = out.scalar(place, accept=NUMBERS) or "0"
        try:
            instant = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=float(text))
        except OverflowError:
            out.drift(place, "seconds since 1970")
            return
        value = instant.isoformat().replace("+00:00", "Z")
        loss = f"{_PUSHED}; seconds since 1970 written as RFC 3339"
        out.claim("produced_at", place, value=value, subject=repository, accept=NUMBERS, confidence=Confidence.DERIVED, loss=loss)
    else:
        out.claim("produced_at", place, subject=repository, loss=_PUSHED)


READER = Reader(
    source="artifact_registry",
    format="ecr-images",
    title="Amazon ECR images",
    reference="AWS CLI, ecr describe-images, batch-get-image and list-images; ecr-public describe-images and describe-image-tags",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    dialects=(_DETAILS, _TAGS, _IMAGES, _IDS),
    drops={
        "account": ("/imageDetails/*/registryId", "/images/*/registryId"),
        # Findings are read from the scan itself; a count is not a finding.
        "scan-summary": ("/imageDetails/*/imageScanStatus/**", "/imageDetails/*/imageScanFindingsSummary/**"),
        "registry-detail": (
            *(f"/imageDetails/*/{key}" for key in ("lastRecordedPullTime", "artifactMediaType", "subjectManifestDigest")),
            *("/imageTagDetails/*/createdAt", "/imageTagDetails/*/imageDetail/artifactMediaType", "/nextToken"),
            *(f"/imageDetails/*/{key}" for key in ("imageStatus", "lastArchivedAt", "lastActivatedAt", "lastInUseAt", "inUseCount")),
        ),
        "failure-detail": ("/failures/*/failureReason", "/failures/*/imageId/**"),
        "embedded-manifest": ("/images/*/imageManifest",),
        "push-time-of-many": ("/imageDetails/*/imagePushedAt", "/imageTagDetails/*/imageDetail/imagePushedAt"),
    },
)
