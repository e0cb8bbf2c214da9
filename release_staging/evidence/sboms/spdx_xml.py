"""SPDX 2.2 and 2.3 documents in XML: the members of the JSON form as elements, a list as its member again and again.

Packages are rows as they end. Which of them the document describes may stand after them, so the places of what each would claim are
kept until the end. ``NONE`` and ``NOASSERTION`` say nothing, as in JSON. Of files and snippets only the ids are read.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from release_staging.evidence.elements import XmlNode, XmlValue
from release_staging.evidence.reader import XML, Extract, Head, Reader, XmlDocument
from release_staging.evidence.sboms.component import claim_image, claim_version, digest_of, preferred
from release_staging.evidence.sboms.spdx_json import DROPS, NOTHING, SOURCE, SUMMARISES, TOOL
from release_staging.evidence.xml_text import child, text
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code

_DESCRIBES = {"DESCRIBES": ("spdxElementId", "relatedSpdxElement"), "DESCRIBED_BY": ("relatedSpdxElement", "spdxElementId")}
_PLACE = {"packages", "relationships", "files", "snippets"}


def recognise(head: Head) -> str | None:
    root = head.root
    if root.name != "Document" or root.namespace:
        return None
    said = {child.name: child.text.strip() for child in root.children if child.name in ("SPDXID", "spdxVersion")}
    version = said.get("spdxVersion", "")
    return version.removeprefix("SPDX-") if version.startswith("SPDX-") and "SPDXID" in said else None


def read(document: XmlDocument, out: Extract) -> None:
    found = _Document(out)
    for node in document.stream(*_PLACE):
        if node.element.parent is None:
            found.end(node)
        elif node.element.parent.parent is None:
            found.member(node)


@dataclass
class _Document:
    out: Extract
    packages: dict[str, _Package] = field(default_factory=dict)
    others: set[str] = field(default_factory=set)
    relations: list[tuple[str, XmlValue]] = field(default_factory=list)
    rows: int = 0

    def member(self, node: XmlNode) -> None:
        if node.name == "packages":
            self.rows += 1
            package = _package(node)
            element = _row(node, package)
            if element:
                self.packages[element] = package
        elif node.name == "relationships":
            kind = text(node, "relationshipType", required=True)
            if kind in _DESCRIBES:
                by, what = _DESCRIBES[kind]
                source = text(node, by, required=True)
                if source and text(node, what, required=True):
                    self.relations.append((source, child(node, what)))
        elif element := text(node, "SPDXID"):
            self.others.add(element)

    def end(self, root: XmlNode) -> None:
        out = self.out
        text(root, "spdxVersion", required=True)
        for creation in root.children("creationInfo"):
            _creation(creation, out)
        itself = text(root, "SPDXID", required=True)
        described = [place.content() for place in root.children("documentDescribes")]
        described += [place for source, place in self.relations if source == itself]
        claimed: set[str] = set()
        for place in described:
            element = (out.scalar(place) or "").strip()
            if element in claimed:
                continue
            claimed.add(element)
            if element in self.packages:
                _claims(self.packages[element], out)
            elif element and element not in self.others and element not in NOTHING and not element.startswith("DocumentRef-"):
                message = "the document describes an element that it does not hold"
                out.problem(Code.SCHEMA_DRIFT, message, place, expected="a package", found=element)
        if not self.rows:
            out.problem(Code.EVIDENCE_EMPTY, "the SBOM lists no package; that is not the same as having none", root)


def _creation(creation: XmlNode, out: Extract) -> None:
    out.claim("produced_at", child(creation, "created"), required=True)
    for creator in creation.children("creators"):
        match = TOOL.match((out.scalar(creator.content()) or "").strip())
        if match:
            out.claim("tool.name", creator.content(), value=match["name"], confidence=Confidence.DERIVED)
            if version := match["version"] or match["bracketed"]:
                out.claim("tool.version", creator.content(), value=version, subject=match["name"], confidence=Confidence.DERIVED)


@dataclass(frozen=True)
class _Package:
    """The places of what a package would claim; its element is empty once the next is read."""

    name: XmlValue
    version: XmlValue
    source: XmlValue
    purl: XmlValue | None
    checksums: list[tuple[str, XmlValue]]
    container: bool


def _package(node: XmlNode) -> _Package:
    return _Package(
        name=child(node, "name"),
        version=child(node, "versionInfo"),
        source=child(node, "downloadLocation"),
        purl=_purl(node),
        checksums=_checksums(node),
        container=text(node, "primaryPackagePurpose") == "CONTAINER",
    )


def _row(node: XmlNode, package: _Package) -> str | None:
    """Writes the row of a package; returns its id."""
    element = text(node, "SPDXID", required=True)
    concluded, declared = _said(node, "licenseConcluded"), _said(node, "licenseDeclared")
    node.out.row(
        "packages",
        node,
        ref=element,
        name=text(node, "name", required=True),
        version=_said(node, "versionInfo"),
        purl=str(package.purl.raw).strip() if package.purl is not None else None,
        kind=_said(node, "primaryPackagePurpose"),
        licence=concluded or declared,
        digest=preferred([digest for digest, _ in package.checksums]),
    )
    return element


def _claims(package: _Package, out: Extract) -> None:
    name, version = (out.scalar(package.name) or "").strip() or None, (out.scalar(package.version) or "").strip()
    if version and version not in NOTHING:
        claim_version(out, package.version, name)
    for digest, place in package.checksums:
        out.claim("artifact.digest", place, value=digest, subject=name)
    claim_image(out, package.name, package.purl, container=package.container)
    source = SOURCE.match((out.scalar(package.source) or "").strip())
    if source:
        out.claim("repository.url", package.source, value=source["repository"], confidence=Confidence.DERIVED)
        if source["commit"]:
            out.claim("candidate.commit", package.source, value=source["commit"], subject=name, confidence=Confidence.DERIVED)


def _said(package: XmlNode, key: str) -> str | None:
    said = text(package, key)
    return None if said in NOTHING else said


def _purl(package: XmlNode) -> XmlValue | None:
    """The place of the package's first package URL."""
    for reference in package.children("externalRefs"):
        if text(reference, "referenceType", required=True) == "purl" and text(reference, "referenceLocator", required=True):
            return child(reference, "referenceLocator")
    return None


def _checksums(package: XmlNode) -> list[tuple[str, XmlValue]]:
    """``(digest, its place)`` of each checksum that has both an algorithm and a value."""
    found = []
    for entry in package.children("checksums"):
        algorithm, value = text(entry, "algorithm", required=True), text(entry, "checksumValue", required=True)
        if algorithm and value:
            found.append((digest_of(algorithm, value), child(entry, "checksumValue")))
    return found


def _elements(rules: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The patterns of the JSON form as those of its elements."""
    plain = {rule: [pattern.removesuffix("/**").replace("/*/", "/").removesuffix("/*") for pattern in rules[rule]] for rule in rules}
    return {rule: tuple(f"/Document{pattern}/**" for pattern in patterns) for rule, patterns in plain.items()}


READER = Reader(
    source="sboms",
    format="spdx-xml",
    title="SPDX 2 document (XML)",
    reference="SPDX 2.3, clauses 6, 7 and 11; spdx/spdx-java-jackson-store, the members of the JSON form as elements",
    encodings=(XML,),
    media_type="application/spdx+xml",
    recognise=recognise,
    read=read,
    versions=("2.2", "2.3"),
    drops=_elements(DROPS),
    summarises={**_elements(SUMMARISES), "relationship-graph": ("/Document/relationships/**",)},
)
