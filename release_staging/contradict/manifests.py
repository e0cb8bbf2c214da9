"""Image manifests that nothing declared lists: a registry's document of another image."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from release_staging.contradict.candidate import Candidate

Row = Mapping[str, Any]

_INDEXES = ("application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json")
_CONFIGS = ("application/vnd.oci.image.config.v1+json", "application/vnd.docker.container.image.v1+json")
_LAYERS = (".image.layer.", ".image.rootfs.")
_IMAGE = "oci-image"
_PARTS = {"config", "layer"}


def unlisted(rows: Iterable[Row], candidate: Candidate) -> Iterator[Row]:
    """The rows of image manifests that are not of the candidate, where all that it is made of is known.

    It is not known while an index of it is not in the packet: that may list anything. A manifest of something else than an image
    (a chart, a signature) is none, and what names its subject is attached to it, not a part.
    """
    of_document: dict[str, list[Row]] = defaultdict(list)
    of_digest: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        of_document[row["document"]].append(row)
        of_digest[row["digest"]].append(row)
    if any(digest not in of_document and _may_list(of_digest[digest]) for digest in candidate.digests):
        return
    for said in of_document.values():
        whole = next((row for row in said if row["role"] == "registry" and row["digest"] == row["document"]), None)
        if whole is not None and _of_an_image(said) and candidate.comparable(whole["digest"]) and not candidate.has_digest(whole["digest"]):
            yield whole


def _may_list(said: list[Row]) -> bool:
    """Whether a digest may be of an index, by the rows that name it."""
    if not _PARTS.isdisjoint(row["role"] for row in said):
        return False
    types = {row["media_type"] for row in said if row["media_type"]}
    kinds = {row["artifact_type"] for row in said if row["artifact_type"]}
    return not types.isdisjoint(_INDEXES) or (not types and (not kinds or _IMAGE in kinds))


def _of_an_image(said: list[Row]) -> bool:
    """Whether these are the rows of the manifest of an image: by what its config and all of its layers are."""
    types: dict[str, list[str]] = defaultdict(list)
    for row in said:
        types[row["role"]].append(row["media_type"] or "")
    layers = types["layer"]
    runs = bool(layers) and all(any(mark in layer for mark in _LAYERS) for layer in layers)
    return runs and "subject" not in types and any(config in _CONFIGS for config in types["config"])
