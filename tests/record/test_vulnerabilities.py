"""Findings are counted once for each scan, with the rows that repeat one told; what a severity rests on stands beside it."""

from __future__ import annotations

from typing import Any

import orjson

from release_staging.model.exceptions import Code
from tests.packets import PacketBuilder
from tests.staging_domain import Staged, stage

TRIVY = "scans/trivy.json"
LEVELS = ("critical", "high", "medium", "low", "none", "unknown")
VECTOR = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"  # 7.5


def scanned(*changes: dict[str, Any]) -> Staged:
    """The clean packet with one scan, of as many findings as there are changes to the first one of it."""
    clean = PacketBuilder.clean()
    scan = orjson.loads(clean.documents[TRIVY])
    finding = {**scan["Results"][0]["Vulnerabilities"][0], "CVSS": {}, "Severity": "HIGH"}
    scan["Results"] = [{**scan["Results"][0], "Vulnerabilities": [{**finding, **change} for change in changes]}]
    only = clean.without("scans/grype.json").without("scans/bandit.sarif")
    return stage(only.replace(TRIVY, orjson.dumps(scan)))


def said(staged: Staged, pointer: str) -> dict[str, Any]:
    document: dict[str, Any] = staged.outcome.document
    entry: dict[str, Any] = document["field_provenance"][pointer]
    return entry


def numbers(staged: Staged) -> list[dict[str, int]]:
    return [step["counts"] for step in staged.outcome.document["trace"]["steps"] if step["step"].startswith("count findings of sha256:")]


def test_a_repeated_finding_is_counted_and_listed_once_and_both_numbers_are_told() -> None:
    staged = scanned({}, {"Title": "the same again"}, {"VulnerabilityID": "CVE-2026-9"})
    vulnerabilities = staged.outcome.document["vulnerabilities"]
    assert not staged.held
    assert vulnerabilities["counts"] == dict.fromkeys(LEVELS, 0) | {"high": 2}
    assert len(vulnerabilities["findings"]) == 2
    assert numbers(staged) == [{"rows": 3, "findings": 2, "repeats": 1}]
    assert said(staged, "/vulnerabilities/counts/high")["loss"] == "1 rows repeat a finding of their document"
    assert "agree in vulnerability, package, version, target, location, state" in said(staged, "/vulnerabilities/counts/high")["rule"]


def test_two_scanners_that_find_the_same_are_two_scans() -> None:
    clean = PacketBuilder.clean()
    one = stage(clean.without("scans/grype.json").without("scans/bandit.sarif"))
    both = stage(clean.without("scans/bandit.sarif"))
    assert sum(one.outcome.document["vulnerabilities"]["counts"].values()) == numbers(one)[0]["findings"]
    assert sum(both.outcome.document["vulnerabilities"]["counts"].values()) == sum(counts["findings"] for counts in numbers(both))
    assert len(numbers(both)) == 2


def test_a_severity_of_a_vector_is_derived_and_the_sources_silence_is_kept() -> None:
    staged = scanned({"Severity": "", "SeveritySource": "nvd", "CVSS": {"nvd": {"V3Vector": VECTOR}}})
    [finding] = staged.outcome.document["vulnerabilities"]["findings"]
    assert finding["severity"] == "high"
    told = said(staged, "/vulnerabilities/findings/0/severity")
    assert (told["confidence"], told["rule"]) == ("derived", "severity-from-cvss")


def test_a_vector_that_rates_otherwise_is_told_and_raises_nothing() -> None:
    staged = scanned({"Severity": "LOW", "SeveritySource": "nvd", "CVSS": {"nvd": {"V3Vector": VECTOR, "V3Score": 7.5}}})
    assert said(staged, "/vulnerabilities/counts/low")["loss"] == "its CVSS vector rates it high (1)"
    assert staged.outcome.exceptions == ()


def test_a_score_that_is_not_its_vectors_is_noted_once_for_a_document_and_does_not_hold() -> None:
    wrong = {"SeveritySource": "nvd", "CVSS": {"nvd": {"V3Vector": VECTOR, "V3Score": 9.8}}}
    staged = scanned(wrong, {**wrong, "VulnerabilityID": "CVE-2026-9"})
    assert not staged.held
    [one] = staged.outcome.exceptions
    assert (one.code, one.blocking, one.subject) == (Code.CONTRADICTION, False, TRIVY)
    assert one.message.endswith("the score 9.8 is not that of the CVSS vector, 7.5 (the first of 2 such findings)")
    assert [evidence.locator for evidence in one.evidence] == [f"json-pointer:/Results/0/Vulnerabilities/{place}" for place in (0, 1)]


def test_an_unknown_severity_is_unknown_and_never_low() -> None:
    staged = scanned({"Severity": "UNKNOWN"}, {"Severity": "", "VulnerabilityID": "CVE-2026-9"})
    assert staged.outcome.document["vulnerabilities"]["counts"] == dict.fromkeys(LEVELS, 0) | {"unknown": 2}
