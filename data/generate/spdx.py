"""An SPDX 2.3 document (https://spdx.github.io/spdx-spec/v2.3/) of the packages that the captured CycloneDX SBOM lists."""

from __future__ import annotations

import json
import re
from typing import Any

CREATED = "2026-11-20T08:44:03Z"
NAMESPACE = "https://spdx.example.com/billing-api/4.12.0-rc.3/6e1f3f3a-0c1b-4f0e-9d3c-5a7b2d8e9c41"


def document(cyclonedx: bytes, words: dict[str, str], index_hex: str) -> bytes:
    """``words`` is the candidate's identity, ``index_hex`` the SHA-256 of its image index."""
    components = json.loads(cyclonedx)["components"]
    packages = [_candidate(words, index_hex), *map(_package, components)]
    root = packages[0]["SPDXID"]
    relationships = [_relationship("SPDXRef-DOCUMENT", "DESCRIBES", root)]
    relationships += [_relationship(root, "CONTAINS", package["SPDXID"]) for package in packages[1:]]
    content = {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"{words['service']}-{words['version']}",
        "documentNamespace": NAMESPACE,
        "creationInfo": {
            "created": CREATED,
            "creators": ["Organization: acme-pay", "Tool: image-sbom-2.4.0"],
            "licenseListVersion": "3.27",
        },
        "packages": packages,
        "relationships": relationships,
    }
    return json.dumps(content, indent=2).encode() + b"\n"


def _candidate(words: dict[str, str], index_hex: str) -> dict[str, Any]:
    repository, _, name = words["image"].rpartition("/")
    purl = f"pkg:oci/{name}@sha256%3A{index_hex}?repository_url={repository}/{name}&tag={words['version']}"
    return {
        "SPDXID": f"SPDXRef-Package-{words['service']}",
        "name": words["service"],
        "versionInfo": words["version"],
        "supplier": "Organization: acme-pay",
        "downloadLocation": f"git+{words['repository']}@{words['commit']}",
        "filesAnalyzed": False,
        "checksums": [{"algorithm": "SHA256", "checksumValue": index_hex}],
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": "Apache-2.0",
        "copyrightText": "NOASSERTION",
        "primaryPackagePurpose": "CONTAINER",
        "externalRefs": [_purl(purl)],
    }


def _package(component: dict[str, Any]) -> dict[str, Any]:
    licences = [entry.get("expression") or entry["license"].get("id") for entry in component.get("licenses", [])]
    known = [licence for licence in licences if licence]
    return {
        "SPDXID": "SPDXRef-Package-" + re.sub(r"[^A-Za-z0-9.-]", "-", component["name"]),
        "name": component["name"],
        "versionInfo": component["version"],
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": known[0] if len(known) == 1 else "NOASSERTION",
        "copyrightText": "NOASSERTION",
        "primaryPackagePurpose": "LIBRARY",
        "externalRefs": [_purl(component["purl"])],
    }


def _purl(purl: str) -> dict[str, str]:
    return {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": purl}


def _relationship(element: str, kind: str, related: str) -> dict[str, str]:
    return {"spdxElementId": element, "relationshipType": kind, "relatedSpdxElement": related}
