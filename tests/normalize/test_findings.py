"""Rows of one document that are the same finding by the stated key are one; rows = findings + repeats, whatever the rows."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.normalize.support import run

FINDING = {
    "kind": "vulnerability",
    "id": "CVE-2026-1",
    "purl": "pkg:npm/qs@6.5.2",
    "package": "qs",
    "version": "6.5.2",
    "target": "package-lock.json",
    "severity": "HIGH",
    "vocabulary": "trivy-severity",
    "status": "affected",
}


def repeats(*changes: dict[str, Any]) -> list[bool]:
    return [row["repeats"] for row in run(vulnerabilities=[{**FINDING, **change} for change in changes])["vulnerabilities"]]


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"fixed_version": "6.5.3"},
        {"id": "GHSA-hrpp-h998-j3pp", "aliases": "CVE-2026-1"},
        {"id": "SNYK-JS-QS-1", "aliases": "GHSA-hrpp-h998-j3pp, cve-2026-1"},
        {"purl": "pkg:NPM/qs@6.5.2", "package": "another name of it"},
    ],
)
def test_what_a_finding_is_said_again_with_is_a_repeat(change: dict[str, Any]) -> None:
    assert repeats({}, change) == [False, True]


@pytest.mark.parametrize(
    "change",
    [
        {"document": "other"},
        {"packet": "other"},
        {"kind": "licence"},
        {"id": "CVE-2026-2"},
        {"id": "CVE-2026-2", "aliases": "CVE-2026-1"},
        {"id": "RHSA-2026:1", "aliases": "CVE-2026-1, CVE-2026-2"},  # an advisory of two is neither
        {"id": None},
        {"purl": "pkg:npm/qs@6.5.3"},
        {"purl": None},
        {"version": "6.5.3"},
        {"target": "other/package-lock.json"},
        {"location": "node_modules/a/node_modules/qs"},
        {"status": "fixed_in_another_word"},
        {"status": "not_affected"},
        {"suppressed": True},
    ],
)
def test_what_differs_in_the_key_is_a_finding_of_its_own(change: dict[str, Any]) -> None:
    assert repeats({}, change) == [False, False]


@pytest.mark.parametrize("kind", ["weakness", "secret", "misconfiguration"])
def test_two_weaknesses_of_one_file_are_two(kind: str) -> None:
    assert repeats({"kind": kind}, {"kind": kind}) == [False, False]


def test_without_a_package_nothing_says_that_two_rows_are_one() -> None:
    assert repeats({"purl": None, "package": None}, {"purl": None, "package": None}) == [False, False]


def test_an_id_of_one_database_is_the_githubs_where_there_is_no_cve() -> None:
    github = "GHSA-hrpp-h998-j3pp"
    assert repeats({"id": github}, {"id": "RUSTSEC-2026-1", "aliases": github}, {"id": "RUSTSEC-2026-2"}) == [False, True, False]


def test_the_worst_row_stands_for_all_and_says_what_the_others_say() -> None:
    rows = [{**FINDING, "severity": word} for word in ("LOW", "CRITICAL", "HIGH", "CRITICAL")]
    made = run(vulnerabilities=rows)["vulnerabilities"]
    assert [row["repeats"] for row in made] == [True, False, True, True]
    assert made[1]["severity_loss"] == "another row of this finding says high or low"


WORDS = {
    "document": st.sampled_from(["d", "e"]),
    "kind": st.sampled_from(["vulnerability", "licence", "weakness", None]),
    "id": st.sampled_from([None, "CVE-2026-1", "CVE-2026-2", "GHSA-hrpp-h998-j3pp"]),
    "aliases": st.sampled_from([None, "CVE-2026-1", "CVE-2026-1, CVE-2026-2"]),
    "package": st.sampled_from([None, "a", "b"]),
    "purl": st.sampled_from([None, "pkg:npm/a", "pkg:NPM/a"]),
    "severity": st.sampled_from([None, "HIGH", "LOW"]),
    "suppressed": st.sampled_from([None, True, False]),
}


@settings(deadline=None)
@given(st.lists(st.fixed_dictionaries(WORDS), max_size=12), st.randoms())
def test_rows_are_findings_and_repeats_in_any_order(rows: list[dict[str, Any]], random: Any) -> None:
    def counted(rows: list[dict[str, Any]]) -> Counter[tuple[Any, ...]]:
        made = run(vulnerabilities=[{"vocabulary": "trivy-severity", **row} for row in rows])["vulnerabilities"]
        assert len(made) == len(rows)
        findings = [row for row in made if not row["repeats"]]
        keyed = Counter((row["document"], row["finding"]) for row in made if row["finding"] is not None)
        alone = sum(row["finding"] is None for row in made)
        assert len(findings) == len(keyed) + alone
        assert len(made) - len(findings) == sum(keyed.values()) - len(keyed)
        assert {(row["document"], row["finding"]) for row in findings if row["finding"] is not None} == keyed.keys()
        return Counter((row["document"], row["finding"], row["severity_level"]) for row in findings)

    shuffled = [*rows]
    random.shuffle(shuffled)
    assert counted(rows) == counted(shuffled)
