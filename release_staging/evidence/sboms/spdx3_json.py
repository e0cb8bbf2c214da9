"""SPDX 3.0 documents in JSON-LD: one graph of elements in any order, each naming others by their ids.

The ``SpdxDocument`` names its root elements, where that is a ``software_Sbom`` it names its own; or a ``describes``
relationship does. The packages so reached give the claims; every package is a row. The ledger counts what all elements have
in common by key: ``/@graph/*/name`` is the name of packages, files and persons alike.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.sboms.component import claim_image, claim_version, digest_of, preferred
from release_staging.evidence.sboms.spdx_json import NOTHING, TOOL, claim_source, said
from release_staging.evidence.tree import Node
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code

_CONTEXT = re.compile(r"https?://spdx\.org/rdf/(?:v)?(3\.\d+)(?:\.\d+)?/")
_LISTED_LICENCE = re.compile(r"https?://spdx\.org/licenses/(\S+)\Z")
_PURL_TYPES = ("packageUrl", "purl")  # the second is of tools that wrote before 3.0 was final
_IDENTIFIERS = ("externalIdentifier", "externalIdentifiers")
_LICENCES = {"hasconcludedlicense": 0, "hasdeclaredlicense": 1}  # what was concluded comes first


def recognise(head: Head) -> str | None:
    context = head.get("@context")
    if not isinstance(head.get("@graph"), list) or context is None:
        return None
    for text in _texts(context):
        match = _CONTEXT.match(text)
        if match:
            return match[1]
    return None


def _texts(context: object) -> list[str]:
    """The addresses that a JSON-LD context names: it may be one, a list of several, or an object of prefixes."""
    parts = context if isinstance(context, list) else [context]
    return [text for part in parts for text in (part.values() if isinstance(part, dict) else (part,)) if isinstance(text, str)]


@dataclass
class _Graph:
    elements: dict[str, Node] = field(default_factory=dict)
    packages: list[Node] = field(default_factory=list)
    documents: list[Node] = field(default_factory=list)
    describes: list[Node] = field(default_factory=list)
    licences: dict[str, dict[int, Node]] = field(default_factory=dict)


def read(tree: Tree, out: Extract) -> None:
    graph = _graph(tree.root, out)
    first = tree.root["@graph"][0]
    first.summarise("from", "to", "relationshipType", rule="relationship-graph")
    if not graph.documents:
        out.drift(tree.root["@graph"], "an element of type SpdxDocument")
    described: set[str] = set()
    for document in graph.documents:
        _creation(document, graph, out)
        described |= _described(document, graph)
    for package in graph.packages:
        element = _id(package)
        purl, digests = _purl(package, graph), _digests(package)
        _row(package, element, purl, digests, graph)
        if element in described:
            _claims(package, purl, digests)
    if not graph.packages:
        out.problem(Code.EVIDENCE_EMPTY, "the SBOM lists no package; that is not the same as having none", tree.root["@graph"])


def _graph(root: Node, out: Extract) -> _Graph:
    graph = _Graph()
    for element in root.items("@graph", required=True):
        kind, name = element.text("type") or element.text("@type", required=True), _id(element)
        if name is None and kind in ("software_Package", "SpdxDocument"):
            out.drift(element["spdxId"], "the id of the element")
        if name is not None:
            graph.elements[name] = element
        if kind == "software_Package":
            graph.packages.append(element)
        elif kind == "SpdxDocument":
            graph.documents.append(element)
        elif kind is not None and kind.endswith("Relationship"):
            relation = (element.text("relationshipType", required=True) or "").replace("_", "").lower()
            rank = _LICENCES.get(relation)
            source = element.text("from", required=True)
            if relation == "describes":
                graph.describes.append(element)
            elif rank is not None and source is not None:
                graph.licences.setdefault(source, {})[rank] = element
    return graph


def _id(element: Node) -> str | None:
    return element.text("spdxId") or element.text("@id")


def _creation(document: Node, graph: _Graph, out: Extract) -> None:
    """When and by which tools the document was made. The creation info is an element of its own, or stands inside."""
    creation: Node | None = document["creationInfo"]
    if creation is not None and type(creation.raw) is not dict:
        creation = graph.elements.get(document.text("creationInfo", required=True) or "")
    if creation is None:
        out.drift(document["creationInfo"], "the id of a CreationInfo in the graph")
        return
    creation.text("specVersion")
    out.claim("produced_at", creation["created"], required=True)
    for place in creation.items("createdUsing"):
        tool = graph.elements.get(out.scalar(place) or "")
        if tool is None:
            continue
        name = tool.text("name") or ""
        match = TOOL.match(name if name.startswith("Tool: ") else f"Tool: {name}")
        if match:
            out.claim("tool.name", tool["name"], value=match["name"], confidence=Confidence.DERIVED)
            version = match["version"] or match["bracketed"]
            if version:
                out.claim("tool.version", tool["name"], value=version, subject=match["name"], confidence=Confidence.DERIVED)


def _described(document: Node, graph: _Graph) -> set[str]:
    """Ids of what the document is about: its roots, the roots of an SBOM among them, and what it is said to describe."""
    out, itself = document.out, _id(document)
    roots = {place: text for place in document.items("rootElement") if (text := out.scalar(place)) is not None}
    found = set(roots.values())
    for place, root in roots.items():
        element = graph.elements.get(root)
        if element is None:
            message = "the document describes an element that it does not hold"
            out.problem(Code.SCHEMA_DRIFT, message, place, expected="an element of the graph", found=root)
        elif element.raw.get("type") == "software_Sbom":
            found |= {text for below in element.items("rootElement") if (text := out.scalar(below)) is not None}
    for relation in graph.describes:
        if relation.text("from") == itself:
            found |= {text for place in relation.items("to", required=True) if (text := out.scalar(place)) is not None}
    return found


def _row(package: Node, element: str | None, purl: Node | None, digests: list[tuple[str, Node]], graph: _Graph) -> None:
    package.out.row(
        "packages",
        package,
        ref=element,
        name=package.text("name", required=True),
        version=said(package, "software_packageVersion"),
        purl=purl.raw if purl is not None else None,
        kind=said(package, "software_primaryPurpose"),
        licence=_licence(element, graph),
        digest=preferred([digest for digest, _ in digests]),
    )


def _claims(package: Node, purl: Node | None, digests: list[tuple[str, Node]]) -> None:
    out, name = package.out, package.text("name")
    if said(package, "software_packageVersion"):
        claim_version(out, package["software_packageVersion"], name)
    for digest, place in digests:
        out.claim("artifact.digest", place, value=digest, subject=name)
    claim_image(out, package["name"], purl, container=package.text("software_primaryPurpose") == "container")
    claim_source(package, "software_downloadLocation", name)


def _purl(package: Node, graph: _Graph) -> Node | None:
    """The place of the package URL: the package's own, or that of an external identifier, inside or elsewhere in the graph."""
    if package.text("software_packageUrl"):
        return package["software_packageUrl"]
    for key in _IDENTIFIERS:
        for entry in package.items(key):
            identifier = entry if type(entry.raw) is dict else graph.elements.get(package.out.scalar(entry) or "")
            kind = identifier.text("externalIdentifierType", required=True) if identifier is not None else None
            if identifier is not None and kind in _PURL_TYPES and identifier.text("identifier", required=True):
                return identifier["identifier"]
    return None


