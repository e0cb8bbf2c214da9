from pathlib import Path

from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows
from tests.evidence.test_reports import xml_drift

SAMPLE = (Path(__file__).parent / "samples" / "open-test-reporting-hierarchy.xml").read_bytes()
FORMAT = "open-test-reporting-hierarchy@0.2.0"


def cases(extraction):
    return {row["name"]: row["status"] for row in rows(extraction, "test_cases")}


def test_leaves_are_cases_and_so_is_a_container_that_failed_by_itself():
    extraction = extract(SAMPLE, FORMAT)
    assert cases(extraction) == {
        "rounds()": "SUCCESSFUL",
        "adds()": "FAILED",
        "exports()": "SKIPPED",
        "guesses()": "ABORTED",
        "hangs()": "unfinished",
        "opens()": "SUCCESSFUL",
        "Leaks": "ERRORED",
    }
    assert [row["duration_s"] for row in rows(extraction, "test_cases")][:3] == ["0.012", "62.5", "0"]
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_a_commit_with_changes_beside_it_is_claimed_with_low_confidence():
    [commit] = [claim for claim in rows(extract(SAMPLE, FORMAT), "claims") if claim["field"] == "candidate.commit"]
    assert commit["confidence"] == "low"
    assert commit["loss"] == "the working tree had changes that are not in the commit"


def test_when_it_began_is_the_time_of_the_first_root():
    assert claims(extract(SAMPLE, FORMAT), "started_at") == ["2026-11-20T08:50:01.000Z"]


def test_reasons_and_changed_files_are_never_copied():
    text = str([table.to_pylist() for table in extract(SAMPLE, FORMAT).tables.values()])
    for secret in ("hunter2", "Secret.java", "agent-7"):
        assert secret not in text


def test_a_duration_that_is_none_is_told():
    extraction = extract(SAMPLE.replace(b'"PT0.012S"', b'"12 ms"'), FORMAT)
    assert [code for code, _ in problems(extraction)] == ["SCHEMA_DRIFT"]


def test_a_new_schema_version_is_told():
    data = SAMPLE.replace(b"hierarchy/0.2.0", b"hierarchy/9.0.0")
    assert [code for code, _ in problems(extract(data, "open-test-reporting-hierarchy@9.0.0"))] == ["SCHEMA_DRIFT"]


def test_an_execution_of_something_else_is_not_of_this_format():
    assert recognised(b"<execution/>") == []


def test_what_nobody_knows_is_not_understood():
    extraction = extract(SAMPLE.replace(b'duration="PT0.012S"', b'mood="good"'), FORMAT)
    assert not_understood(extraction) == ["/execution/root/child/@mood"]


def test_drift_is_told():
    xml_drift.assert_drift_is_told(SAMPLE, ["h:child@name", "result@status"], joined={"status", "suite", "started_at"})
