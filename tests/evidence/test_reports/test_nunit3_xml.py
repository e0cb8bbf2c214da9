from pathlib import Path

import pytest

from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows
from tests.evidence.test_reports import walk, xml_drift

SAMPLE = (Path(__file__).parent / "samples" / "nunit3.xml").read_bytes()
FORMAT = "nunit3-xml"


def run(inside, attributes='result="Passed" total="1"'):
    return f"<test-run {attributes}>{inside}</test-run>".encode()


def cases(extraction):
    return {row["name"]: row["status"] for row in rows(extraction, "test_cases")}


def test_each_case_has_nunits_own_word_for_its_state():
    extraction = extract(SAMPLE, FORMAT)
    assert cases(extraction) == {
        "Rounds": "Passed",
        "Adds": "Failed",
        "Connects": "Failed:Error",
        "Exports": "Skipped:Ignored",
        "Guesses": "Inconclusive",
        "Opens": "Passed",
        "Leaks": "Failed:Error",
    }
    assert {row["vocabulary"] for row in rows(extraction, "test_cases")} == {"nunit3-result"}
    first = rows(extraction, "test_cases")[0]
    assert (first["suite"], first["duration_s"]) == ("Billing.Tests.TaxTests", "0.012")
    assert first["locator"] == "xpath:/test-run[1]/test-suite[1]/test-suite[1]/test-case[1]"
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_a_fixture_whose_tear_down_failed_is_a_case_by_itself():
    [row] = [row for row in rows(extract(SAMPLE, FORMAT), "test_cases") if row["name"] == "Leaks"]
    assert row["locator"] == "xpath:/test-run[1]/test-suite[1]/test-suite[2]"


def test_a_run_that_failed_without_a_failing_case_is_a_case_by_itself():
    inside = '<test-suite name="s" result="Passed"><test-case name="a" result="Passed"/></test-suite>'
    assert cases(extract(run(inside, 'result="Failed" total="1"'), FORMAT)) == {"a": "Passed", "the run as a whole": "Failed"}


def test_when_by_what_and_how_it_ended_are_claims():
    extraction = extract(SAMPLE, FORMAT)
    expected = {
        "verdict": "Failed",
        "started_at": "2026-11-20 08:50:01Z",
        "finished_at": "2026-11-20 08:50:06Z",
        "tool.name": "NUnit",
        "tool.version": "3.12.0.0",
    }
    assert {field: claims(extraction, field) for field in expected} == {field: [value] for field, value in expected.items()}


def test_declared_totals_are_kept_for_the_run_and_each_suite():
    found = rows(extract(SAMPLE, FORMAT), "test_suites")
    assert [(row["name"], row["tests"], row["passed"], row["failed"], row["skipped"]) for row in found] == [
        ("TaxTests", 5, 1, 2, 1),
        ("Leaks", 1, 1, 0, 0),
        ("Billing.Tests.dll", 6, 2, 2, 1),
        (None, 6, 2, 2, 1),
    ]


def test_output_messages_and_the_build_machine_are_never_copied():
    text = str([table.to_pylist() for table in extract(SAMPLE, FORMAT).tables.values()])
    for secret in ("hunter2", "ci-secret-user", "agent-7"):
        assert secret not in text


@pytest.mark.parametrize(
    ("attributes", "word"),
    [
        ('result="Skipped" label="Explicit"', "Skipped:Explicit"),
        ('result="Failed" label="Test exceeded Timeout value"', "Failed"),
        ('result="Glorious"', "Glorious"),
        ('result="Warning"', "Warning"),
    ],
)
def test_a_label_counts_only_where_it_is_nunits_own(attributes, word):
    assert cases(extract(run(f'<test-case name="a" {attributes}/>'), FORMAT)) == {"a": word}


def test_a_case_without_a_result_is_told_and_no_pass():
    extraction = extract(run('<test-case name="a"/>'), FORMAT)
    assert cases(extraction) == {"a": "absent"}
    assert problems(extraction) == [("SCHEMA_DRIFT", "xpath:/test-run[1]/test-case[1]/@result")]


def test_a_run_without_cases_is_told():
    assert "EVIDENCE_EMPTY" in [code for code, _ in problems(extract(run(""), FORMAT))]


def test_a_bare_root_is_not_nunit():
    assert recognised(b"<test-run/>") == []


def test_what_nobody_knows_is_not_understood():
    inside = '<test-case name="a" result="Passed" mood="good"><weather>fine</weather></test-case>'
    assert not_understood(extract(run(inside), FORMAT)) == ["/test-run/test-case/@mood", "/test-run/test-case/weather/text()"]


def test_drift_is_told():
    xml_drift.assert_drift_is_told(SAMPLE, ["test-case@name", "test-case@result", "test-suite@result"], joined={"status", "suite"})


def test_the_corpus_is_read():
    for path, extraction in walk.extractions("test-reports/nunit3-xml"):
        assert extraction.format == FORMAT, path
        assert not_understood(extraction) == [], path
        assert {code for code, _ in problems(extraction)} <= {"CONTRADICTION"}, path  # cut-down reports keep their totals
        assert rows(extraction, "test_cases"), path
