from pathlib import Path

from tests.evidence.support import claims, extract, not_understood, problems, rows
from tests.evidence.test_reports import walk, xml_drift

SAMPLE = (Path(__file__).parent / "samples" / "testng-results.xml").read_bytes()
FORMAT = "testng-xml"


def cases(extraction):
    return {row["name"]: row["status"] for row in rows(extraction, "test_cases")}


def test_a_configuration_method_is_a_case_only_where_it_failed():
    extraction = extract(SAMPLE, FORMAT)
    assert cases(extraction) == {"rounds": "PASS", "adds": "FAIL", "exports": "SKIP", "close": "FAIL"}
    assert {row["vocabulary"] for row in rows(extraction, "test_cases")} == {"testng-status"}
    first = rows(extraction, "test_cases")[0]
    assert (first["suite"], first["duration_s"]) == ("acme.TaxTests", "0.012")
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_stale_counters_are_kept_as_declared_and_ignored_counts_as_skipped():
    declared = [row for row in rows(extract(SAMPLE, FORMAT), "test_suites") if row["tests"] is not None]
    assert [[row[name] for name in ("tests", "passed", "failed", "skipped")] for row in declared] == [[4, 1, 1, 2]]
    stale = extract(SAMPLE.replace(b'failed="1"', b'failed="0"'), FORMAT)
    assert next(row["failed"] for row in rows(stale, "test_suites")) == 0
    assert cases(stale)["adds"] == "FAIL"


def test_old_reports_have_no_counters():
    extraction = extract(SAMPLE.replace(b' ignored="1" total="4" passed="1" failed="1" skipped="1"', b""), FORMAT)
    assert problems(extraction) == []
    assert len(cases(extraction)) == 4


def test_the_suites_say_when_it_ran():
    extraction = extract(SAMPLE, FORMAT)
    assert claims(extraction, "started_at") == ["2026-11-20T08:50:01Z"]
    assert claims(extraction, "finished_at") == ["2026-11-20T08:50:02Z"]


def test_parameters_messages_and_output_are_never_copied():
    assert "hunter2" not in str([table.to_pylist() for table in extract(SAMPLE, FORMAT).tables.values()])


def test_a_method_without_a_status_is_told_and_no_pass():
    extraction = extract(SAMPLE.replace(b' status="SKIP"', b""), FORMAT)
    assert cases(extraction)["exports"] == "absent"
    assert ("SCHEMA_DRIFT", "xpath:/testng-results[1]/suite[1]/test[1]/class[1]/test-method[4]/@status") in problems(extraction)


def test_a_report_without_methods_is_told():
    assert [code for code, _ in problems(extract(b'<testng-results total="0"/>', FORMAT))] == ["EVIDENCE_EMPTY"]


def test_what_nobody_knows_is_not_understood():
    extraction = extract(SAMPLE.replace(b'description="adds tax"', b'mood="good"'), FORMAT)
    assert not_understood(extraction) == ["/testng-results/suite/test/class/test-method/@mood"]


def test_drift_is_told():
    joined = {"status", "suite", "started_at", "finished_at", "skipped"}
    xml_drift.assert_drift_is_told(SAMPLE, ["test-method@name", "test-method@status"], joined=joined, absent={"test-method@is-config"})


def test_the_corpus_is_read():
    for path, extraction in walk.extractions("test-reports/testng-xml"):
        assert extraction.format == FORMAT, path
        assert not_understood(extraction) == [], path
        assert {code for code, _ in problems(extraction)} <= {"CONTRADICTION"}, path  # cut-down reports keep their totals
        assert rows(extraction, "test_cases"), path
