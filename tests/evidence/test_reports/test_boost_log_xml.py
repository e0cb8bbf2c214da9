from pathlib import Path

from tests.evidence.support import extract, not_understood, problems, recognised, rows
from tests.evidence.test_reports import walk, xml_drift

SAMPLE = (Path(__file__).parent / "samples" / "boost-log.xml").read_bytes()
FORMAT = "boost-log-xml"


def test_what_stands_in_a_case_is_its_status():
    extraction = extract(SAMPLE, FORMAT)
    assert [(row["suite"], row["name"], row["status"], row["duration_s"]) for row in rows(extraction, "test_cases")] == [
        ("refunds", "paid", "passed", "0.000172"),
        ("refunds", "refused", "Error", "0.000155"),
        ("refunds", "crashes", "Exception", "0.00553"),
        ("refunds", "off", "skipped", None),
        ("refunds", "warns", "passed", "0.000146"),
        ("invoices", "invoices", "skipped", None),  # a whole suite
        ("ledger", "ledger", "FatalError", None),  # its fixture
    ]
    assert {row["vocabulary"] for row in rows(extraction, "test_cases")} == {"boost-log"}
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_messages_are_never_copied():
    assert "hunter2" not in str([table.to_pylist() for table in extract(SAMPLE, FORMAT).tables.values()])


def test_what_nobody_knows_in_a_case_is_no_pass():
    data = b'<TestLog><TestSuite name="s"><TestCase name="t"><Timeout/></TestCase></TestSuite></TestLog>'
    assert [row["status"] for row in rows(extract(data, FORMAT), "test_cases")] == ["Timeout"]


def test_a_time_that_is_no_number_is_told():
    data = b'<TestLog><TestSuite name="s"><TestCase name="t"><TestingTime>1.5ms</TestingTime></TestCase></TestSuite></TestLog>'
    [problem] = problems(extract(data, FORMAT))
    assert problem == ("SCHEMA_DRIFT", "xpath:/TestLog[1]/TestSuite[1]/TestCase[1]/TestingTime[1]/text()")


def test_a_log_without_cases_is_told():
    assert [code for code, _ in problems(extract(b"<TestLog></TestLog>", FORMAT))] == ["EVIDENCE_EMPTY"]


def test_another_log_is_none():
    assert recognised(b'<TestLog xmlns="https://example.com"/>') == []


def test_drift_is_told():
    xml_drift.assert_drift_is_told(SAMPLE, ["TestCase@name"], joined={"status", "suite", "name"}, absent={"TestSuite", "TestCase@skipped"})


def test_the_corpus_is_read():
    for path, extraction in walk.extractions("test-reports/boost-xml"):
        assert extraction.format == FORMAT, path
        assert not_understood(extraction) == [], path
        assert rows(extraction, "test_cases"), path
