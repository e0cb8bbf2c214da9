"""The source's word is its severity; a score or vector speaks only where there is none, and what disagrees is said beside it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.normalize.support import SAMPLE, run

V2_WORST = "AV:N/AC:L/Au:N/C:C/I:C/A:C"  # 10.0
V31_HIGH = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"  # 7.5
V31_WORST = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H"  # 10.0
V31_NONE = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N"  # 0.0


def finding(**columns: Any) -> dict[str, Any]:
    (row,) = run(vulnerabilities=[{"kind": "vulnerability", "id": "CVE-2026-1", **columns}])["vulnerabilities"]
    return row


@pytest.mark.parametrize(
    ("vocabulary", "word", "score", "vector", "expected"),
    [
        ("osv-severity", None, None, V31_HIGH, ("high", "severity-from-cvss")),
        ("osv-severity", None, "7.5", V31_HIGH, ("high", "severity-from-score")),
        ("osv-severity", "MODERATE", "9.8", V31_WORST, ("medium", "vocabulary")),
        ("grype-severity", "Unknown", None, V31_WORST, ("critical", "severity-from-cvss")),
        ("trivy-severity", "UNKNOWN", None, None, ("unknown", None)),
        ("trivy-severity", "UNKNOWN", None, "nonsense", ("unknown", None)),
        ("trivy-severity", None, None, V31_NONE, ("none", "severity-from-cvss")),
        ("trivy-severity", None, "10.0", V2_WORST, ("high", "severity-from-score")),
        ("trivy-severity", None, None, V2_WORST, ("high", "severity-from-cvss")),
        ("osv-severity", None, "10.0", f"{V2_WORST}, {V31_HIGH}", ("high", "severity-from-score")),  # the score is version 2's
        ("osv-severity", None, "7.5", f"{V2_WORST}, {V31_HIGH}", ("high", "severity-from-score")),
        ("osv-severity", None, "10.0", f"{V2_WORST}, {V31_WORST}", ("critical", "severity-from-score")),
        ("sarif-level", "warning", None, V31_WORST, ("critical", "severity-from-cvss")),
        ("sarif-level", "none", None, V31_WORST, ("none", "vocabulary")),
        ("semgrep-severity", None, None, V31_WORST, ("unknown", None)),
        (None, None, None, V31_WORST, ("unknown", None)),
    ],
)
def test_a_vector_counts_where_there_is_no_word(
    vocabulary: str | None, word: str | None, score: str | None, vector: str | None, expected: tuple[str, str | None]
) -> None:
    row = finding(vocabulary=vocabulary, severity=word, score=score, cvss=vector)
    assert (row["severity_level"], row["severity_rule"]) == expected
    assert (row["severity"], row["score"], row["cvss"]) == (word, score, vector)


def test_a_vector_that_rates_otherwise_than_the_word_is_said_and_changes_nothing() -> None:
    row = finding(vocabulary="trivy-severity", severity="LOW", score="7.5", cvss=V31_HIGH)
    assert (row["severity_level"], row["cvss_level"], row["severity_loss"]) == ("low", "high", "its CVSS vector rates it high")
    assert finding(vocabulary="trivy-severity", severity="HIGH", cvss=V31_HIGH)["severity_loss"] is None
    assert finding(vocabulary="trivy-severity", severity=None, cvss=V31_HIGH)["severity_loss"] is None


def test_what_a_word_loses_is_said_with_what_the_vector_says() -> None:
    row = finding(vocabulary="grype-severity", severity="Negligible", cvss=V31_HIGH)
    assert (row["severity_level"], row["severity_loss"]) == ("low", "the distribution calls it negligible; its CVSS vector rates it high")


@pytest.mark.parametrize(
    ("score", "vector", "loss"),
    [
        ("7.5", V31_HIGH, None),
        ("7.50", V31_HIGH, None),
        ("9.8", V31_HIGH, "the score 9.8 is not that of the CVSS vector, 7.5"),
        ("6.7", V31_HIGH + "/E:P/RL:O/RC:C", None),  # the temporal score of the same vector
        ("10.0", f"{V2_WORST}, {V31_HIGH}", None),  # one of several vectors
        (None, V31_HIGH, None),
        ("high", V31_HIGH, None),
        (None, "nonsense", "the vector is not one of CVSS 2.0, 3.0, 3.1 or 4.0"),
    ],
)
def test_a_score_that_is_not_its_vectors_is_said(score: str | None, vector: str, loss: str | None) -> None:
    assert finding(vocabulary="trivy-severity", severity="HIGH", score=score, cvss=vector)["score_loss"] == loss


ROWS = st.fixed_dictionaries(
    {
        "vocabulary": st.sampled_from([None, *sorted(name for name, _ in SAMPLE.words["severity"])]),
        "severity": st.sampled_from([None, "low", "UNKNOWN", "none", "critical", "zzz"]),
        "score": st.sampled_from([None, "0.0", "3.9", "10", "10.0", "x"]),
        "cvss": st.sampled_from([None, V2_WORST, V31_HIGH, V31_WORST, V31_NONE, "x", f"{V2_WORST}, {V31_HIGH}"]),
    }
)


@settings(deadline=None)
@given(st.lists(ROWS, max_size=8))
def test_no_severity_is_made_of_nothing_and_none_of_version_2_is_critical(rows: list[dict[str, Any]]) -> None:
    for stated, row in zip(rows, run(vulnerabilities=rows)["vulnerabilities"], strict=True):
        assert {name: row[name] for name in stated} == stated
        known = SAMPLE.words["severity"].get((stated["vocabulary"] or "", (stated["severity"] or "").lower()))
        if row["severity_rule"] == "vocabulary":
            assert known is not None
            assert row["severity_level"] == known.canonical
        elif row["severity_rule"] is None:
            assert row["severity_level"] == "unknown"
        else:
            assert SAMPLE.scores[stated["vocabulary"]]
            assert stated["cvss"] != V2_WORST or row["severity_level"] != "critical"
