"""The pre-defined annotation keys of the OCI image specification (annotations.md), on an index, a manifest or a config's labels."""

from __future__ import annotations

import re

from release_staging.evidence.extract import Extract
from release_staging.evidence.tree import Node
from release_staging.model.confidence import Confidence

PREFIX = "org.opencontainers.image."

_GIT_OBJECT = re.compile(r"(?:[^@]*@)?sha(?:1|256):([0-9a-f]{40,64})\Z")
_DESCRIPTIVE = ("authors", "url", "documentation", "vendor", "licenses", "title", "description", "ref.name", "created")


def drops(*paths: str) -> dict[str, tuple[str, ...]]:
    """Ledger rules for the keys below these paths that are left out on purpose."""
    keys = {
        "image-description": tuple(PREFIX + key for key in _DESCRIPTIVE),
        "base-image": (f"{PREFIX}base.name", f"{PREFIX}base.digest"),
        "build-tool-label": ("com.docker.*", "io.buildah.*", "org.label-schema.*"),
    }
    return {rule: tuple(f"{path}/{key}" for path in paths for key in left_out) for rule, left_out in keys.items()}


def claim_identity(annotations: Node, out: Extract, *, inheritable: bool = False) -> None:
    """Version, commit and repository, where the annotations say them.

    ``inheritable`` holds for the labels of a config, which an image takes over from its base image: a version or source without
    a revision beside it may be the base image's (what is built on Ubuntu 22.04 is labelled ``22.04``), and is claimed with low confidence.
    """
    doubtful = inheritable and not annotations[f"{PREFIX}revision"].raw
    confidence = Confidence.LOW if doubtful else Confidence.EXACT
    loss = "a label without a revision beside it may be inherited from the base image" if doubtful else None
    for field, key in (("candidate.version", "version"), ("repository.url", "source")):
        out.claim(field, annotations[PREFIX + key], confidence=confidence, loss=loss)
    _claim_commit(annotations, out)


def _claim_commit(annotations: Node, out: Extract) -> None:
    """Flux writes ``sha1:<id>`` and ``<branch>@sha1:<id>``; others the bare id."""
    found = _GIT_OBJECT.match(annotations.text(f"{PREFIX}revision") or "")
    out.claim(
        "candidate.commit",
        annotations[f"{PREFIX}revision"],
        value=found[1] if found else None,
        confidence=Confidence.DERIVED if found else Confidence.EXACT,
        loss="the name of the object's algorithm, and of its branch, is cut off" if found else None,
    )
