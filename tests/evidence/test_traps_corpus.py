"""What is easily misread in real documents, on the corpus (see ``corpus.py``); skipped without it.

What a document says is found here by other means than the readers': in its bytes, or as plain JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import yaml

from release_staging.model.extraction import Extraction
from tests.evidence import corpus
from tests.evidence.support import claims, problems, rows

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def documents(*folders: str) -> Iterator[tuple[str, Any, Extraction]]:
    """``(path, plain value, what its reader makes of it)`` of the JSON documents that one reader knows."""
    read = corpus.read_all(*folders)
    for path, data in corpus.documents(*folders):
        if len(read[path]) == 1:
            with suppress(ValueError):
                yield path, json.loads(data.decode("utf-8-sig")), read[path][0]


def test_a_summary_that_differs_from_a_recount_is_a_contradiction():
    read, told = corpus.read_all("policy/policyreport"), 0
    for path, data in corpus.documents("policy/policyreport"):
        objects = list(yaml.load_all(data, _LOADER))
        reports = [one for each in objects if each for one in each.get("items", [each])]
        differs = any(
            count != sum(result.get("result") == word for result in report.get("results") or [])
            for report in reports
            for word, count in (report.get("summary") or {}).items()
        )
        assert ("CONTRADICTION" in [code for code, _ in problems(read[path][0])]) == differs, path
        told += differs
    assert told > 3


def test_a_branch_that_a_release_would_be_made_on_is_no_commit():
    branches = 0
    for path, release, extraction in documents("release-manifest/github-release"):
        if isinstance(release, dict) and "target_commitish" in release:
            named = re.fullmatch("[0-9a-f]{40}", release["target_commitish"])
            assert claims(extraction, "candidate.commit") == ([named[0]] if named else []), path
            branches += not named
    assert branches > 5


def test_a_report_without_results_is_not_clean():
    found = 0
    for path, report, extraction in documents("vuln-scans/trivy-json"):
        if isinstance(report, dict) and not report.get("Results"):
            assert "EVIDENCE_EMPTY" in [code for code, _ in problems(extraction)], path
            found += 1
    assert found >= 2


def test_no_results_beside_errors_are_not_clean():
    found = 0
    for path, report, extraction in documents("vuln-scans/semgrep-json"):
        if any(error.get("level") == "error" for error in report["errors"]) or (report["errors"] and not report["results"]):
            assert "EVIDENCE_EMPTY" in [code for code, _ in problems(extraction)], path
            found += 1
    assert found >= 3


def test_a_result_without_a_level_has_that_of_its_rule_or_warning():
    found = 0
    for path, log, extraction in documents("vuln-scans/sarif"):
        if log.get("version") != "2.1.0" or not all("tool" in run for run in log["runs"]):
            continue
        severities = {row["locator"]: row["severity"] for row in rows(extraction, "vulnerabilities")}
        for number, run in enumerate(log["runs"]):
            rules = {rule["id"]: rule for rule in run["tool"]["driver"].get("rules") or [] if "id" in rule}
            for place, result in enumerate(run.get("results") or []):
                rule = rules.get(result.get("ruleId"))
                if "level" not in result and "kind" not in result and rule is not None and "extensions" not in run["tool"]:
                    wanted = (rule.get("defaultConfiguration") or {}).get("level", "warning")
                    assert severities[f"json-pointer:/runs/{number}/results/{place}"] == wanted, path
                    found += 1
    assert found > 50


def test_the_start_of_a_clock_is_not_when_an_image_was_made():
    found = 0
    for path, image, extraction in documents("artifact-registry/oci-image-config"):
        if str(image.get("created")).startswith(("1970-01-01T00:00:00", "0001-01-01T00:00:00")):
            assert claims(extraction, "produced_at") == [], path
            found += 1
    assert found >= 3


def test_a_digest_where_a_version_belongs_is_a_digest():
    found = 0
    for path, bom, extraction in documents("sbom/cyclonedx-json"):
        version = ((bom.get("metadata") or {}).get("component") or {}).get("version")
        if isinstance(version, str) and version.startswith("sha256:"):
            assert claims(extraction, "candidate.version") == [], path
            assert f"sha256:{version.rpartition(':')[2]}" in claims(extraction, "artifact.digest"), path
            found += 1
    assert found >= 1


def test_a_build_without_a_tag_names_no_tag_for_sure():
    found = 0
    for path, metadata, extraction in documents("release-manifest/goreleaser-metadata"):
        if metadata["tag"] == "v0.0.0":
            said = [claim for claim in rows(extraction, "claims") if claim["field"] == "candidate.tag"]
            assert [claim["confidence"] for claim in said] == ["low"], path
            found += 1
    assert found >= 5


def test_an_incident_that_is_not_resolved_is_open():
    found = corpus.read_all("incidents/cstate-issue")
    for path, data in corpus.documents("incidents/cstate-issue"):
        [row] = rows(found[path][0], "incidents")
        assert row["status"] == ("true" if re.search(rb"^resolved:\s*true", data, re.MULTILINE) else "false"), path


def test_a_statement_is_known_by_either_name_of_its_type():
    found = 0
    for path, statement, extraction in documents("provenance/in-toto-statement"):
        if not statement.get("_type") and "type" in statement:
            assert rows(extraction, "attestations"), path
            found += 1
    assert found >= 1


def test_a_scanner_that_writes_the_envelope_of_another_is_not_that_one():
    foreign = {path for path, found in corpus.read_all("vuln-scans/grype-json").items() if not found}
    for path, data in corpus.documents("vuln-scans/grype-json"):
        assert (path in foreign) == (json.loads(data).get("descriptor", {}).get("name") != "grype"), path
