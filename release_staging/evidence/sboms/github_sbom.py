"""The SBOM of a repository as GitHub's API gives it: an SPDX 2.3 document in JSON, wrapped in ``{"sbom": ...}``.

It is of the default branch at the time of the request, whatever was released: the version of the repository is that branch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.sboms.spdx_json import DROPS, SUMMARISES, read_document


def recognise(head: Head) -> str | None:
    version = head.text("sbom", "spdxVersion")
    return version.removeprefix("SPDX-") if version.startswith("SPDX-") and head.text("sbom", "SPDXID") else None


def read(tree: Tree, out: Extract) -> None:
    read_document(tree.root.object("sbom", required=True), out)


def _wrapped(rules: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    return {rule: tuple(f"/sbom{pattern}" for pattern in patterns) for rule, patterns in rules.items()}


READER = Reader(
    source="sboms",
    format="github-sbom",
    title="GitHub SBOM export (API)",
    reference="GitHub REST API 2022-11-28, dependency graph, export an SBOM; SPDX 2.3",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    versions=("2.3",),
    drops=_wrapped(DROPS),
    summarises=_wrapped(SUMMARISES),
)
