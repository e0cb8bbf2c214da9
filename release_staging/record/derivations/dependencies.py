"""What changed in the bill of materials against the baseline's, where the packet holds both.

The descriptor says which bill of materials is the baseline's (``baseline: true``); nothing else it says is of the candidate.
"""

from __future__ import annotations

from typing import Any

from packaging.version import InvalidVersion, Version

from release_staging.record.derivations.derivation import DERIVED, derivation
from release_staging.record.provenance import Located
from release_staging.record.view import Document, PacketView

Packages = dict[str, dict[str, Any]]


@derivation("dependencies.baseline")
def baseline_version(view: PacketView) -> Located | None:
    """The version compared with; null where there is no bill of materials of the baseline."""
    claims = view.claimed("baseline.version", "sboms")
    return Located(claims[0].normal, tuple(claim.evidence for claim in claims), claims[0].confidence) if claims else None


@derivation("dependencies.added")
def added(view: PacketView) -> Located | None:
    return _flag(view, lambda before, after: bool(after.keys() - before.keys()), "packages not in the baseline")


@derivation("dependencies.removed")
def removed(view: PacketView) -> Located | None:
    return _flag(view, lambda before, after: bool(before.keys() - after.keys()), "packages only in the baseline")


@derivation("dependencies.major_version")
def major_version(view: PacketView) -> Located | None:
    return _flag(
        view,
        lambda before, after: any(
            _major(before[name]["version"]) != _major(after[name]["version"]) for name in before.keys() & after.keys()
        ),
        "major versions compared",
    )


@derivation("dependencies.licence")
def licence(view: PacketView) -> Located | None:
    return _flag(
        view,
        lambda before, after: any(before[name]["licence"] != after[name]["licence"] for name in before.keys() & after.keys()),
        "licences compared",
    )


def _flag(view: PacketView, differs: Any, rule: str) -> Located | None:
    before, after = view.of_source("sboms", baseline=True), view.of_source("sboms")
    if not before or not after:
        return None
    return Located(
        differs(_packages(view, before), _packages(view, after)), tuple(document.at() for document in (*before, *after)), DERIVED, rule
    )


def _packages(view: PacketView, documents: list[Document]) -> Packages:
    wanted = [document.sha256 for document in documents]
    return {(row["purl"] or "").partition("@")[0] or row["name"]: row for row in view.rows("packages", {"document": wanted})}


def _major(version: str | None) -> str:
    try:
        return str(Version(version or "").major)
    except InvalidVersion:
        return (version or "").partition(".")[0]
