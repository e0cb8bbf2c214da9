"""SPDX 2.2 and 2.3 documents in JSON.

The packages that the document describes (``DESCRIBES`` or ``DESCRIBED_BY`` relationships, or ``documentDescribes``)
give the claims; a document that says of no package that it describes it makes none. ``NONE`` and ``NOASSERTION`` say
that nothing is said: they are never a value of a claim or a row. What GitHub's dependency graph gives as the version of
the repository is the branch that it looked at. Its API wraps the document in an object, which is another format.
"""

from __future__ import annotations

import re

from release_staging.evidence.inventory import Items, Texts, first, read_items
from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.sboms.component import claim_image, claim_version, digest_of, digests_of, preferred
from release_staging.evidence.tree import Node
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code

_DEPENDENCY_GRAPH = "GitHub.com-Dependency-Graph"
_DESCRIBES = {"DESCRIBES": ("spdxElementId", "relatedSpdxElement"), "DESCRIBED_BY": ("relatedSpdxElement", "spdxElementId")}
NOTHING = ("NONE", "NOASSERTION")
TOOL = re.compile(r"Tool: (?P<name>.+?)(?:-(?P<version>v?\d\S*)| \((?P<bracketed>v?\d\S*)\))?\Z")
SOURCE = re.compile(
    r"git\+(?P<repository>[a-z+]+://[^@#\s]+(?:@[^@#/\s]+/[^@#\s]*)?)(?:@(?P<commit>[0-9a-f]{40}|[0-9a-f]{64}))?(?:#\S*)?\Z"
)


def recognise(head: Head) -> str | None:
    version = head.text("spdxVersion")
    return version.removeprefix("SPDX-") if version.startswith("SPDX-") and head.has("SPDXID") else None


def read(tree: Tree, out: Extract) -> None:
    read_document(tree.root, out)


def read_document(document: Node, out: Extract) -> None:
    """Reads the object that is an SPDX 2 document, wherever it stands."""
    document.text("spdxVersion")
    creation = document.object("creationInfo", required=True)
    out.claim("produced_at", creation["created"], required=True)
    exported = _tools(creation, out)
    described = _described(document)
    count = 0
    for packages, cells in read_items(document, "packages", _cells):
        count += len(packages)
        out.rows("packages", packages, cells)
        for index, element in enumerate(cells["ref"]):
            if element in described:
                _claims(packages.node(index), out, exported=exported)
                described.pop(element)
    _dangling(document, described, out)
    if not count:
        out.problem(Code.EVIDENCE_EMPTY, "the SBOM lists no package; that is not the same as having none", document["packages"])


def _tools(creation: Node, out: Extract) -> bool:
    """Claims the tools; returns whether GitHub's dependency graph is among them, for which the version of what it describes is a branch."""
    exported = False
    for creator in creation.items("creators", required=True):
        match = TOOL.match(out.scalar(creator) or "")
        if match:
            exported |= match["name"] == _DEPENDENCY_GRAPH
            out.claim("tool.name", creator, value=match["name"], confidence=Confidence.DERIVED)
            version = match["version"] or match["bracketed"]
            if version:
                out.claim("tool.version", creator, value=version, subject=match["name"], confidence=Confidence.DERIVED)
    return exported


def _described(document: Node) -> dict[str, Node]:
    """Id of each element that the document describes, and the place that says so."""
    itself = document.text("SPDXID", required=True)
    found: dict[str, Node] = {}
    for place in document.items("documentDescribes"):
        element = document.out.scalar(place)
        if element:
            found[element] = place
    for relations, kinds in read_items(document, "relationships", lambda relations: relations.text("relationshipType", required=True)):
        for index, kind in enumerate(kinds):
            if kind in _DESCRIBES:
                relation, (by, what) = relations.node(index), _DESCRIBES[kind]
                if relation.text(by, required=True) == itself:
                    element = document.out.scalar(relation[what], required=True)
                    if element:
                        found[element] = relation[what]
    # Of the whole graph only this was taken: its elements are condensed, not carried.
    document["relationships"][0].summarise("spdxElementId", "relatedSpdxElement", "relationshipType", rule="relationship-graph")
    return found


def _cells(packages: Items) -> dict[str, Texts]:
    """The cells of the rows of packages."""
    concluded, declared = _said(packages, "licenseConcluded"), _said(packages, "licenseDeclared")
    return {
        "ref": packages.text("SPDXID", required=True),
        "purl": _purls(packages),
        "name": packages.text("name", required=True),
        "version": _said(packages, "versionInfo"),
        "kind": _said(packages, "primaryPackagePurpose"),
        "licence": [one or other for one, other in zip(concluded, declared, strict=True)],
        "digest": _digests(packages),
    }


def _said(packages: Items, key: str) -> Texts:
    """As ``said``, of each."""
    return [None if text in NOTHING else text for text in packages.text(key)]


