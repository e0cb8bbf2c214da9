"""Documents of any size for benchmarks, shaped like what the usual tools write."""

from __future__ import annotations

import base64
import random
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import orjson


def _filled(head: dict[str, Any], key: str, size: int, make: Callable[[int], dict[str, Any]], option: int | None = None) -> bytes:
    """``head`` with an array at ``key`` that makes the document about ``size`` bytes."""
    items, length = [], 0
    for number in count():
        if length >= size:
            break
        items.append(make(number))
        length += len(orjson.dumps(items[-1], option=option))
    return orjson.dumps(head | {key: items}, option=option)


def _hex(number: int, bits: int) -> str:
    return f"{random.Random(number).getrandbits(bits):0{bits // 4}x}"


def cyclonedx_json(size: int) -> bytes:
    def component(number: int) -> dict[str, Any]:
        version = f"{number % 9}.{number % 31}.{number % 7}"
        return {
            "bom-ref": f"pkg:npm/package-{number}@{version}?package-id={_hex(number, 64)}",
            "type": "library",
            "name": f"package-{number}",
            "version": version,
            "licenses": [{"license": {"id": "MIT"}}],
            "hashes": [{"alg": "SHA-512", "content": _hex(number, 512)}],
            "purl": f"pkg:npm/package-{number}@{version}",
            "externalReferences": [{"type": "distribution", "url": f"https://example.com/package-{number}.tgz"}],
            "properties": [{"name": f"location:{index}", "value": f"/node_modules/{number}/{index}/package.json"} for index in range(6)],
        }

    described = {"type": "application", "name": "billing-api", "version": "2.4.0"}
    return _filled({"bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": {"component": described}}, "components", size, component)


