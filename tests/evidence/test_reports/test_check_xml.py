from pathlib import Path

from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows
from tests.evidence.test_reports import walk, xml_drift

SAMPLE = (Path(__file__).parent / "samples" / "check.xml").read_bytes()
FORMAT = "check-xml"
CORPUS = "test-reports/junit-xml/jenkinsci__xunit-plugin/src/test/resources/org/jenkinsci/plugins/xunit/types/check"


def test_each_test_keeps_its_result():
    extraction = extract(SAMPLE, FORMAT)
    assert [(row["suite"], row["name"], row["status"]) for row in rows(extraction, "test_cases")] == [
        ("Money", "test_create", "success"),
        ("Money", "test_loop [2]", "failure"),
        ("Money", "test_crash", "error"),
    ]
    assert {row["vocabulary"] for row in rows(extraction, "test_cases")} == {"check-result"}
    assert claims(extraction, "started_at") == ["2026-11-20 08:50:01"]
    assert [row["duration_s"] for row in rows(extraction, "test_suites")] == ["0.012000"]
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_messages_and_folders_are_never_copied():
    text = str([table.to_pylist() for table in extract(SAMPLE, FORMAT).tables.values()])
    for secret in ("hunter2", "ci-secret-home"):
        assert secret not in text


def test_a_log_without_tests_is_told():
    data = b'<testsuites xmlns="http://check.sourceforge.net/ns"/>'
    assert [code for code, _ in problems(extract(data, FORMAT))] == ["EVIDENCE_EMPTY"]


def test_the_same_root_without_the_namespace_is_junit():
    assert recognised(b'<testsuites name="s"/>') == ["junit-xml"]


def test_what_nobody_knows_is_not_understood():
    extraction = extract(SAMPLE.replace(b"<description>Core</description>", b"<weather>fine</weather>", 1), FORMAT)
    assert not_understood(extraction) == ["/testsuites/suite/test/weather/text()"]


def test_drift_is_told():
    xml_drift.assert_drift_is_told(SAMPLE, ["test@result"], joined={"status", "suite", "name"})


def test_the_corpus_is_read():
    for path, extraction in walk.extractions(CORPUS):
        assert extraction.format == FORMAT, path
        assert not_understood(extraction) == [], path
        assert rows(extraction, "test_cases"), path
