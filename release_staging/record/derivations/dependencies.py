"""What changed in the bill of materials against that of the release before.

The descriptor says which documents are of the release before (``baseline: true``); where it names none, an earlier staged record
brings its own. Packages are told apart by purl without version, or by name; each flag's evidence is the packages that show it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from packaging.version import InvalidVersion, Version

from release_staging.model.exceptions import Evidence
from release_staging.record.derivations.derivation import DERIVED, derivation
from release_staging.record.provenance import MOST_EVIDENCE, Located
from release_staging.record.view import Document, PacketView

Row = dict[str, Any]

_IDENTITY = ("candidate.version", "baseline.version", "artifact.digest", "artifact.reference", "service.name")


@dataclass
class Package:
    """A package in all its versions: several of one package can stand in one bill of materials."""

    rows: list[Row] = field(default_factory=list)

    def said(self, column: str) -> set[str]:
        return {row[column] for row in self.rows if row[column]}


Packages = dict[str, Package]


@derivation("dependencies.baseline")
def baseline_version(view: PacketView) -> Located | None:
    """The version compared with; null where there is no bill of materials of the release before."""
    claims = view.claimed("baseline.version", "sboms")
    return Located(claims[0].normal, tuple(claim.evidence for claim in claims), claims[0].confidence) if claims else None


@derivation("dependencies.added")
def added(view: PacketView) -> Located | None:
    return _flag(view, lambda before, after: _rows(after, after.keys() - before.keys()), "packages not in the baseline")


@derivation("dependencies.removed")
def removed(view: PacketView) -> Located | None:
    return _flag(view, lambda before, after: _rows(before, before.keys() - after.keys()), "packages only in the baseline")


@derivation("dependencies.major_version")
def major_version(view: PacketView) -> Located | None:
    return _flag(view, lambda before, after: _changed(before, after, _majors), "major versions compared")


@derivation("dependencies.licence")
def licence(view: PacketView) -> Located | None:
    """A licence that only one side states is not compared: a tool that says nothing of licences changes none."""
    return _flag(
        view, lambda before, after: _changed(before, after, lambda package: package.said("licence_normal")), "stated licences compared"
    )


@derivation("dependencies.newly_vulnerable")
def newly_vulnerable(view: PacketView) -> Located | None:
    """Findings, not suppressed, that the scan of the release before does not have.

    Without such a scan: findings in packages of the bill of materials that are new or of another version than before. Null where
    neither can be told.
    """
    scans = view.of_source("vulnerability_scans")
    rows = view.rows("vulnerabilities", {"document": [document.sha256 for document in scans]})  # not what a bill of materials says
    findings = [row for row in rows if row["kind"] == "vulnerability" and not row["suppressed"]]
    scanned = view.of_source("vulnerability_scans", baseline=True)
    if scans and scanned:
        known = {_finding(row) for row in view.rows("vulnerabilities", {"document": [document.sha256 for document in scanned]})}
        fresh = [row for row in findings if _finding(row) not in known]
        return _located(view, fresh, [*scans, *scanned], "findings not in the scan of the baseline")
    sides = _compared(view)
    if not scans or sides is None:
        return None
    before, after, documents = sides
    fresh = [row for row in findings if row["version"] in _versions(after, row) - _versions(before, row)]
    return _located(view, fresh, [*scans, *documents], "findings in packages that are new or of another version than in the baseline")


def _flag(view: PacketView, showing: Callable[[Packages, Packages], Iterable[Row]], rule: str) -> Located | None:
    sides = _compared(view)
    if sides is None:
        return None
    before, after, documents = sides
    return _located(view, list(showing(before, after)), documents, rule)


def _located(view: PacketView, rows: list[Row], documents: list[Document], rule: str) -> Located:
    """True where some row shows it, with those rows; else false, with what was compared."""
    places = tuple(view.documents[row["document"]].at(row["locator"]) for row in rows)
    evidence: tuple[Evidence, ...] = places or tuple(document.at() for document in documents)
    loss = f"{len(rows)} of them; {MOST_EVIDENCE} are located" if len(rows) > MOST_EVIDENCE else None
    return Located(bool(rows), evidence, DERIVED, rule, loss)


def _compared(view: PacketView) -> tuple[Packages, Packages, list[Document]] | None:
    """The packages before and after, and the documents they stand in: those of formats that both have, where there are such."""
    before, after = view.of_source("sboms", baseline=True), view.of_source("sboms")
    if not before or not after:
        return None
    shared = set(map(_family, before)) & set(map(_family, after))
    if shared:
        before, after = ([document for document in side if _family(document) in shared] for side in (before, after))
    return _packages(view, before), _packages(view, after), [*before, *after]


def _family(document: Document) -> str:
    return (document.format or "").partition("-")[0].partition("@")[0]


def _packages(view: PacketView, documents: list[Document]) -> Packages:
    found: Packages = defaultdict(Package)
    described = _described(view)
    for row in view.rows("packages", {"document": [document.sha256 for document in documents]}):
        if (row["document"], row["locator"]) in described:
            continue
        found[_key(row["purl_normal"], row["name"])].rows.append(row)
    return dict(found)


def _described(view: PacketView) -> set[tuple[str, str]]:
    """Where the elements stand that a bill of materials is of: some formats list them among the packages, and they depend on nobody.

    They are those of which it says who the candidate (or the release before) is.
    """
    claims = [claim for field in _IDENTITY for claim in view.claimed(field, "sboms")]
    return {(claim.document, claim.locator[:end]) for claim in claims for end, sign in enumerate(claim.locator) if sign == "/"}


def _key(purl: str | None, name: str | None) -> str:
    """A purl without version, qualifiers and subpath; without a purl the name."""
    bare = (purl or "").partition("#")[0].partition("?")[0]
    path, _, last = bare.rpartition("/")
    return f"{path}/{last.partition('@')[0]}" if bare else name or ""


def _rows(packages: Packages, keys: Iterable[str]) -> Iterator[Row]:
    for key in sorted(keys):
        yield from packages[key].rows


def _changed(before: Packages, after: Packages, said: Callable[[Package], set[str]]) -> Iterator[Row]:
    for key in sorted(before.keys() & after.keys()):
        old, new = said(before[key]), said(after[key])
        if old and new - old:
            yield from after[key].rows


def _majors(package: Package) -> set[str]:
    return {_major(version) for version in package.said("version")}


def _major(version: str) -> str:
    try:
        return str(Version(version).major)
    except InvalidVersion:
        return version.removeprefix("v").partition(".")[0]


def _versions(packages: Packages, finding: Row) -> set[str]:
    return packages.get(_key(finding["purl_normal"], finding["package"]), Package()).said("version")


def _finding(row: Row) -> tuple[str | None, str]:
    return row["id_normal"], _key(row["purl_normal"], row["package"])
