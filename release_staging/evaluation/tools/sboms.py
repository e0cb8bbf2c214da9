"""Bills of materials: CycloneDX as JSON and XML, SPDX 2 as JSON and tag-value, SPDX 3, Syft."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from release_staging.evaluation.documents import Places, Written, element, json_document, text_document, xml_document, z
from release_staging.evaluation.tools import oci
from release_staging.evaluation.tools.packages import Package, packages
from release_staging.evaluation.worlds import World

_SOURCE = "sboms"
_MINUTES = 8  # after the image was made


def cyclonedx_image(world: World, kind: str | None = None, *, version: str = "1.6") -> Written:
    """Of the image, as Trivy and Syft write it: the root is the image, its version the digest."""
    image = oci.image(world)
    repository = quote(world.image, safe="")
    root = {
        "bom-ref": "root",
        "type": "container",
        "name": world.image,
        "version": image.digest,
        "purl": f"pkg:oci/{world.service.name}@{quote(image.digest, safe='')}?repository_url={repository}",
    }
    return _cyclonedx(world, root, kind, version, digest=("/metadata/component/version", "/metadata/component/purl"))


def cyclonedx_application(world: World, kind: str | None = None, *, version: str = "1.5") -> Written:
    """Of the application, as the plugins of build tools write it."""
    kind = kind or "pypi"
    root = {
        "bom-ref": "root",
        "type": "application",
        "name": world.service.name,
        "version": world.version.text,
        "purl": f"pkg:{kind}/{world.service.name}@{world.version.text}",
        "externalReferences": [{"type": "vcs", "url": f"{world.service.repository}.git"}],
    }
    return _cyclonedx(world, root, kind, version, version="/metadata/component/version")


def baseline(world: World, listed: tuple[Package, ...]) -> Written:
    """The bill of materials of the release in production, for comparing."""
    root = {"bom-ref": "root", "type": "application", "name": world.service.name, "version": world.previous.text}
    tree = _bom(world, root, listed, "1.6") | {"serialNumber": f"urn:uuid:{world.uuid('baseline')}"}
    path = world.path("sbom", "baseline.cdx.json")
    return json_document(path, _SOURCE, "cyclonedx-json", tree, rows="/components").said(by_run=False, baseline=True)


def cyclonedx_xml(world: World, kind: str = "maven") -> Written:
    """As the Maven plugin writes it."""
    components = [
        element(
            "component",
            {"type": "library", "bom-ref": package.purl},
            *([element("group", None, package.group)] if package.group else []),
            element("name", None, package.name),
            element("version", None, package.version),
            element("hashes", None, element("hash", {"alg": "SHA-256"}, world.hex(package.purl))),
            element("licenses", None, element("license", None, element("id", None, package.licence))),
            element("purl", None, f"{package.purl}?type=jar"),
        )
        for package in packages(world, kind)
    ]
    root = element(
        "component",
        {"type": "application", "bom-ref": "root"},
        element("group", None, "com.example"),
        element("name", None, world.service.name),
        element("version", None, world.version.text),
        element("purl", None, f"pkg:maven/com.example/{world.service.name}@{world.version.text}?type=jar"),
    )
    tool = element("tool", None, element("vendor", None, "OWASP Foundation"), element("name", None, "CycloneDX Maven plugin"))
    metadata = element("metadata", None, element("timestamp", None, z(world.after(-15))), element("tools", None, tool), root)
    bom = element(
        "bom",
        {"xmlns": "http://cyclonedx.org/schema/bom/1.6", "serialNumber": f"urn:uuid:{world.uuid('serial')}", "version": 1},
        metadata,
        element("components", None, *components),
    )
    above = "/*[local-name()='bom'][1]/*[local-name()='metadata'][1]"
    return xml_document(
        world.path("sbom", "bom.xml"),
        _SOURCE,
        "cyclonedx-xml",
        bom,
        time=f"{above}/*[local-name()='timestamp'][1]/text()",
        version=f"{above}/*[local-name()='component'][1]/*[local-name()='version'][1]/text()",
        rows="/*[local-name()='bom'][1]/*[local-name()='components'][1]",
    )


def spdx_json(world: World, kind: str | None = None, *, version: str = "SPDX-2.3") -> Written:
    """Of the image: the described package has its digest and version."""
    image = oci.image(world)
    root: dict[str, Any] = {
        "SPDXID": "SPDXRef-image",
        "name": world.image,
        "versionInfo": world.version.text,
        "primaryPackagePurpose": "CONTAINER",
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "checksums": [{"algorithm": "SHA256", "checksumValue": image.hex}],
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": "NOASSERTION",
        "copyrightText": "NOASSERTION",
    }
    listed = [root, *(_spdx(package) for package in packages(world, kind))]
    tree = {
        "spdxVersion": version,
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": world.image,
        "documentNamespace": f"https://sbom.example.com/{world.service.name}/{world.uuid('namespace')}",
        "creationInfo": {"created": z(world.after(_MINUTES)), "creators": ["Organization: Example", "Tool: syft-1.38.0"]},
        "packages": listed,
        "relationships": [
            {"spdxElementId": "SPDXRef-DOCUMENT", "relatedSpdxElement": "SPDXRef-image", "relationshipType": "DESCRIBES"},
            *(
                {"spdxElementId": "SPDXRef-image", "relatedSpdxElement": one["SPDXID"], "relationshipType": "CONTAINS"}
                for one in listed[1:]
            ),
        ],
    }
    return json_document(
        world.path("sbom", "sbom.spdx.json"),
        _SOURCE,
        "spdx-json",
        tree,
        digest="/packages/0/checksums/0/checksumValue",
        version="/packages/0/versionInfo",
        time="/creationInfo/created",
        format="/spdxVersion",
        rows="/packages",
    )


def spdx_tag_value(world: World, kind: str | None = None) -> Written:
    blocks = [
        "\n".join(
            (
                f"PackageName: {package.name}",
                f"SPDXID: SPDXRef-Package-{package.name}",
                f"PackageVersion: {package.version}",
                "PackageDownloadLocation: NOASSERTION",
                "FilesAnalyzed: false",
                "PackageLicenseConcluded: NOASSERTION",
                f"PackageLicenseDeclared: {package.licence}",
                "PackageCopyrightText: NOASSERTION",
                f"ExternalRef: PACKAGE-MANAGER purl {package.purl}",
                f"Relationship: SPDXRef-image CONTAINS SPDXRef-Package-{package.name}",
            )
        )
        for package in packages(world, kind)
    ]
    created, image = z(world.after(_MINUTES)), oci.image(world)
    head = f"""SPDXVersion: SPDX-2.3
