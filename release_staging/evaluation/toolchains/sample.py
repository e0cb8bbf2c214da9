"""The sample packets' own clean packet (``data/packets/clean``): what real tools wrote, and documents written true to their formats.

Its world is always the same; only the packing and the faults differ. Where its facts stand is stated here.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

from release_staging.config.settings import ROOT
from release_staging.evaluation.builder import DESCRIPTOR, PacketBuilder
from release_staging.evaluation.documents import Written, at
from release_staging.evaluation.packets import Packet, Toolchain
from release_staging.evaluation.tools.attestations import PROVENANCE_V1
from release_staging.evaluation.worlds import Home, Version, World, world
from release_staging.parsing import yaml

_FOLDER = ROOT / "data" / "packets" / "clean"
_NOTE = "incidents/INC-2031.md"
_HOME = Home("https://github.com/acme-pay/{service}", "registry.example.com/billing", ("billing-api", "dunning-api", "ledger-api"))


def _numbered(pattern: str, count: int, *keys: str) -> tuple[str, ...]:
    return tuple(pattern.format(number) + key for number in range(count) for key in (keys or ("",)))


def _junit(count: int) -> dict[str, Any]:
    suite = "/testsuites[1]/testsuite[1]"
    return {
        **{name: f"{suite}/properties[1]/property[{place}]/@value" for place, name in enumerate(("service", "version", "commit"), 1)},
        "time": f"{suite}/@timestamp",
        "total": f"{suite}/@tests",
        "failed": f"{suite}/@failures",
        "case": f"{suite}/testcase[1]",
        "cases": tuple(f"{suite}/testcase[{number}]" for number in range(1, count + 1)),
    }


# Path -> prefix of locators, and facts by what follows it.
_FACTS: dict[str, tuple[str, dict[str, Any]]] = {
    "release-manifest.json": (
        "json-pointer:",
        {
            "service": "/service",
            "repository": "/repository",
            "version": "/version",
            "commit": "/commit",
            "tag": "/tag",
            "build": "/build/id",
            "targets": "/environments",
            "digest": "/artifacts/0/digest",
            "rollback": "/rollback",
            "rollback_version": "/rollback/version",
            "rollback_digest": "/rollback/digest",
            "review": "/securityReview",
            "format": "/releaseManifest",
        },
    ),
    "release/github-release.json": (
        "json-pointer:",
        {"version": "/tag_name", "tag": "/tag_name", "commit": "/target_commitish", "text": "/body"},
    ),
    "ci/run.json": (
        "json-pointer:",
        {
            "commit": "/head_sha",
            "time": ("/updated_at", "/run_started_at"),
            "build": "/id",
            "verdict": "/conclusion",
            "repository": ("/repository/html_url", "/head_repository/html_url"),
            "text": "/head_commit/message",
        },
    ),
    "ci/jobs.json": (
        "json-pointer:",
        {
            "commit": _numbered("/jobs/{}/head_sha", 8),
            "time": _numbered("/jobs/{}", 8, "/started_at", "/completed_at"),
            "status": "/jobs/2/conclusion",
            "total": "/total_count",
        },
    ),
    "provenance/provenance.dsse.json": ("json-pointer:", {**PROVENANCE_V1, "envelope": ""}),
    "tests/unit.xml": ("xpath:", _junit(24)),
    "tests/smoke.xml": ("xpath:", _junit(2)),
    "tests/integration.ctrf.json": (
        "json-pointer:",
        {
            "time": ("/timestamp", "/results/summary/start", "/results/summary/stop"),
            "total": "/results/summary/tests",
            "failed": "/results/summary/failed",
            "status": "/results/tests/1/status",
            "statuses": _numbered("/results/tests/{}/status", 8),
            "rows": "/results/tests",
            "format": "/specVersion",
        },
    ),
    "load/k6-summary.json": ("json-pointer:", {"status": "/metrics/http_req_duration/thresholds/p(95)<400/ok", "rows": "/metrics"}),
    "canary/analysisrun.yaml": (
        "yaml=0;json-pointer:",
        {
            "version": "/spec/args/1/value",
            "time": ("/status/completedAt", "/status/startedAt"),
            "verdict": "/status/phase",
            "status": "/status/metricResults/0/phase",
            "measured": "/status/metricResults/1",
            "format": "/apiVersion",
        },
    ),
    "sbom/sbom.cdx.json": (
        "json-pointer:",
        {
            "time": "/metadata/timestamp",
            "version": "/metadata/component/version",
            "repository": "/metadata/component/externalReferences/0/url",
            "format": "/specVersion",
            "rows": "/components",
        },
    ),
    "sbom/sbom.spdx.json": (
        "json-pointer:",
        {
            "time": "/creationInfo/created",
            "version": "/packages/0/versionInfo",
            "digest": ("/packages/0/checksums/0/checksumValue", "/packages/0/externalRefs/0/referenceLocator"),
            "commit": "/packages/0/downloadLocation",
            "format": "/spdxVersion",
            "rows": "/packages",
        },
    ),
    "scans/trivy.json": (
        "json-pointer:",
        {
            "time": "/CreatedAt",
            "digest": ("/Metadata/RepoDigests/0", "/Metadata/ImageID"),
            "severity": "/Results/0/Vulnerabilities/0/Severity",
            "text": "/Results/0/Vulnerabilities/0/Description",
            "format": "/SchemaVersion",
            "rows": "/Results",
        },
    ),
    "scans/grype.json": (
        "json-pointer:",
        {
            "time": "/descriptor/timestamp",
            "database": "/descriptor/db/status/built",
            "digest": tuple(f"/source/target/{key}" for key in ("repoDigests/0", "userInput", "imageID", "manifestDigest")),
            "severity": "/matches/0/vulnerability/severity",
            "text": "/matches/0/vulnerability/description",
        },
    ),
    "scans/bandit.sarif": (
        "json-pointer:",
        {
            "time": "/runs/0/invocations/0/endTimeUtc",
            "severity": "/runs/0/results/0/level",
            "text": "/runs/0/results/0/message/text",
            "format": "/version",
        },
    ),
    "policy/policyreport.yaml": (
        "yaml=0;json-pointer:",
        {
            "time": _numbered("/results/{}/timestamp/seconds", 4),
            "status": "/results/0/result",
            "count": "/summary/pass",
            "text": "/results/0/message",
            "format": "/apiVersion",
            "rows": "/results",
        },
    ),
    "policy/conftest.json": ("json-pointer:", {"total": "/0/successes"}),
    "config/plan.json": (
        "json-pointer:",
        {"format": "/format_version", "environment": "/variables/environment/value", "rows": "/resource_changes"},
    ),
    "rollback/runbook.md": (
        "line=1,9;yaml=0;json-pointer:",
        {
            "service": "/service",
            "environments": "/environments",
            "rollback_version": "/rollback/version",
            "rollback_digest": "/rollback/digest",
            "rollback_reference": "/rollback/reference",
            "exercised": "/last_exercised",
        },
    ),
    "catalog/catalog-info.yaml": ("yaml=0;json-pointer:", {"service": "/metadata/name", "owner": "/spec/owner", "format": "/apiVersion"}),
}
_WORDS = {_NOTE: {"citation": (", see `load/k6-summary.json`", ", see `tests/unit.xml`"), "text": ("None was lost",)}}


class _Sample(Toolchain):
    """The one packet, packed as the seed says."""

    def packet(self, seed: str) -> Packet:
        kept, written = _documents()
        made = replace(_world(), packing=world(f"{self.name}/{seed}", self.home).packing, seed=f"{self.name}/{seed}")
        builder = PacketBuilder({path: one.data for path, one in written.items()}, yaml.parse(kept), kept)
        return Packet(self, made, builder, written)


@cache
def _documents() -> tuple[bytes, dict[str, Written]]:
    """The descriptor, and the documents as it describes them."""
    kept = (_FOLDER / DESCRIPTOR).read_bytes()
    return kept, {entry["path"]: _written(entry) for entry in yaml.parse(kept)["documents"]}


def _written(entry: dict[str, Any]) -> Written:
    path = entry["path"]
    data = (_FOLDER / path).read_bytes()
    prefix, facts = _FACTS.get(path, ("", {}))
    places = {name: tuple(prefix + one for one in ((said,) if isinstance(said, str) else said)) for name, said in facts.items()}
    places |= {name: tuple(at(data.decode(), words) for words in said) for name, said in _WORDS.get(path, {}).items()}
    return Written(path, data, entry["source"], entry["format"], places, entry.get("level"), entry.get("environment"), "run" in entry)


@cache
def _world() -> World:
    kept, _ = _documents()
    said = yaml.parse(kept)
    candidate = said["candidate"]
    version = candidate["version"]
    return World(
        seed="sample",
        service=_HOME.service(candidate["service"]),
        version=Version(version, version, candidate["tag"]),
        previous=Version("4.11.2", "4.11.2", "v4.11.2"),
        next=Version("4.12.0-rc.4", "4.12.0-rc.4", "v4.12.0-rc.4"),
        commit=candidate["commit"],
        branch=candidate["branch"],
        run=int(candidate["build"]["id"]),
        submitted=datetime.fromisoformat(said["submitted_at"]).astimezone(UTC),
        targets=tuple(said["environments"]),
        multi_platform=True,
        layout="by-kind",
        packing="folder",
    )


TOOLCHAIN = _Sample(
    "sample",
    "The sample packets: pytest, CycloneDX and SARIF of real tools; GitHub Actions, k6, Argo Rollouts, Trivy, Grype, Kyverno",
    _HOME,
    lambda _: (),
    lambda made: str(made.run),
)
