"""Scanners: Trivy, Grype, OSV-Scanner, Snyk, npm audit, pip-audit, and SARIF of a static analysis."""

from __future__ import annotations

from collections import Counter
from typing import Any

from release_staging.evaluation.documents import Written, compact_json_document, fine, json_document
from release_staging.evaluation.tools import oci
from release_staging.evaluation.tools.packages import Finding, findings, packages
from release_staging.evaluation.worlds import World

_SOURCE = "vulnerability_scans"
_MINUTES = 12  # after the image was made
_SEVERITIES = ("critical", "high", "moderate", "low", "info")


def trivy(world: World, kind: str | None = None) -> Written:
    """``trivy image --format json`` of the pushed image."""
    image, reference = oci.image(world), f"{world.image}:{world.version.text}"
    found = [
        {
            "VulnerabilityID": one.id,
            "PkgID": f"{one.package.name}@{one.package.version}",
            "PkgName": one.package.name,
            "PkgIdentifier": {"PURL": one.package.purl, "UID": world.hex(one.id, 16)},
            "InstalledVersion": one.package.version,
            "FixedVersion": one.fixed,
            "Status": "fixed",
            "Layer": {"Digest": world.digest("amd64 layer 1"), "DiffID": world.digest("amd64 diff 1")},
            "SeveritySource": "ghsa",
            "PrimaryURL": f"https://avd.aquasec.com/nvd/{one.id.lower()}",
            "Title": f"{one.package.name}: reads beyond its input",
            "Description": f"{one.package.name} reads beyond its input.",
            "Severity": one.severity,
            "CVSS": {"ghsa": {"V3Score": one.score}},
            "References": [f"https://nvd.nist.gov/vuln/detail/{one.id}"],
        }
        for one in findings(world, kind)
    ]
    tree = {
        "SchemaVersion": 2,
        "Trivy": {"Version": "0.69.3"},
        "CreatedAt": fine(world.after(_MINUTES), 9),
        "ArtifactName": reference,
        "ArtifactType": "container_image",
        "Metadata": {
            "OS": {"Family": "debian", "Name": "12.12"},
            "ImageID": image.config,
            "DiffIDs": [world.digest("amd64 diff 0"), world.digest("amd64 diff 1")],
            "RepoTags": [reference],
            "RepoDigests": [f"{world.image}@{image.digest}"],
            "ImageConfig": {"architecture": "amd64", "created": fine(world.built), "os": "linux"},
        },
        "Results": [
            {"Target": f"{reference} (debian 12.12)", "Class": "os-pkgs", "Type": "debian"},
            {"Target": "Packages", "Class": "lang-pkgs", "Type": "gobinary", "Vulnerabilities": found},
        ],
    }
    return json_document(
        world.path("scans", "trivy.json"),
        _SOURCE,
        "trivy-json",
        tree,
        time="/CreatedAt",
        digest=("/Metadata/RepoDigests/0", "/Metadata/ImageID"),
        severity="/Results/1/Vulnerabilities/0/Severity",
        text="/Results/1/Vulnerabilities/0/Description",
        format="/SchemaVersion",
        rows="/Results",
    )


def grype(world: World, kind: str | None = None) -> Written:
    """``grype -o json`` of the pushed image."""
    image, reference = oci.image(world), f"{world.image}:{world.version.text}"
    built = fine(world.after(_MINUTES - 600), 0).replace(".", "")
    tree = {
        "matches": [_match(world, one) for one in findings(world, kind)],
        "source": {
            "type": "image",
            "target": {
                "userInput": f"{world.image}@{image.digest}",
                "imageID": image.config,
                "manifestDigest": image.manifest,
                "mediaType": "application/vnd.oci.image.manifest.v1+json",
                "tags": [reference],
                "imageSize": 48318255,
                "layers": [],
                "repoDigests": [f"{world.image}@{image.digest}"],
                "architecture": "amd64",
                "os": "linux",
            },
        },
        "distro": {"name": "debian", "version": "12.12", "idLike": []},
        "descriptor": {
            "name": "grype",
            "version": "0.104.1",
            "configuration": {"output": ["json"], "only-fixed": False, "ignore": []},
            "db": {
                "status": {
                    "schemaVersion": "v6.1.3",
                    "from": "https://grype.example.com/databases/v6/vulnerability-db_v6.1.3.tar.zst",
                    "built": built,
                    "valid": True,
                },
                "providers": {"nvd": {"captured": built, "input": "xxh64:7b93f0a1d2e6c485"}},
            },
            "timestamp": fine(world.after(_MINUTES), 9),
        },
    }
    return json_document(
        world.path("scans", "grype.json"),
        _SOURCE,
        "grype-json",
        tree,
        time="/descriptor/timestamp",
        database="/descriptor/db/status/built",
        digest=tuple(f"/source/target/{key}" for key in ("repoDigests/0", "userInput", "imageID", "manifestDigest")),
        severity="/matches/0/vulnerability/severity",
        text="/matches/0/vulnerability/description",
    )