def _purls(packages: Items) -> Texts:
    """Each package's first package URL."""
    references = packages.inner("externalRefs")
    of_purls = references.where([kind == "purl" for kind in references.text("referenceType", required=True)])
    return references.condensed(of_purls.text("referenceLocator", required=True), first)


def _digests(packages: Items) -> Texts:
    checksums = packages.inner("checksums")
    found = digests_of(checksums.text("algorithm", required=True), checksums.text("checksumValue", required=True))
    return checksums.condensed(found, preferred)


def _claims(package: Node, out: Extract, *, exported: bool) -> None:
    name = package.text("name")
    if said(package, "versionInfo") and exported:
        out.claim("candidate.branch", package["versionInfo"])
    elif said(package, "versionInfo"):
        claim_version(out, package["versionInfo"], name)
    for digest, entry in _checksums(package):
        out.claim("artifact.digest", entry["checksumValue"], value=digest, subject=name)
    claim_image(out, package["name"], _purl(package), container=package.text("primaryPackagePurpose") == "CONTAINER")
    claim_source(package, "downloadLocation", name)


def claim_source(package: Node, key: str, subject: str | None) -> None:
    """Claims the repository, and the commit where there is one, of a package whose download location is of a version control system."""
    source = SOURCE.match(package.text(key) or "")
    if source:
        place, out = package[key], package.out
        out.claim("repository.url", place, value=source["repository"], confidence=Confidence.DERIVED)
        if source["commit"]:
            out.claim("candidate.commit", place, value=source["commit"], subject=subject, confidence=Confidence.DERIVED)


def said(package: Node, key: str) -> str | None:
    """The text at ``key``, unless it is a word for nothing."""
    text = package.text(key)
    return None if text in NOTHING else text


def _purl(package: Node) -> Node | None:
    """The place of the package's first package URL."""
    if type(package.raw) is dict and "externalRefs" in package.raw:
        for reference in package.items("externalRefs"):
            if reference.text("referenceType", required=True) == "purl" and reference.text("referenceLocator", required=True):
                return reference["referenceLocator"]
    return None


def _checksums(package: Node) -> list[tuple[str, Node]]:
    """``(digest, its entry)`` of each checksum that has both an algorithm and a value."""
    found = []
    if type(package.raw) is dict and "checksums" in package.raw:
        for entry in package.items("checksums"):
            algorithm, value = entry.text("algorithm", required=True), entry.text("checksumValue", required=True)
            if algorithm and value:
                found.append((digest_of(algorithm, value), entry))
    return found


def _dangling(document: Node, described: dict[str, Node], out: Extract) -> None:
    """A described element of this document that is neither a package, a file nor a snippet is not there."""
    if not described:
        return
    elsewhere = {element.text("SPDXID") for key in ("files", "snippets") for element in document.items(key)}
    for element, place in described.items():
        if element not in elsewhere and element not in NOTHING and not element.startswith("DocumentRef-"):
            out.problem(
                Code.SCHEMA_DRIFT, "the document describes an element that it does not hold", place, expected="a package", found=element
            )


DROPS: dict[str, tuple[str, ...]] = {
    "contact": ("/packages/*/supplier", "/packages/*/originator"),
    "package-text": (
        "/packages/*/copyrightText",
        "/packages/*/description",
        "/packages/*/summary",
        "/packages/*/comment",
        "/packages/*/sourceInfo",
        "/packages/*/homepage",
        "/packages/*/attributionTexts/**",
        "/packages/*/*Date",
    ),
    "download-location": ("/packages/*/downloadLocation", "/packages/*/packageFileName"),
    "other-identifier": ("/packages/*/externalRefs/**",),
    "licence-text": (
        "/hasExtractedLicensingInfos/**",
        "/packages/*/licenseComments",
        "/packages/*/licenseInfoFromFiles*/**",
    ),
    "annotation": ("/annotations/**", "/revieweds/**", "/packages/*/annotations/**"),
    "document-comment": ("/comment", "/creationInfo/comment", "/relationships/*/comment"),
}
SUMMARISES: dict[str, tuple[str, ...]] = {
    "document-identity": (
        "/name",
        "/documentNamespace",
        "/dataLicense",
        "/creationInfo/licenseListVersion",
        "/externalDocumentRefs/**",
    ),
    "file-inventory": (
        "/files/**",
        "/snippets/**",
        "/packages/*/hasFiles/**",
        "/packages/*/filesAnalyzed",
        "/packages/*/packageVerificationCode/**",
    ),
}

READER = Reader(
    source="sboms",
    format="spdx-json",
    title="SPDX 2 document (JSON)",
    reference="SPDX 2.3 (ISO/IEC 5962:2021 is 2.2.1), clauses 6, 7 and 11",
    encodings=(JSON,),
    media_type="application/spdx+json",
    recognise=recognise,
    read=read,
    versions=("2.2", "2.3"),
    drops=DROPS,
    summarises=SUMMARISES,
)
