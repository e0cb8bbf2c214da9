"""CycloneDX bill of materials in JSON (ECMA-424 and the versions before it, 1.2 to 1.7).

A document with vulnerabilities and no components is a VEX document and not of this format. Vulnerabilities beside
components, as scanners write them, are rows as those of a VEX document are. Every component, however deeply nested, is a
row; ``metadata.component``, which the document is about, gives the claims and is no row.
"""

from __future__ import annotations

from release_staging.evidence.inventory import Items, Texts, read_one, read_tree
from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.sboms.component import claim_image, claim_version, digest_of, digests_of, is_digest, preferred
from release_staging.evidence.tree import Node
from release_staging.evidence.vulnerability_scans import cyclonedx_vulnerability
from release_staging.model.exceptions import Code

COMPONENT_DETAIL: dict[str, tuple[str, ...]] = {
    "contact": ("publisher", "supplier", "author", "authors", "manufacturer"),
    "component-text": ("description", "copyright", "mime-type", "scope", "tags"),
    "other-identifier": ("cpe", "swid", "omniborId", "swhid"),
    "component-reference": ("externalReferences",),
    "component-history": ("pedigree", "evidence", "releaseNotes", "patentAssertions"),
    "component-model": ("modelCard", "data", "cryptoProperties"),
    "tool-property": ("properties", "modified", "isExternal", "versionRange"),
    "signature-not-verified": ("signature",),
}
_TOOL_DETAIL = (
    *("type", "bom-ref", "group", "vendor", "provider", "hashes", "purl", "licenses"),
    *(key for keys in COMPONENT_DETAIL.values() for key in keys),
)
TRIVY_DIGESTS = {"aquasecurity:trivy:RepoDigest", "aquasecurity:trivy:ImageID"}


def recognise(head: Head) -> str | None:
    if head.text("bomFormat") != "CycloneDX" or not head.has("specVersion"):
        return None
    return None if head.get("vulnerabilities") and not head.get("components") else head.text("specVersion")


def read(tree: Tree, out: Extract) -> None:
    bom = tree.root
    read_head(bom, out)
    rows = _components(bom["metadata"]["component"], out) + _components(bom, out)
    if not rows:
        out.problem(Code.EVIDENCE_EMPTY, "the SBOM lists no component; that is not the same as having none", bom["components"])
    cyclonedx_vulnerability.read(bom, out)


def read_head(bom: Node, out: Extract) -> None:
    """What every CycloneDX document says of itself and of the component that it is about."""
    metadata = bom.object("metadata")
    bom.text("bomFormat")
    bom.text("specVersion")
    out.claim("produced_at", metadata["timestamp"])
    _tools(metadata, out)
    described = metadata.object("component")
    if type(described.raw) is dict:
        _described(described, out)


def _tools(metadata: Node, out: Extract) -> None:
    """``tools`` is an array of tools (all that 1.4 knows), or since 1.5 an object of components and services."""
    tools = metadata["tools"]
    for listed in (tools,) if isinstance(tools.raw, list) else (tools["components"], tools["services"]):
        for tool in listed.items():
            out.claim("tool.name", tool["name"])
            out.claim("tool.version", tool["version"], subject=tool.text("name"))
    if not isinstance(tools.raw, list):
        metadata.object("tools")


def _described(component: Node, out: Extract) -> None:
    read_one(component, lambda components: _leave_out(components, but=("externalReferences", "properties")))
    name = component.text("name", required=True)
    component.text("group")
    component.text("bom-ref")
    claim_version(out, component["version"], name)
    for digest, entry in _hashes(component):
        out.claim("artifact.digest", entry["content"], value=digest, subject=name)
    claim_image(out, component["name"], component["purl"], container=component.text("type", required=True) == "container")
    component["externalReferences"][0].drop("url", "comment", "hashes", "properties", rule="component-reference")
    for reference in component.items("externalReferences"):
        if reference.text("type", required=True) == "vcs":
            out.claim("repository.url", reference["url"], required=True)
    component["properties"][0].drop("value", rule="tool-property")
    for entry in component.items("properties"):
        if entry.text("name") in TRIVY_DIGESTS:
            _trivy_digest(entry, name, out)
    read_one(component, _licences)