def osv(world: World, kind: str | None = None) -> Written:
    """``osv-scanner scan source --format json``: of lock files, nothing of the candidate."""
    ecosystems = {"pypi": "PyPI", "npm": "npm", "maven": "Maven", "golang": "Go", "nuget": "NuGet"}
    listed = [
        {
            "package": {"name": one.package.name, "version": one.package.version, "ecosystem": ecosystems[one.package.kind]},
            "vulnerabilities": [
                {
                    "id": one.id,
                    "summary": f"{one.package.name} reads beyond its input",
                    "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"}],
                    "database_specific": {"severity": one.severity.replace("MEDIUM", "MODERATE")},
                    "affected": [
                        {
                            "package": {"name": one.package.name},
                            "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": one.fixed}]}],
                        }
                    ],
                }
            ],
            "groups": [{"ids": [one.id], "aliases": [one.id], "max_severity": str(one.score)}],
        }
        for one in findings(world, kind)
    ]
    tree = {"results": [{"source": {"path": "/build/lockfile", "type": "lockfile"}, "packages": listed}]}
    return json_document(
        world.path("scans", "osv.json"),
        _SOURCE,
        "osv-scanner-json",
        tree,
        text="/results/0/packages/0/vulnerabilities/0/summary",
        rows="/results/0/packages",
    )


def snyk(world: World, kind: str | None = None) -> Written:
    """``snyk test --json``: of a project, nothing of the candidate."""
    found = [
        {
            "id": f"SNYK-{one.package.kind.upper()}-{one.package.name.upper()}-{one.id[-5:]}",
            "title": "Out-of-bounds Read",
            "packageName": one.package.name,
            "version": one.package.version,
            "severity": one.severity.lower(),
            "cvssScore": one.score,
            "CVSSv3": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H",
            "from": [f"{world.service.name}@{world.version.text}", f"{one.package.name}@{one.package.version}"],
            "fixedIn": [one.fixed],
            "identifiers": {"CVE": [one.id], "CWE": ["CWE-125"]},
        }
        for one in findings(world, kind)
    ]
    tree = {
        "vulnerabilities": found,
        "ok": False,
        "dependencyCount": 40,
        "org": "apps",
        "packageManager": "maven",
        "summary": f"{len(found)} vulnerable dependency paths",
        "uniqueCount": len(found),
        "projectName": world.service.name,
        "displayTargetFile": "pom.xml",
        "path": "/build",
    }
    return json_document(
        world.path("scans", "snyk.json"),
        _SOURCE,
        "snyk-json",
        tree,
        verdict="/ok",
        severity="/vulnerabilities/0/severity",
        count="/uniqueCount",
        text="/vulnerabilities/0/title",
        rows="/vulnerabilities",
    )


def npm_audit(world: World) -> Written:
    """``npm audit --json`` of npm 7 and later."""
    found = {one.package.name: one for one in findings(world, "npm")}
    words = {"CRITICAL": "critical", "HIGH": "high", "MEDIUM": "moderate", "LOW": "low"}
    counts = Counter(words[one.severity] for one in found.values())
    vulnerabilities = {
        name: {
            "name": name,
            "severity": words[one.severity],
            "isDirect": True,
            "via": [
                {
                    "source": 1090000 + number,
                    "name": name,
                    "dependency": name,
                    "title": f"{name} reads beyond its input",
                    "url": f"https://github.com/advisories/GHSA-{world.hex(name, 4)}-{world.hex(name, 8)[4:]}-{world.hex(name, 12)[8:]}",
                    "severity": words[one.severity],
                    "cwe": ["CWE-125"],
                    "cvss": {"score": one.score, "vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"},
                    "range": f"<{one.fixed}",
                }
            ],
            "effects": [],
            "range": f"<{one.fixed}",
            "nodes": [f"node_modules/{name}"],
            "fixAvailable": True,
        }
        for number, (name, one) in enumerate(found.items())
    }
    first = next(iter(found))
    tree = {
        "auditReportVersion": 2,
        "vulnerabilities": vulnerabilities,
        "metadata": {
            "vulnerabilities": {word: counts[word] for word in reversed(_SEVERITIES)} | {"total": len(found)},
            "dependencies": {"prod": 40, "dev": 12, "optional": 0, "peer": 0, "peerOptional": 0, "total": 51},
        },
    }
    return json_document(
        world.path("scans", "npm-audit.json"),
        _SOURCE,
        "npm-audit",
        tree,
        severity=f"/vulnerabilities/{first}/severity",
        count=f"/metadata/vulnerabilities/{words[found[first].severity]}",
        text=f"/vulnerabilities/{first}/via/0/title",
        format="/auditReportVersion",
    )


