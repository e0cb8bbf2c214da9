"""Bills of materials as predicates: SPDX 2 documents and CycloneDX BOMs in JSON.

What the document is, and which component it is about, is read as readers of bills of materials read it. The inventory is
condensed: rows of packages come from bills of materials that a packet holds as documents of their own.
"""

from __future__ import annotations

from release_staging.evidence.extract import Extract
from release_staging.evidence.provenance_attestations.predicates.predicate import ANY_VERSION, Predicate
from release_staging.evidence.sboms.component import claim_image, claim_version
from release_staging.evidence.tree import Node
from release_staging.model.confidence import Confidence

_INVENTORY = "inventory-not-opened"
_DETAIL = "sbom-detail"
_TOOL = "Tool: "
_NOTHING = (None, "NONE", "NOASSERTION")

_CYCLONEDX = ("components", "services", "dependencies", "compositions", "vulnerabilities", "annotations", "formulation", "declarations")
_SPDX = ("files", "snippets", "hasExtractedLicensingInfos", "externalDocumentRefs", "annotations", "revieweds")
_PACKAGE = (
    *(
        "downloadLocation",
        "filesAnalyzed",
        "hasFiles",
        "packageFileName",
        "packageVerificationCode",
        "checksums",
        "externalRefs",
        "sourceInfo",
    ),
    *("licenseConcluded", "licenseDeclared", "licenseComments", "licenseInfoFromFiles", "copyrightText", "attributionTexts", "annotations"),
    *("supplier", "originator", "summary", "description", "homepage", "comment", "builtDate", "releaseDate", "validUntilDate"),
    "primaryPackagePurpose",
)
# Whoever made, supplied or licensed it; of a component, what is said of it beside its name and version.
_CYCLONEDX_DETAIL = ("serialNumber", "version", "$schema", "externalReferences", "properties", "definitions", "signature")
_METADATA = ("lifecycles", "authors", "manufacture", "manufacturer", "supplier", "licenses", "properties", "distributionConstraints")
_COMPONENT = (
    *("bom-ref", "group", "description", "publisher", "supplier", "author", "authors", "manufacturer", "hashes", "licenses", "copyright"),
    *("externalReferences", "properties", "components", "cpe", "swid", "scope", "mime-type", "evidence", "pedigree", "releaseNotes"),
)
_TOOLS = ("vendor", "hashes", "type", "author", "group", "purl", "bom-ref", "publisher", "properties", "externalReferences", "licenses")


def read_cyclonedx(predicate: Node, out: Extract) -> None:
    if type(predicate["Data"].raw) is dict:  # older cosign wrapped what it was given
        predicate.summarise("Timestamp", rule=_DETAIL)
        predicate = predicate.object("Data")
    if predicate.text("bomFormat", required=True) not in (None, "CycloneDX"):
        out.drift(predicate["bomFormat"], "CycloneDX")
    predicate.text("specVersion", required=True)
    metadata = predicate.object("metadata")
    out.claim("produced_at", metadata["timestamp"])
    tools = metadata["tools"]
    for listed in (tools,) if isinstance(tools.raw, list) else (tools["components"], tools["services"]):
        listed[0].summarise(*_TOOLS, rule=_DETAIL)
        for tool in listed.items():
            out.claim("tool.name", tool["name"])
            out.claim("tool.version", tool["version"], subject=tool.text("name"))
    component = metadata.object("component")
    name = component.text("name")
    if name:
        claim_version(out, component["version"], name)
        claim_image(out, component["name"], component["purl"], container=component.text("type") == "container")
    predicate.summarise(*_CYCLONEDX, rule=_INVENTORY)
    predicate.summarise(*_CYCLONEDX_DETAIL, rule=_DETAIL)
    metadata.summarise(*_METADATA, rule=_DETAIL)
    component.summarise(*_COMPONENT, rule=_DETAIL)


def read_spdx(predicate: Node, out: Extract) -> None:
    predicate.text("spdxVersion", required=True)
    created = predicate.object("creationInfo", required=True)
    out.claim("produced_at", created["created"])
    for creator in created.items("creators"):
        text = out.scalar(creator) or ""
        if text.startswith(_TOOL):
            out.claim("tool.name", creator, value=text.removeprefix(_TOOL), confidence=Confidence.DERIVED, loss="taken out of a creator")
    described = _described(predicate)
    for package in predicate.items("packages"):
        place = described.pop(package.text("SPDXID", required=True) or "", None)
        if place is not None:
            name = package.text("name")
            if package["versionInfo"].raw not in _NOTHING:
                claim_version(out, package["versionInfo"], name)
            claim_image(out, package["name"], None, container=package.text("primaryPackagePurpose") == "CONTAINER")
    if not predicate["files"].exists:  # a document may describe a file too
        for place in described.values():
            out.drift(place, "the id of a package")
    predicate["packages"][0].summarise(*_PACKAGE, rule=_INVENTORY)
    predicate["relationships"][0].summarise("spdxElementId", "relatedSpdxElement", "relationshipType", "comment", rule=_INVENTORY)
    predicate.summarise(*_SPDX, rule=_INVENTORY)
    predicate.summarise("name", "dataLicense", "documentNamespace", "documentDescribes", "comment", rule=_DETAIL)
    created.summarise("licenseListVersion", "comment", rule=_DETAIL)


def _described(document: Node) -> dict[str, Node]:
    """Ids of the elements that the document says it describes, and the places that say so."""
    itself = document.text("SPDXID", required=True)
    found = {place.raw: place for place in document.items("documentDescribes") if isinstance(place.raw, str)}
    for relation in document.items("relationships"):
        kind, one = relation.text("relationshipType", required=True), relation.text("spdxElementId", required=True)
        other = relation.text("relatedSpdxElement", required=True)
        if kind == "DESCRIBES" and one == itself and other:
            found[other] = relation["relatedSpdxElement"]
    return found


PREDICATES = (
    Predicate("cyclonedx.org/bom", ANY_VERSION, read_cyclonedx),
    Predicate("spdx.dev/Document", ANY_VERSION, read_spdx),
)
