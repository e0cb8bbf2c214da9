from pathlib import Path

import orjson
import pytest

from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "jest.json").read_bytes()
FORMAT = "jest-json"


def read(change):
    value = orjson.loads(SAMPLE)
    change(value)
    return extract(drift.as_json(value), FORMAT)


def cases(extraction):
    return {row["name"]: row["status"] for row in rows(extraction, "test_cases")}


def test_each_test_keeps_its_status_and_a_file_that_could_not_be_loaded_is_a_case():
    extraction = extract(SAMPLE, FORMAT)
    assert cases(extraction) == {
        "tax rounds": "passed",
        "tax adds": "failed",
        "tax retries": "flaky",
        "tax exports": "pending",
        "tax plans": "todo",
        "broken.test.js": "failed",
    }
    assert {row["vocabulary"] for row in rows(extraction, "test_cases")} == {"jest-status"}
    assert [row["duration_s"] for row in rows(extraction, "test_cases")][:2] == ["0.012", "0.1205"]
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_success_is_the_verdict_and_the_start_is_utc():
    extraction = extract(SAMPLE, FORMAT)
    assert claims(extraction, "verdict") == ["false"]
    assert claims(extraction, "started_at") == ["2026-11-20T08:20:00.123Z"]


def test_a_file_that_could_not_be_run_is_a_case_however_it_is_listed():
    broken = {"name": "/ci/broken.test.js", "status": "failed", "assertionResults": []}
    listed = {**broken, "assertionResults": [{"ancestorTitles": [], "failureMessages": ["boom"], "status": "error"}]}
    for file, word in ((broken, "failed"), (listed, "error")):
        report = {"numTotalTests": 0, "numPassedTests": 0, "numFailedTests": 0, "numPendingTests": 0, "success": False}
        report["testResults"] = [file]
        extraction = extract(orjson.dumps(report), FORMAT)
        assert [(row["name"], row["status"]) for row in rows(extraction, "test_cases")] == [("broken.test.js", word)]
        assert problems(extraction) == []


def test_declared_totals_put_todo_to_skipped_and_crashed_files_to_errors():
    [row] = rows(extract(SAMPLE, FORMAT), "test_suites")
    assert [row[name] for name in ("tests", "passed", "failed", "errors", "skipped")] == [5, 2, 1, 1, 2]


def test_messages_and_folders_are_never_copied():
    text = str([table.to_pylist() for table in extract(SAMPLE, FORMAT).tables.values()])
    for secret in ("hunter2", "ci-secret-home"):
        assert secret not in text


@pytest.mark.parametrize("word", ["failed", "exploded"])
def test_a_retried_test_that_did_not_pass_is_not_flaky(word):
    extraction = read(lambda value: value["testResults"][0]["assertionResults"][2].update(status=word))
    assert cases(extraction)["tax retries"] == word


def test_a_report_without_tests_is_told_however_successful():
    extraction = read(lambda value: value.update(testResults=[], success=True))
    assert ("EVIDENCE_EMPTY", "json-pointer:/testResults") in problems(extraction)


def test_a_status_under_another_name_is_drift_and_no_contradiction():
    def rename(report):
        case = report["testResults"][0]["assertionResults"][0]
        case["state"] = case.pop("status")

    assert {code for code, _ in problems(read(rename))} == {"SCHEMA_DRIFT"}


def test_an_unknown_member_is_not_understood():
    extraction = read(lambda value: value["testResults"][0]["assertionResults"][0].update(mood="good"))
    assert not_understood(extraction) == ["/testResults/*/assertionResults/*/mood"]


def test_other_json_is_not_jest():
    assert recognised(b'{"testResults": []}') == []


def test_drift_is_told():
    test = "/testResults/*/assertionResults/*"
    required = ["/success", "/numTotalTests", "/testResults", "/testResults/*/status", "/testResults/*/assertionResults", f"{test}/status"]
    drift.assert_drift_is_told(SAMPLE, required, joined={"status", "name", "flaky", "skipped", "suite"}, parse=orjson.loads)


def test_the_corpus_is_read():
    for path, known in corpus.read_all("test-reports/jest-json").items():
        assert [found.format for found in known] == [FORMAT], path
        assert not_understood(known[0]) == [], path
        assert problems(known[0]) == [], path
