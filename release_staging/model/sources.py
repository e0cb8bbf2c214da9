"""The table of evidence sources. Each row becomes one extraction asset; adding a source is adding a row."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """A family of evidence documents.

    ``name`` is the asset's name, ``tables`` the row tables (see ``model.tables``) its readers may fill,
    ``owner`` the role that is asked when the evidence is missing or cannot be read.
    """

    name: str
    title: str
    tables: tuple[str, ...]
    owner: str


SOURCES: tuple[Source, ...] = (
    Source("release_manifest", "What is being released, by its own declaration", ("artifacts",), "release_manager"),
    Source("pipeline_runs", "CI/CD runs and their jobs", ("jobs",), "release_manager"),
    Source("artifact_registry", "What a registry says it holds", ("artifacts",), "release_manager"),
    Source("provenance_attestations", "in-toto and SLSA attestations", ("attestations",), "security_reviewer"),
    Source("test_reports", "Unit, integration, load and smoke results", ("test_suites", "test_cases", "metrics"), "service_owner"),
    Source("canary_analyses", "Canary judgements", ("metrics",), "service_owner"),
    Source("sboms", "Software bills of materials", ("packages", "vulnerabilities"), "security_reviewer"),
    Source("vulnerability_scans", "Scanner findings and VEX", ("vulnerabilities",), "security_reviewer"),
    Source("policy_checks", "Policy engine results", ("policy_results",), "security_reviewer"),
    Source("config_diffs", "Configuration changes by environment", ("config_changes",), "service_owner"),
    Source("rollback_runbooks", "How to go back", ("runbook_steps",), "service_owner"),
    Source("incident_notes", "Sanitised incident notes", ("incidents",), "service_owner"),
    Source("service_catalog", "Who owns the service", ("catalog_entities",), "service_owner"),
)

SOURCE_BY_NAME: dict[str, Source] = {source.name: source for source in SOURCES}