DataLicense: CC0-1.0
SPDXID: SPDXRef-DOCUMENT
DocumentName: {world.service.name}
DocumentNamespace: https://sbom.example.com/{world.service.name}/{world.uuid("namespace")}
Creator: Organization: Example
Creator: Tool: sbom-tool-4.1.4
Created: {created}

PackageName: {world.image}
SPDXID: SPDXRef-image
PackageVersion: {world.version.text}
PackageDownloadLocation: NOASSERTION
FilesAnalyzed: false
PackageChecksum: SHA256: {image.hex}
PackageLicenseConcluded: NOASSERTION
PackageLicenseDeclared: NOASSERTION
PackageCopyrightText: NOASSERTION
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-image
"""
    text = "\n".join([head, *(block + "\n" for block in blocks)])
    return text_document(
        world.path("sbom", "manifest.spdx"), _SOURCE, "spdx-tag-value", text, time=created, digest=image.hex, format="SPDX-2.3"
    )


def spdx3_json(world: World, kind: str | None = None) -> Written:
    base = f"https://sbom.example.com/{world.service.name}"
    about = {"creationInfo": "_:creationinfo"}
    image = {
        "type": "software_Package",
        "spdxId": f"{base}/image",
        **about,
        "name": world.image,
        "software_packageVersion": world.version.text,
        "software_primaryPurpose": "container",
        "verifiedUsing": [{"type": "Hash", "algorithm": "sha256", "hashValue": oci.image(world).hex}],
    }
    listed = [
        {
            "type": "software_Package",
            "spdxId": f"{base}/{package.name}",
            **about,
            "name": package.name,
            "software_packageVersion": package.version,
            "software_packageUrl": package.purl,
        }
        for package in packages(world, kind)
    ]
    contains = {
        "type": "Relationship",
        "spdxId": f"{base}/contains",
        **about,
        "from": f"{base}/image",
        "relationshipType": "contains",
        "to": [one["spdxId"] for one in listed],
    }
    graph = [
        {
            "type": "CreationInfo",
            "@id": "_:creationinfo",
            "specVersion": "3.0.1",
            "created": z(world.after(_MINUTES)),
            "createdBy": [f"{base}/agent"],
        },
        {"type": "Organization", "spdxId": f"{base}/agent", **about, "name": "Example"},
        {
            "type": "SpdxDocument",
            "spdxId": f"{base}/document",
            **about,
            "profileConformance": ["core", "software"],
            "rootElement": [f"{base}/sbom"],
        },
        {"type": "software_Sbom", "spdxId": f"{base}/sbom", **about, "software_sbomType": ["build"], "rootElement": [f"{base}/image"]},
        image,
        *listed,
        contains,
    ]
    return json_document(
        world.path("sbom", "sbom.spdx3.json"),
        _SOURCE,
        "spdx3-json",
        {"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": graph},
        time="/@graph/0/created",
        digest="/@graph/4/verifiedUsing/0/hashValue",
        version="/@graph/4/software_packageVersion",
        rows="/@graph",
    )


def syft_json(world: World, kind: str | None = None) -> Written:
    image = oci.image(world)
    listed = [
        {
            "id": world.hex(package.purl, 16),
            "name": package.name,
            "version": package.version,
            "type": {"pypi": "python", "golang": "go-module", "maven": "java-archive", "nuget": "dotnet"}.get(package.kind, package.kind),
            "foundBy": "cataloger",
            "language": "",
            "cpes": [],
            "locations": [{"path": f"/srv/{package.name}", "layerID": world.digest("diff 0")}],
            "licenses": [{"value": package.licence, "spdxExpression": package.licence, "type": "declared", "urls": [], "locations": []}],
            "purl": package.purl,
        }
        for package in packages(world, kind)
    ]
    reference = f"{world.image}:{world.version.text}"
    metadata = {
        "userInput": reference,
        "imageID": image.config,
        "manifestDigest": image.manifest,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "tags": [reference],
        "imageSize": 48318255,
        "layers": [],
        "repoDigests": [f"{world.image}@{image.digest}"],
        "architecture": "amd64",
        "os": "linux",
    }
    tree = {
        "artifacts": listed,
        "artifactRelationships": [{"parent": "root", "child": one["id"], "type": "contains"} for one in listed],
        "files": [],
        "source": {"id": "root", "name": world.image, "version": world.version.text, "type": "image", "metadata": metadata},
        "distro": {"id": "debian", "version": "12"},
        "descriptor": {"name": "syft", "version": "1.38.0", "configuration": {"search": {"scope": "squashed"}}},
        "schema": {"version": "16.0.42", "url": "https://raw.githubusercontent.com/anchore/syft/main/schema/json/schema-16.0.42.json"},
    }
    return json_document(
        world.path("sbom", "syft.json"),
        _SOURCE,
        "syft-json",
        tree,
        digest=tuple(f"/source/metadata/{key}" for key in ("repoDigests/0", "imageID", "manifestDigest")),
        format="/schema/version",
        rows="/artifacts",
    )


def _cyclonedx(world: World, root: dict[str, Any], kind: str | None, spec: str, **facts: Places) -> Written:
    return json_document(
        world.path("sbom", "sbom.cdx.json"),
        _SOURCE,
        "cyclonedx-json",
        _bom(world, root, packages(world, kind), spec),
        time="/metadata/timestamp",
        format="/specVersion",
        rows="/components",
        **facts,
    )


def _bom(world: World, root: dict[str, Any], listed: tuple[Package, ...], spec: str) -> dict[str, Any]:
    tool = {"type": "application", "name": "syft", "version": "1.38.0"}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": spec,
        "serialNumber": f"urn:uuid:{world.uuid('serial')}",
        "version": 1,
        "metadata": {
            "timestamp": z(world.after(_MINUTES)),
            "tools": {"components": [tool]} if spec >= "1.5" else [{"vendor": "anchore", "name": "syft", "version": "1.38.0"}],
            "component": root,
        },
        "components": [
            {
                "bom-ref": package.purl,
                "type": "library",
                **({"group": package.group} if package.group else {}),
                "name": package.name,
                "version": package.version,
                "licenses": [{"license": {"id": package.licence}}],
                "purl": package.purl,
            }
            for package in listed
        ],
        "dependencies": [{"ref": "root", "dependsOn": [package.purl for package in listed]}],
    }


def _spdx(package: Package) -> dict[str, Any]:
    return {
        "SPDXID": f"SPDXRef-Package-{package.name}",
        "name": package.name,
        "versionInfo": package.version,
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": package.licence,
        "copyrightText": "NOASSERTION",
        "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": package.purl}],
    }
