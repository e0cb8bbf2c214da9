"""The packet descriptor, as ``release-staging pack`` writes it: the candidate, and for each document what it is and where it comes from."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from data.generate.documents import WORDS, Files

SUBMITTED_AT = "2026-11-20T10:15:00Z"


class About(NamedTuple):
    """What the descriptor says of a document. ``by_run``: it was made in the CI run that built the candidate."""

    source: str
    format: str
    by_run: bool = True
    level: str | None = None
    environment: str | None = None


ABOUT = {
    "release-manifest.json": About("release_manifest", "release-manifest"),
    "release/github-release.json": About("release_manifest", "github-release"),
    "ci/run.json": About("pipeline_runs", "github-actions-run"),
    "ci/jobs.json": About("pipeline_runs", "github-actions-jobs"),
    "registry/index.json": About("artifact_registry", "oci-image-index"),
    "registry/manifest-amd64.json": About("artifact_registry", "oci-image-manifest"),
    "registry/manifest-arm64.json": About("artifact_registry", "oci-image-manifest"),
    "registry/config-amd64.json": About("artifact_registry", "oci-image-config"),
    "registry/config-arm64.json": About("artifact_registry", "oci-image-config"),
    "provenance/provenance.dsse.json": About("provenance_attestations", "dsse-envelope"),
    "provenance/provenance.intoto.json": About("provenance_attestations", "in-toto-statement"),
    "tests/unit.xml": About("test_reports", "junit-xml", level="unit", environment="ci"),
    "tests/integration.ctrf.json": About("test_reports", "ctrf-json", level="integration", environment="ci"),
    "tests/smoke.xml": About("test_reports", "junit-xml", level="smoke", environment="staging-eu"),
    "load/k6-summary.json": About("test_reports", "k6-summary", level="load", environment="staging-eu"),
    "canary/analysisrun.yaml": About("canary_analyses", "argo-analysisrun", environment="production-eu"),
    "sbom/sbom.cdx.json": About("sboms", "cyclonedx-json"),
    "sbom/sbom.spdx.json": About("sboms", "spdx-json"),
    "scans/trivy.json": About("vulnerability_scans", "trivy-json"),
    "scans/grype.json": About("vulnerability_scans", "grype-json"),
    "scans/bandit.sarif": About("vulnerability_scans", "sarif"),
    "policy/policyreport.yaml": About("policy_checks", "policyreport", environment="staging-eu"),
    "policy/conftest.json": About("policy_checks", "conftest-json"),
    "config/production.diff": About("config_diffs", "unified-diff"),
    "config/plan.json": About("config_diffs", "terraform-plan-json", environment="production-eu"),
    "rollback/runbook.md": About("rollback_runbooks", "rollback-runbook-markdown", by_run=False),
    "incidents/INC-2031.md": About("incident_notes", "incident-note-markdown", by_run=False),
    "catalog/catalog-info.yaml": About("service_catalog", "backstage-catalog", by_run=False),
}


def text(files: Files) -> bytes:
    """``packet.yaml`` of a packet with these documents."""
    lines = [
        'packet: "1"',
        f"id: {WORDS['service']}-{WORDS['version']}",
        f"submitted_at: {SUBMITTED_AT}",
        "candidate:",
        *(f"  {name}: {WORDS[name]}" for name in ("service", "version", "commit", "tag", "branch", "repository")),
        "  build:",
        f'    id: "{WORDS["run"]}"',
        f"    url: {WORDS['repository']}/actions/runs/{WORDS['run']}",
        "environments: [production-eu, production-us]",
        "documents:",
    ]
    for path in sorted(files):
        about = ABOUT[path]
        lines += [f"  - path: {path}", f"    source: {about.source}", f"    format: {about.format}"]
        lines.append(f'    sha256: "{hashlib.sha256(files[path]).hexdigest()}"')
        lines += [f"    {name}: {value}" for name in ("level", "environment") if (value := getattr(about, name))]
        lines += [f'    run: "{WORDS["run"]}"'] if about.by_run else []
    return "\n".join(lines).encode() + b"\n"
