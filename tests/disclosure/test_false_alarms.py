"""Real evidence of public projects raises the reviewed alarms and no others, and fewer false ones than one in a hundred documents.

``reviewed_alarms.json`` lists, by path in the corpus, kinds and counts (never a value), and whether somebody who looked at each
found it to be what the scanner says (``real``) or not (``false``). A change of the scanner that changes an alarm fails here: look at
the alarm, and write down what it is. A reviewer who adds an entry says in ``what`` what is there, not its value.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from release_staging.disclosure.scan import finds, readable
from tests.disclosure.planted import RULES
from tests.evidence import corpus, samples

REVIEWED = Path(__file__).with_name("reviewed_alarms.json")
# The gatherer's folders as sources: what a document is does not change here when a reader learns to read it.
SOURCES = {
    "artifact-registry": "artifact_registry",
    "canary": "canary_analyses",
    "ci": "pipeline_runs",
    "config-diff": "config_diffs",
    "incidents": "incident_notes",
    "load-tests": "test_reports",
    "malformed": None,
    "policy": "policy_checks",
    "provenance": "provenance_attestations",
    "release-manifest": "release_manifest",
    "runbooks": "rollback_runbooks",
    "sbom": "sboms",
    "service-catalogue": "service_catalog",
    "test-reports": "test_reports",
    "vuln-scans": "vulnerability_scans",
}


def kinds(data: bytes, source: str | None) -> dict[str, int]:
    return dict(sorted(Counter(find.kind for find in finds(readable(data)[0], RULES, source)).items()))


def alarms() -> tuple[dict[str, dict[str, int]], int]:
    """Kinds and counts by path, and how many documents were looked at."""
    found, looked_at = {}, 0
    for path, data in corpus.documents(*SOURCES):
        looked_at += 1
        if raised := kinds(data, SOURCES[path.partition("/")[0]]):
            found[path] = raised
    return found, looked_at


def test_real_evidence_raises_the_reviewed_alarms_and_no_others() -> None:
    found, looked_at = alarms()
    reviewed: dict[str, Any] = json.loads(REVIEWED.read_text())
    assert found == {path: entry["kinds"] for path, entry in reviewed.items()}
    false = [path for path, entry in reviewed.items() if entry["verdict"] == "false"]
    carrying = len(reviewed) - len(false)
    assert looked_at > 2_500
    assert len(false) / (looked_at - carrying) < 0.01


MADE_UP = {
    "data/packets/disclosure-customer-data/incidents/INC-2031.md",
    "data/packets/disclosure-incident-internal/incidents/INC-2031.md",
    "data/packets/disclosure-secret/tests/integration.ctrf.json",
    "tests/evidence/artifact_registry/samples/helm-index.yaml",
    "tests/evidence/config_diffs/samples/format-patch.diff",
    "tests/evidence/config_diffs/samples/terraform-plan.json",
}


def test_the_samples_of_this_repository_disclose_what_was_made_up_for_it() -> None:
    assert {path for path, data in samples.documents().items() if kinds(data, "sboms")} == MADE_UP
