"""CycloneDX bill of materials in XML (ECMA-424 and the versions before it, 1.0 to 1.7).

What it says is what the JSON form says; only the shape differs. The version stands in the namespace. Every component,
however deeply nested, is a row; ``metadata/component`` gives the claims and is no row; a component inside a pedigree,
a formulation or the tools is none either. Vulnerabilities are rows as in JSON; the head of a document does not show whether there are
components beside them, so VEX in XML is read here too. Components, services, dependencies and vulnerabilities are read one at a
time, so that rows stand in the order in which their elements end: a nested component before the one that holds it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from release_staging.evidence import xml_text
from release_staging.evidence.elements import XmlNode, XmlValue
from release_staging.evidence.ledger import DROPPED
from release_staging.evidence.reader import XML, Extract, Head, Reader, XmlDocument
from release_staging.evidence.sboms import cyclonedx_xml_vulnerability
from release_staging.evidence.sboms.component import claim_image, claim_version, digest_of, is_digest, preferred
from release_staging.evidence.sboms.cyclonedx_json import COMPONENT_DETAIL, TRIVY_DIGESTS
from release_staging.evidence.sboms.cyclonedx_xml_vulnerability import EXTENSION
from release_staging.model.exceptions import Code
from release_staging.parsing.xml_elements import Element

_NAMESPACE = "http://cyclonedx.org/schema/bom/"
_LICENCE_DETAIL = ("text", "url", "@bom-ref", "licensing", "properties", "@acknowledgement", "details")


def recognise(head: Head) -> str | None:
    root = head.root
    return root.namespace.removeprefix(_NAMESPACE) if root.name == "bom" and root.namespace.startswith(_NAMESPACE) else None


def read(document: XmlDocument, out: Extract) -> None:
    bom, vulnerabilities = _Bom(out), 0
    for node in document.stream("component", "service", "dependency", "vulnerability"):
        if node.element.parent is None:
            _metadata(node, out)
            if not bom.rows and not vulnerabilities:
                out.problem(Code.EVIDENCE_EMPTY, "the SBOM lists no component; that is not the same as having none", node)
        elif node.name == "vulnerability" and node.element.namespace.startswith((_NAMESPACE, EXTENSION)):
            vulnerabilities += 1
            cyclonedx_xml_vulnerability.read(node, out)
        elif not node.element.namespace.startswith(_NAMESPACE):
            continue  # a schema of somebody else, inside the bill
        elif node.name == "component":
            bom.component(node)
        elif node.name == "service" and node.element.parent.parent is not None and node.element.parent.parent.name == "tools":
            _tool(node, out)


def _metadata(root: XmlNode, out: Extract) -> None:
    for metadata in root.children("metadata"):
        out.claim("produced_at", xml_text.child(metadata, "timestamp"))
        for tools in metadata.children("tools"):
            for tool in tools.children("tool"):
                _tool(tool, out)


def _tool(tool: XmlNode, out: Extract) -> None:
    out.claim("tool.name", xml_text.child(tool, "name"))
    out.claim("tool.version", xml_text.child(tool, "version"), subject=xml_text.text(tool, "name"))


@dataclass
class _Bom:
    out: Extract
    rows: int = 0
    ruled: set[int] = field(default_factory=set)

    def component(self, component: XmlNode) -> None:
        role = _role(component.element)
        if role == "tool":
            _tool(component, self.out)
        elif role == "described":
            self._leave_out(component, but=("externalReferences", "properties"))
            _described(component, self.out)
        elif role == "package":
            self._leave_out(component)
            self.rows += 1
            _row(component, self.out)

    def _leave_out(self, component: XmlNode, but: tuple[str, ...] = ()) -> None:
        """Declares what rows and claims do not carry, once a shape."""
        if id(component.shape) in self.ruled:
            return
        self.ruled.add(id(component.shape))
        for rule, keys in COMPONENT_DETAIL.items():
            for key in keys:
                if key not in but:
                    component.shape.child(key).mark(DROPPED, rule)
                    component.shape.child("@" + key).mark(DROPPED, rule)
        licences = component.shape.child("licenses")
        for choice in ("license", "expression"):
            for key in _LICENCE_DETAIL:
                licences.child(choice).child(key).mark(DROPPED, "licence-text")


def _role(component: Element) -> str | None:
    """What a component is to the document, by what it stands in: described, package, tool, or none of them."""
    above = component.parent
    if above is not None and above.name == "metadata":
        return "described"
    while above is not None and above.name == "components" and above.parent is not None:
        owner = above.parent
        if owner.parent is None:
            return "package"
        if owner.name == "tools":
            return "tool"
        above = owner.parent if owner.name == "component" else None
        if above is not None and above.name == "metadata":
            return "package"
    return None


def _described(component: XmlNode, out: Extract) -> None:
    name = xml_text.text(component, "name", required=True)
    xml_text.text(component, "group")
    component.text("bom-ref")
    claim_version(out, xml_text.child(component, "version"), name)
    for digest, place in _hashes(component):
        out.claim("artifact.digest", place, value=digest, subject=name)
    claim_image(
        out,
        xml_text.child(component, "name"),
        xml_text.child(component, "purl"),
        container=component.text("type", required=True) == "container",
    )
    for reference in xml_text.listed(component, "externalReferences", "reference"):
        if reference.text("type", required=True) == "vcs":
            out.claim("repository.url", xml_text.child(reference, "url"), required=True)
        for key in ("url", "comment", "hashes", "properties"):
            reference.shape.child(key).mark(DROPPED, "component-reference")
    for entry in xml_text.listed(component, "properties", "property"):
        if entry.text("name") in TRIVY_DIGESTS:
            repository, at, digest = entry.element.text.strip().rpartition("@")
            if is_digest(digest):
                subject = repository if at else f"image config of {name}"
                out.claim("artifact.digest", entry.content(), value=digest, subject=subject)
        entry.shape.child("text()").mark(DROPPED, "tool-property")
    _licence(component)


def _row(component: XmlNode, out: Extract) -> None:
    group, name = xml_text.text(component, "group"), xml_text.text(component, "name", required=True)
    out.row(
        "packages",
        component,
        ref=component.text("bom-ref"),
        name=f"{group}/{name}" if group and name else name,
        version=xml_text.text(component, "version"),
        purl=xml_text.text(component, "purl"),
        kind=component.text("type", required=True),
        licence=_licence(component),
        digest=preferred([digest for digest, _ in _hashes(component)]),
    )


def _hashes(component: XmlNode) -> list[tuple[str, XmlValue]]:
    """``(digest, the place of its content)`` of each hash that has both an algorithm and a content."""
    found = []
    for entry in xml_text.listed(component, "hashes", "hash"):
        algorithm, place = entry.text("alg", required=True), entry.content()
        content = component.out.scalar(place, required=True)
        if algorithm and content:
            found.append((digest_of(algorithm, content.strip()), place))
    return found


def _licence(component: XmlNode) -> str | None:
    """Each licence by id, name or expression. How several relate is not said by the format, so they are only listed."""
    found = []
    for choice in xml_text.listed(component, "licenses", "license", "expression"):
        if choice.name == "expression":
            said = component.out.scalar(choice.content(), required=True)
        else:  # retire.js writes an empty one of each component, and of old NuGet packages only an address is known
            silent = not choice.element.text.strip() and {child.name for child in choice.element.children} <= {*_LICENCE_DETAIL}
            said = xml_text.text(choice, "id") or xml_text.text(choice, "name", required=not silent)
        if said:
            found.append(said.strip())
    return ", ".join(found) or None


READER = Reader(
    source="sboms",
    format="cyclonedx-xml",
    title="CycloneDX bill of materials (XML)",
    reference="ECMA-424 (CycloneDX 1.6), cyclonedx.org schemas 1.0 to 1.7",
    encodings=(XML,),
    media_type="application/vnd.cyclonedx+xml",
    recognise=recognise,
    read=read,
    versions=("1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7"),
    drops={
        "schema-reference": ("/bom/@schemaLocation",),
        "contact": tuple(f"/bom/metadata/{key}/**" for key in ("authors", "supplier", "manufacture", "manufacturer")),
        "tool-property": ("/bom/properties/**", "/bom/metadata/properties/**"),
        "tool-detail": tuple(
            f"/bom/metadata/tools/{depth}/{key}/**"
            for depth in ("tool", "components/component", "services/service")
            for key in (
                *("@type", "@bom-ref", "group", "vendor", "provider", "hashes", "purl", "licenses", "endpoints"),
                *(key for keys in COMPONENT_DETAIL.values() for key in keys),
            )
        ),
        "licence-of-the-document": ("/bom/metadata/licenses/**", "/bom/metadata/distributionConstraints/**"),
        "signature-not-verified": ("/bom/Signature/**",),
        "completeness-statement": ("/bom/compositions/**",),
        "annotation": ("/bom/annotations/**",),
        "bom-reference": ("/bom/externalReferences/**",),
        "manufacturing": ("/bom/formulation/**", "/bom/declarations/**", "/bom/definitions/**", "/bom/citations/**"),
        "services-are-not-packages": ("/bom/services/**",),
        **cyclonedx_xml_vulnerability.DROPS,
    },
    revision=2,
    summarises={
        "document-identity": ("/bom/@serialNumber", "/bom/@version", "/bom/metadata/lifecycles/**"),
        "dependency-graph": ("/bom/dependencies/**",),
    },
)