def _trivy_digest(entry: Node, name: str | None, out: Extract) -> None:
    """Trivy keeps the digests of an image in properties: ``repository@digest``, and the digest of its config alone."""
    repository, at, digest = (entry.text("value") or "").rpartition("@")
    if is_digest(digest):
        out.claim("artifact.digest", entry["value"], value=digest, subject=repository if at else f"image config of {name}")


def _components(above: Node, out: Extract) -> int:
    """Writes a row for each component below, however deep; returns how many."""
    count = 0
    for components, cells in read_tree(above, "components", _cells):
        count += len(components)
        out.rows("packages", components, cells)
    return count


def _cells(components: Items) -> dict[str, Texts]:
    _leave_out(components)
    groups, names = components.text("group"), components.text("name", required=True)
    return {
        "ref": components.text("bom-ref"),
        "name": [f"{group}/{name}" if group and name else name for group, name in zip(groups, names, strict=True)],
        "version": components.text("version"),
        "purl": components.text("purl"),
        "kind": components.text("type", required=True),
        "licence": _licences(components),
        "digest": _digests(components),
    }


def _digests(components: Items) -> Texts:
    hashes = components.inner("hashes")
    return hashes.condensed(digests_of(hashes.text("alg", required=True), hashes.text("content", required=True)), preferred)


def _licences(components: Items) -> Texts:
    """Each licence by id, name or expression. How several relate is not said by the format, so they are only listed."""
    choices = components.inner("licenses")
    expressions = choices.text("expression")
    licences = choices.where([text is None for text in expressions]).object("license", required=True)
    for choice in (choices, licences):
        choice.drop("text", "url", "bom-ref", "licensing", "properties", "acknowledgement", "expressionDetails", rule="licence-text")
    found = zip(expressions, licences.first_text("id", "name"), strict=True)
    return choices.condensed([expression or licence for expression, licence in found], ", ".join)


def _hashes(component: Node) -> list[tuple[str, Node]]:
    """``(digest, its entry)`` of each hash that has both an algorithm and a content."""
    found = []
    if type(component.raw) is dict and "hashes" in component.raw:
        for entry in component.items("hashes"):
            algorithm, content = entry.text("alg", required=True), entry.text("content", required=True)
            if algorithm and content:
                found.append((digest_of(algorithm, content), entry))
    return found


def _leave_out(components: Items, but: tuple[str, ...] = ()) -> None:
    """Declares what rows and claims do not carry."""
    for rule, keys in COMPONENT_DETAIL.items():
        components.drop(*(key for key in keys if key not in but), rule=rule)


DROPS: dict[str, tuple[str, ...]] = {
    "schema-reference": ("/$schema",),
    "contact": (
        "/metadata/authors/**",
        "/metadata/supplier/**",
        "/metadata/manufacture/**",
        "/metadata/manufacturer/**",
    ),
    "tool-property": ("/properties/**", "/metadata/properties/**"),
    "tool-detail": tuple(f"/metadata/tools/{depth}/{key}/**" for depth in ("*", "*/*") for key in _TOOL_DETAIL),
    "licence-of-the-document": ("/metadata/licenses/**", "/metadata/distributionConstraints/**"),
    "signature-not-verified": ("/signature/**",),
    "completeness-statement": ("/compositions/**",),
    "annotation": ("/annotations/**",),
    "bom-reference": ("/externalReferences/**",),
    "manufacturing": ("/formulation/**", "/declarations/**", "/definitions/**", "/citations/**"),
    "services-are-not-packages": ("/services/**",),
}
SUMMARISES: dict[str, tuple[str, ...]] = {
    "document-identity": ("/serialNumber", "/version", "/metadata/lifecycles/**"),
    "dependency-graph": ("/dependencies/**",),
}

READER = Reader(
    source="sboms",
    format="cyclonedx-json",
    title="CycloneDX bill of materials (JSON)",
    reference="ECMA-424 (CycloneDX 1.6), cyclonedx.org schemas 1.2 to 1.7",
    encodings=(JSON,),
    media_type="application/vnd.cyclonedx+json",
    recognise=recognise,
    read=read,
    versions=("1.2", "1.3", "1.4", "1.5", "1.6", "1.7"),
    drops={**DROPS, **cyclonedx_vulnerability.DROPS},
    summarises=SUMMARISES,
    revision=2,
)