def pip_audit(world: World) -> Written:
    """``pip-audit --format json``: without a word on severity."""
    found = {one.package.name: one for one in findings(world, "pypi")}
    dependencies: list[dict[str, Any]] = [
        {
            "name": package.name,
            "version": package.version,
            "vulns": [
                {
                    "id": one.id,
                    "fix_versions": [one.fixed],
                    "aliases": [],
                    "description": f"{package.name} reads beyond its input.",
                }
                for one in found.values()
                if one.package == package
            ],
        }
        for package in packages(world, "pypi")
    ]
    place = next(number for number, one in enumerate(dependencies) if one["vulns"])
    return compact_json_document(
        world.path("scans", "pip-audit.json"),
        _SOURCE,
        "pip-audit-json",
        {"dependencies": dependencies, "fixes": []},
        text=f"/dependencies/{place}/vulns/0/description",
        rows="/dependencies",
    )


def sarif(world: World, tool: str = "CodeQL") -> Written:
    """A static analysis, with the revision it looked at and when."""
    rules = [
        {
            "id": f"rules/{name}",
            "name": name,
            "shortDescription": {"text": f"{name} is checked"},
            "defaultConfiguration": {"enabled": True, "level": level},
            "properties": {"precision": "high", "security-severity": score},
        }
        for name, level, score in (("bounds", "error", "8.8"), ("unused-result", "note", "2.0"))
    ]
    place = {
        "physicalLocation": {
            "artifactLocation": {"uri": "src/store/query.go", "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": world.number("line", 10, 400)},
        }
    }
    result = {
        "ruleId": rules[1]["id"],
        "ruleIndex": 1,
        "level": "note",
        "message": {"text": "The result of this call is not used."},
        "locations": [place],
        "partialFingerprints": {"primaryLocationLineHash": f"{world.hex('line', 16)}:1"},
    }
    run = {
        "tool": {"driver": {"name": tool, "organization": "Example", "semanticVersion": "2.23.3", "rules": rules}},
        "versionControlProvenance": [{"repositoryUri": world.service.repository, "revisionId": world.commit, "branch": world.branch}],
        "invocations": [
            {
                "executionSuccessful": True,
                "startTimeUtc": fine(world.after(10)),
                "endTimeUtc": fine(world.after(_MINUTES)),
            }
        ],
        "columnKind": "utf16CodeUnits",
        "results": [result],
    }
    tree = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    above = "/runs/0"
    return json_document(
        world.path("scans", "analysis.sarif"),
        _SOURCE,
        "sarif",
        tree,
        time=(f"{above}/invocations/0/endTimeUtc", f"{above}/invocations/0/startTimeUtc"),
        commit=f"{above}/versionControlProvenance/0/revisionId",
        repository=f"{above}/versionControlProvenance/0/repositoryUri",
        severity=f"{above}/results/0/level",
        ran=f"{above}/invocations/0/executionSuccessful",
        text=f"{above}/results/0/message/text",
        format="/version",
    )


def _match(world: World, one: Finding) -> dict[str, Any]:
    return {
        "vulnerability": {
            "id": one.id,
            "dataSource": f"https://nvd.nist.gov/vuln/detail/{one.id}",
            "namespace": "github:language:any",
            "severity": one.severity.capitalize(),
            "urls": [],
            "description": f"{one.package.name} reads beyond its input.",
            "cvss": [],
            "fix": {"versions": [one.fixed], "state": "fixed"},
            "advisories": [],
            "risk": 0.0124,
        },
        "relatedVulnerabilities": [],
        "matchDetails": [
            {
                "type": "exact-direct-match",
                "matcher": "stock-matcher",
                "searchedBy": {"language": "any", "package": {"name": one.package.name, "version": one.package.version}},
                "found": {"vulnerabilityID": one.id, "versionConstraint": f"<{one.fixed}"},
            }
        ],
        "artifact": {
            "id": world.hex(one.package.purl, 16),
            "name": one.package.name,
            "version": one.package.version,
            "type": "python",
            "locations": [{"path": f"/srv/{one.package.name}", "layerID": world.digest("amd64 diff 1")}],
            "language": "",
            "licenses": [one.package.licence],
            "cpes": [],
            "purl": one.package.purl,
            "upstreams": [],
        },
    }
