import re
from pathlib import Path

from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows
from tests.evidence.test_reports import xml_drift

SAMPLE = (Path(__file__).parent / "samples" / "boost-report.xml").read_bytes()
SHORT = re.sub(rb"<TestCase.*?</TestCase>", b"", SAMPLE)
FORMAT = "boost-report-xml"


def test_each_case_keeps_its_result():
    extraction = extract(SAMPLE, FORMAT)
    assert [(row["suite"], row["name"], row["status"]) for row in rows(extraction, "test_cases")] == [
        ("refunds", "paid", "passed"),
        ("refunds", "refused", "failed"),
        ("refunds", "crashes", "aborted"),
        ("refunds", "known", "passed"),  # its failure was expected
        ("refunds", "warns", "passed"),
        ("refunds", "waits", "skipped"),
    ]
    suites = [(row["name"], row["passed"], row["failed"], row["skipped"]) for row in rows(extraction, "test_suites")]
    assert suites == [("refunds", 3, 2, 2), ("Billing", 3, 2, 2)]
    assert claims(extraction, "verdict") == ["failed"]
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_a_short_report_has_the_totals_alone():
    extraction = extract(SHORT, FORMAT)
    assert rows(extraction, "test_cases") == []
    assert [row["passed"] for row in rows(extraction, "test_suites")] == [3, 3]
    assert problems(extraction) == []


def test_a_suite_that_failed_by_itself_is_a_case():
    data = b"""<TestResult><TestSuite name="s" result="failed" test_cases_passed="1" test_cases_failed="0">
    <TestCase name="t" result="passed"/></TestSuite></TestResult>"""
    assert [(row["name"], row["status"]) for row in rows(extract(data, FORMAT), "test_cases")] == [("t", "passed"), ("s", "failed")]


def test_totals_that_disagree_with_the_cases_are_contradictions():
    extraction = extract(SAMPLE.replace(b'test_cases_failed="2"', b'test_cases_failed="0"'), FORMAT)
    assert [place for _, place in problems(extraction)] == [
        "xpath:/TestResult[1]/TestSuite[1]/TestSuite[1]/@test_cases_failed",
        "xpath:/TestResult[1]/TestSuite[1]/@test_cases_failed",
    ]


def test_a_report_without_tests_is_told():
    data = b'<TestResult><TestSuite name="s" result="passed" test_cases_passed="0" test_cases_failed="0"/></TestResult>'
    assert [code for code, _ in problems(extract(data, FORMAT))] == ["EVIDENCE_EMPTY"]


def test_another_result_is_none():
    assert recognised(b'<TestResult status="ok"/>') == []


def test_drift_is_told():
    xml_drift.assert_drift_is_told(SAMPLE, ["TestCase@name", "TestCase@result", "TestSuite@result"], joined={"suite", "passed"})