def spdx_json(size: int) -> bytes:
    def package(number: int) -> dict[str, Any]:
        return {
            "name": f"package-{number}",
            "SPDXID": f"SPDXRef-Package-{number}",
            "versionInfo": f"{number % 9}.{number % 31}.{number % 7}",
            "downloadLocation": f"https://example.com/package-{number}.tgz",
            "filesAnalyzed": False,
            "checksums": [{"algorithm": "SHA512", "checksumValue": _hex(number, 512)}],
            "licenseConcluded": "NOASSERTION",
            "licenseDeclared": "MIT",
            "externalRefs": [
                {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": f"pkg:npm/package-{number}@1.0"}
            ],
        }

    creation = {"creators": ["Tool: syft-1.0.0"], "created": "2026-01-01T00:00:00Z"}
    identity = {"SPDXID": "SPDXRef-DOCUMENT", "name": "app", "dataLicense": "CC0-1.0", "documentNamespace": "https://example.com/app"}
    return _filled({"spdxVersion": "SPDX-2.3", **identity, "creationInfo": creation}, "packages", size, package)


def syft_json(size: int) -> bytes:
    def artifact(number: int) -> dict[str, Any]:
        return {
            "id": _hex(number, 64),
            "name": f"package-{number}",
            "version": "1.0.0",
            "type": "npm",
            "locations": [{"path": f"/app/node_modules/{number}/package.json"}],
            "licenses": [{"value": "MIT", "spdxExpression": "MIT"}],
            "purl": f"pkg:npm/package-{number}@1.0.0",
        }

    head = {
        "artifactRelationships": [],
        "source": {"type": "directory", "name": "app", "metadata": {"path": "/app"}},
        "descriptor": {"name": "syft", "version": "1.0.0"},
        "schema": {"version": "16.0.0"},
    }
    return _filled(head, "artifacts", size, artifact)


def _finding(number: int) -> dict[str, Any]:
    return {
        "VulnerabilityID": f"CVE-2026-{number}",
        "PkgName": f"libx{number % 500}",
        "InstalledVersion": f"1.2.{number % 9}",
        "FixedVersion": f"1.2.{number % 9 + 1}",
        "Severity": "HIGH",
        "Description": "A heap-based buffer overflow was found in the parser of libx. " * 12,
        "CVSS": {"nvd": {"V3Vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "V3Score": 9.8}},
        "References": [f"https://example.com/{index}/CVE-2026-{number}" for index in range(8)],
    }


def trivy_json(size: int) -> bytes:
    result = _filled({"Target": "app (debian 12)", "Class": "os-pkgs", "Type": "debian"}, "Vulnerabilities", size, _finding)
    head = {"SchemaVersion": 2, "ArtifactName": "app:1", "ArtifactType": "container_image"}
    return orjson.dumps(head | {"Results": [orjson.Fragment(result)]})


def grype_json(size: int) -> bytes:
    def match(number: int) -> dict[str, Any]:
        package = {"name": f"libx{number % 500}", "version": f"1.2.{number % 9}", "type": "deb", "purl": f"pkg:deb/debian/libx{number}@1.2"}
        return {
            "vulnerability": {
                "id": f"CVE-2026-{number}",
                "dataSource": f"https://security-tracker.debian.org/tracker/CVE-2026-{number}",
                "severity": "High",
                "description": "A heap-based buffer overflow was found in the parser of libx. " * 4,
                "cvss": [{"version": "3.1", "vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "metrics": {"baseScore": 9.8}}],
                "fix": {"versions": [f"1.2.{number % 9 + 1}"], "state": "fixed"},
            },
            "relatedVulnerabilities": [{"id": f"GHSA-{_hex(number, 32)}", "namespace": "github:language:go"}],
            "matchDetails": [{"type": "exact-direct-match", "matcher": "dpkg-matcher"}],
            "artifact": {**package, "locations": [{"path": "/var/lib/dpkg/status"}], "licenses": ["MIT"]},
        }

    head = {"source": {"type": "directory", "target": "/app"}, "descriptor": {"name": "grype", "version": "0.91.0"}}
    return _filled(head, "matches", size, match)


def sarif(size: int) -> bytes:
    def result(number: int) -> dict[str, Any]:
        place = {"artifactLocation": {"uri": f"src/billing/{number % 700}.go"}, "region": {"startLine": number % 900 + 1, "startColumn": 4}}
        return {
            "ruleId": f"go/rule-{number % 40}",
            "ruleIndex": number % 40,
            "level": "warning",
            "message": {"text": f"This query depends on a user-provided value ({number})."},
            "locations": [{"physicalLocation": place}],
            "partialFingerprints": {"primaryLocationLineHash": f"{_hex(number, 64)}:1"},
        }

    rules = [{"id": f"go/rule-{number}", "defaultConfiguration": {"level": "warning"}} for number in range(40)]
    run = _filled({"tool": {"driver": {"name": "CodeQL", "semanticVersion": "2.18.1", "rules": rules}}}, "results", size, result)
    return orjson.dumps({"version": "2.1.0", "runs": [orjson.Fragment(run)]})


def dsse(size: int) -> bytes:
    """An envelope whose statement names many subjects."""

    def subject(number: int) -> dict[str, Any]:
        return {"name": f"billing-api-{number}", "digest": {"sha256": _hex(number, 256)}}

    definition = {"buildType": "https://actions.github.io/buildtypes/workflow/v1", "externalParameters": {}}
    predicate = {"buildDefinition": definition, "runDetails": {"builder": {"id": "https://ci.example.com/builder"}}}
    head = {"_type": "https://in-toto.io/Statement/v1", "predicateType": "https://slsa.dev/provenance/v1", "predicate": predicate}
    payload = base64.b64encode(_filled(head, "subject", size * 3 // 4, subject)).decode()
    return orjson.dumps({"payloadType": "application/vnd.in-toto+json", "payload": payload, "signatures": [{"sig": "MEUCIQ=="}]})


def ctrf(size: int) -> bytes:
    def test(number: int) -> dict[str, Any]:
        name = f"computes the invoice of customer {number}"
        return {
            "name": name,
            "status": "passed",
            "duration": number % 900,
            "suite": ["billing", f"{number % 90}"],
            "filePath": "tests/pay.ts",
        }

    tests = orjson.loads(_filled({}, "tests", size, test))["tests"]
    summary = dict.fromkeys(("failed", "skipped", "pending", "other"), 0) | {"tests": len(tests), "passed": len(tests)}
    results = {"tool": {"name": "playwright"}, "summary": summary | {"start": 1795162800123, "stop": 1795163000000}, "tests": tests}
    return orjson.dumps({"reportFormat": "CTRF", "specVersion": "1.0.0", "results": results})


def go_test(size: int) -> bytes:
    def events(number: int) -> bytes:
        test = {"Time": "2026-11-20T08:50:00.1Z", "Package": f"acme/billing/{number // 100}", "Test": f"TestInvoice{number}"}
        steps = (
            {"Action": "run"},
            {"Action": "output", "Output": f"    invoice_test.go:12: {number}\n"},
            {"Action": "pass", "Elapsed": 0.01},
        )
        return b"".join(orjson.dumps(test | step) + b"\n" for step in steps)

    return b"".join(map(events, range(size // len(events(10**5)))))


def trx(size: int) -> bytes:
    def result(number: int) -> str:
        times = 'duration="00:00:00.0123000" startTime="2026-11-20T09:00:01.0+00:00" endTime="2026-11-20T09:00:01.1+00:00"'
        return f'<UnitTestResult executionId="e{number}" testId="t{number}" testName="Invoice_{number}" {times} outcome="Passed" />\n'

    count = size // len(result(10**5))
    counters = f'<Counters total="{count}" executed="{count}" passed="{count}" failed="0" />'
    return (
        '<TestRun id="r" name="ci" xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010">\n<Results>\n'
        + "".join(map(result, range(count)))
        + f'</Results>\n<ResultSummary outcome="Completed">{counters}</ResultSummary>\n</TestRun>\n'
    ).encode()


def _junit_lines(size: int) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n'
    length = 0
    for suite in count():
        if length >= size:
            break
        name = f"com.example.billing.Suite{suite}"
        cases = [
            f'<testcase name="computes_the_invoice_for_customer_{number}_in_region_{suite % 50}" classname="{name}" time="0.{number:03}"'
            + (
                '><failure message="expected 1">java.lang.AssertionError\n\tat com.example.Foo.bar(Foo.java:12)</failure></testcase>'
                if number < 3
                else "/>"
            )
            for number in range(100)
        ]
        text = f'<testsuite name="{name}" tests="100" failures="3" time="12.5">\n' + "\n".join(cases) + "\n</testsuite>\n"
        length += len(text)
        yield text
    yield "</testsuites>\n"


def junit_xml(size: int) -> bytes:
    return "".join(_junit_lines(size)).encode()


MAKERS: dict[str, Callable[[int], bytes]] = {
    "cyclonedx-json": cyclonedx_json,
    "spdx-json": spdx_json,
    "syft-json": syft_json,
    "trivy-json": trivy_json,
    "grype-json": grype_json,
    "sarif": sarif,
    "dsse": dsse,
    "ctrf": ctrf,
    "go-test": go_test,
    "junit-xml": junit_xml,
    "trx": trx,
}
