from pathlib import Path

import pytest

from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows
from tests.evidence.test_reports import walk, xml_drift

SAMPLE = (Path(__file__).parent / "samples" / "nunit2.xml").read_bytes()
FORMAT = "nunit2-xml"


def results(cases, attributes='total="1" date="2026-11-20" time="08:50:06"'):
    return f'<test-results {attributes}><test-suite name="s" success="True"><results>{cases}</results></test-suite></test-results>'.encode()


def cases(extraction):
    return {row["name"]: row["status"] for row in rows(extraction, "test_cases")}


def test_a_case_has_its_result_or_what_older_versions_say_instead():
    extraction = extract(SAMPLE, FORMAT)
    assert cases(extraction) == {
        "Billing.Tests.Rounds": "Success",
        "Billing.Tests.Adds": "Failure",
        "Billing.Tests.Connects": "Error",
        "Billing.Tests.Exports": "Ignored",
        "Billing.Tests.Old": "executed, success=True",
        "Billing.Tests.OldSkipped": "not executed",
        "Billing.Tests.OldFailed": "executed, success=False",
        "Billing.Leaks.Opens": "Success",
        "Leaks": "Error",
    }
    assert {row["vocabulary"] for row in rows(extraction, "test_cases")} == {"nunit2-result"}
    assert rows(extraction, "test_cases")[0]["suite"] == "TaxTests"
    assert problems(extraction) == []
    assert not_understood(extraction) == []


@pytest.mark.parametrize("success", ["Turue", "", "yes"])
def test_a_success_that_is_neither_true_nor_false_keeps_its_text(success):
    extraction = extract(results(f'<test-case name="a" executed="True" success="{success}"/>'), FORMAT)
    assert cases(extraction) == {"a": f"executed, success={success or 'absent'}"}


def test_date_and_time_of_the_report_are_one_claim():
    [claim] = [claim for claim in rows(extract(SAMPLE, FORMAT), "claims") if claim["field"] == "produced_at"]
    assert (claim["value"], claim["source_value"], claim["confidence"]) == ("2026-11-20T08:50:06", "2026-11-20", "derived")


def test_a_time_that_is_a_duration_is_not_taken_for_a_time_of_day():
    extraction = extract(results('<test-case name="a" executed="True"/>', 'total="1" date="2026-11-20" time="26.176"'), FORMAT)
    assert claims(extraction, "produced_at") == ["2026-11-20"]


def test_declared_totals_are_kept():
    [row] = rows(extract(SAMPLE, FORMAT), "test_suites")
    assert [row[name] for name in ("tests", "failed", "errors", "skipped")] == [6, 2, 1, 2]
    assert claims(extract(SAMPLE, FORMAT), "tool.version") == ["2.6.3.0"]


def test_messages_and_the_build_machine_are_never_copied():
    text = str([table.to_pylist() for table in extract(SAMPLE, FORMAT).tables.values()])
    for secret in ("hunter2", "ci-secret-user", "agent-7"):
        assert secret not in text


def test_a_report_without_cases_is_told():
    assert "EVIDENCE_EMPTY" in [code for code, _ in problems(extract(results(""), FORMAT))]


def test_jmeters_root_is_another():
    assert FORMAT not in recognised(b'<testResults version="1.2"/>')
    assert recognised(b"<test-results/>") == []


def test_what_nobody_knows_is_not_understood():
    extraction = extract(results('<test-case name="a" executed="True" success="True" mood="good"/>'), FORMAT)
    assert not_understood(extraction) == ["/test-results/test-suite/results/test-case/@mood"]


def test_drift_is_told():
    xml_drift.assert_drift_is_told(SAMPLE, ["test-case@name", "test-case@executed"], joined={"status", "produced_at", "suite"})


def test_the_corpus_is_read():
    for path, extraction in walk.extractions("test-reports/nunit2-xml"):
        assert extraction.format == FORMAT, path
        assert not_understood(extraction) == [], path
        assert rows(extraction, "test_cases") or "EVIDENCE_EMPTY" in [code for code, _ in problems(extraction)], path