def _digests(package: Node) -> list[tuple[str, Node]]:
    found = []
    for entry in package.items("verifiedUsing"):
        if type(entry.raw) is dict and entry.text("type") in (None, "Hash"):
            algorithm, value = entry.text("algorithm", required=True), entry.text("hashValue", required=True)
            if algorithm and value:
                found.append((digest_of(algorithm, value), entry["hashValue"]))
    return found


def _licence(element: str | None, graph: _Graph) -> str | None:
    """The concluded licence, else the declared one. Where it is a licence of the SPDX list, its id."""
    relations = graph.licences.get(element or "", {})
    for rank in sorted(relations):
        for place in relations[rank].items("to", required=True):
            said = _licence_text(relations[rank].out.scalar(place) or "", graph)
            if said is not None and said not in NOTHING:
                return said
    return None


def _licence_text(name: str, graph: _Graph) -> str | None:
    licence = graph.elements.get(name)
    if licence is not None:
        for key in ("simplelicensing_licenseExpression", "licenseExpression", "licenseId"):
            said = licence.text(key)
            if said:
                return said
    listed = _LISTED_LICENCE.match(name)
    return listed[1] if listed else None


def _elements(*keys: str) -> tuple[str, ...]:
    return tuple(f"/@graph/*/{key}/**" for key in keys)


READER = Reader(
    source="sboms",
    format="spdx3-json",
    title="SPDX 3 document (JSON-LD)",
    reference="SPDX 3.0.1, profiles Core, Software and SimpleLicensing; JSON-LD serialisation",
    encodings=(JSON,),
    media_type="application/spdx+json",
    recognise=recognise,
    read=read,
    versions=("3.0",),
    drops={
        "schema-reference": ("/@context/**",),
        "contact": _elements("suppliedBy", "originatedBy", "createdBy"),
        "package-text": _elements(
            *("comment", "description", "summary", "statement", "subject", "annotationType", "software_copyrightText", "software_homePage"),
            *("software_sourceInfo", "software_attributionText", "builtTime", "releaseTime", "validUntilTime"),
        ),
        "download-location": _elements("software_downloadLocation"),
        "other-identifier": _elements(*_IDENTIFIERS, "externalIdentifierType", "identifier", "externalRef", "verifiedUsing/*"),
        "licence-text": _elements("licenseText", "simplelicensing_licenseText", "isFsfLibre", "isOsiApproved", "expandedlicensing_*"),
    },
    summarises={
        "document-identity": _elements(
            *("creationInfo", "specVersion", "dataLicense", "element", "namespaceMap", "import", "profileConformance"),
            *("software_sbomType", "sbomType", "rootElement"),
        ),
        "relationship-graph": _elements("completeness", "scope", "startTime", "endTime"),
        "file-inventory": _elements(
            *("contentType", "software_contentIdentifier", "software_fileKind", "software_snippetFromFile"),
            *("software_byteRange", "software_lineRange", "software_additionalPurpose", "software_primaryPurpose"),
        ),
    },
)
