from pathlib import Path

import pytest

from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows
from tests.evidence.test_reports import walk, xml_drift

SAMPLE = (Path(__file__).parent / "samples" / "vstest.trx").read_bytes()
FORMAT = "trx@2010"
PASSED = '<UnitTestResult testName="a" outcome="Passed"/>'


def run(results, outcome="Completed", namespace="2010"):
    return (
        f'<TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/{namespace}">'
        f'<Times start="2026-11-20T09:00:00Z" finish="2026-11-20T09:00:01Z"/><Results>{results}</Results>'
        f'<ResultSummary outcome="{outcome}"><Counters total="1"/></ResultSummary></TestRun>'
    ).encode()


def cases(extraction):
    return {row["name"]: row["status"] for row in rows(extraction, "test_cases")}


def test_each_result_keeps_its_outcome_and_only_the_parts_of_a_data_driven_test_count():
    extraction = extract(SAMPLE, FORMAT)
    assert cases(extraction) == {
        "Rounds_half_even": "Passed",
        "Adds_tax": "Failed",
        "Exports": "NotExecuted",
        "Connects": "absent",
        "Currencies (EUR)": "Passed",
        "Currencies (XXX)": "Failed",
    }
    assert {row["vocabulary"] for row in rows(extraction, "test_cases")} == {"trx-outcome"}
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_a_case_is_located_timed_and_of_the_class_that_defines_it():
    row = rows(extract(SAMPLE, FORMAT), "test_cases")[0]
    assert (row["suite"], row["duration_s"]) == ("Billing.Tests.Rounding", "0.0123")
    assert row["locator"].endswith("/*[local-name()='UnitTestResult'][1]")
    assert rows(extract(SAMPLE, FORMAT), "test_cases")[1]["duration_s"] == "62.5"


def test_the_run_says_when_it_ran_and_how_it_ended():
    extraction = extract(SAMPLE, FORMAT)
    assert claims(extraction, "started_at") == ["2026-11-20T09:00:00.5000000+00:00"]
    assert claims(extraction, "finished_at") == ["2026-11-20T09:00:05.2500000+00:00"]
    [verdict] = [claim for claim in rows(extraction, "claims") if claim["field"] == "verdict"]
    assert (verdict["value"], verdict["vocabulary"]) == ("Failed", "trx-run-outcome")
    [suite] = rows(extraction, "test_suites")
    assert [suite[name] for name in ("tests", "passed", "failed", "errors", "skipped")] == [5, 1, 2, 1, 1]


def test_user_machine_output_and_messages_are_never_copied():
    text = str([table.to_pylist() for table in extract(SAMPLE, FORMAT).tables.values()])
    for secret in ("hunter2", "ci-secret-user", "agent-7"):
        assert secret not in text


def test_completed_is_the_runs_word_and_no_outcome_of_a_test():
    extraction = extract(run(PASSED), FORMAT)
    assert claims(extraction, "verdict") == ["Completed"]
    assert cases(extraction) == {"a": "Passed"}


@pytest.mark.parametrize("outcome", ["Failed", "Error", "Aborted", "Timeout", "Disconnected", "SomethingNew"])
def test_a_run_that_failed_without_a_failing_result_is_a_case_by_itself(outcome):
    extraction = extract(run(PASSED, outcome), FORMAT)
    assert cases(extraction) == {"a": "Passed", "the run as a whole": outcome}


def test_a_failed_run_with_a_failing_result_is_not_counted_twice():
    assert cases(extract(run('<UnitTestResult testName="a" outcome="Failed"/>', "Failed"), FORMAT)) == {"a": "Failed"}


def test_a_whole_that_failed_although_its_parts_passed_is_a_case_too():
    inner = f'<TestResultAggregation testName="ordered" outcome="Failed"><InnerResults>{PASSED}</InnerResults></TestResultAggregation>'
    assert cases(extract(run(inner, "Failed"), FORMAT)) == {"a": "Passed", "ordered": "Failed"}


def test_a_run_without_results_is_told_however_completed():
    assert "EVIDENCE_EMPTY" in [code for code, _ in problems(extract(run(""), FORMAT))]


def test_a_result_of_an_unknown_kind_is_told():
    extraction = extract(run(PASSED + '<QuantumTestResult testName="b" outcome="Passed"/>'), FORMAT)
    assert [code for code, _ in problems(extraction)] == ["SCHEMA_DRIFT"]


def test_the_namespace_of_2006_is_read_and_a_new_one_is_told():
    assert cases(extract(run(PASSED, namespace="2006"), "trx@2006")) == {"a": "Passed"}
    assert [code for code, _ in problems(extract(run(PASSED, namespace="2030"), "trx@2030"))] == ["SCHEMA_DRIFT"]


def test_a_root_of_the_same_name_elsewhere_is_not_trx():
    assert recognised(b"<TestRun/>") == []


def test_unknown_attributes_and_elements_are_not_understood():
    data = run('<UnitTestResult testName="a" outcome="Passed" mood="good"><Weather>fine</Weather></UnitTestResult>')
    below = "/TestRun/Results/UnitTestResult/"
    assert not_understood(extract(data, FORMAT)) == [below + "@mood", below + "Weather/text()"]


def test_drift_is_told():
    xml_drift.assert_drift_is_told(
        SAMPLE, ["UnitTestResult@testName", "Times@start", "Times@finish", "ResultSummary@outcome"], joined={"status", "suite"}
    )


def test_the_corpus_is_read():
    for path, extraction in walk.extractions("test-reports/trx"):
        assert extraction.format.startswith("trx@"), path
        assert not_understood(extraction) == [], path
        assert rows(extraction, "test_cases") or "EVIDENCE_EMPTY" in [code for code, _ in problems(extraction)], path
