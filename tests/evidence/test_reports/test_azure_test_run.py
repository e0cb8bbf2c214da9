from pathlib import Path

import orjson

from tests.evidence import drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows
from tests.evidence.test_reports import walk

SAMPLE = (Path(__file__).parent / "samples" / "azure-test-run.json").read_bytes()
FORMAT = "azure-test-run"


def read(change):
    value = orjson.loads(SAMPLE)
    change(value)
    return extract(drift.as_json(value), FORMAT)


def test_a_run_says_how_many_tests_had_which_outcome():
    extraction = extract(SAMPLE, FORMAT)
    assert [(row["statistic"], row["value"], row["status"], row["vocabulary"]) for row in rows(extraction, "metrics")] == [
        ("Passed", "3", "Passed", "azure-test-outcome"),
        ("Failed", "1", "Failed", "azure-test-outcome"),
        ("NotExecuted", "1", "NotExecuted", "azure-test-outcome"),
    ]
    [row] = rows(extraction, "test_suites")
    assert [row[name] for name in ("tests", "passed", "failed", "skipped")] == [5, 3, 1, 1]
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_the_run_names_its_build_environment_times_and_state():
    expected = {
        "build.id": "4242",
        "environment.observed": "staging",
        "started_at": "2026-11-20T08:50:01.5Z",
        "finished_at": "2026-11-20T08:50:06.25Z",
        "verdict": "Completed",
    }
    extraction = extract(SAMPLE, FORMAT)
    assert {field: claims(extraction, field) for field in expected} == {field: [value] for field, value in expected.items()}


def test_a_list_of_runs_speaks_of_several_subjects():
    value = orjson.loads(SAMPLE)
    data = orjson.dumps({"count": 2, "value": [value, {**value, "id": 32, "state": "InProgress"}]})
    verdicts = [claim for claim in rows(extract(data, FORMAT), "claims") if claim["field"] == "verdict"]
    assert [(claim["subject"], claim["value"]) for claim in verdicts] == [("31", "Completed"), ("32", "InProgress")]


def test_statistics_alone_are_read():
    data = b'{"run": {"id": "1", "name": "n", "url": "u"}, "runStatistics": [{"state": "Completed", "outcome": "Passed", "count": 1}]}'
    assert [row["status"] for row in rows(extract(data, FORMAT), "metrics")] == ["Passed"]


def test_a_run_without_any_number_is_told():
    extraction = read(lambda value: (value.pop("runStatistics"), value.pop("totalTests")))
    assert [code for code, _ in problems(extraction)] == ["EVIDENCE_EMPTY"]


def test_people_and_comments_are_never_copied():
    text = str([table.to_pylist() for table in extract(SAMPLE, FORMAT).tables.values()])
    for secret in ("hunter2", "Secret"):
        assert secret not in text


def test_an_unknown_member_is_not_understood():
    assert not_understood(read(lambda value: value.update(mood="good"))) == ["/mood"]


def test_other_answers_of_azure_devops_are_not_runs():
    assert FORMAT not in recognised(b'{"count": 1, "value": [{"id": 1, "url": "u", "state": "completed"}]}')


def test_drift_is_told():
    required = ["/state", "/runStatistics/*/outcome", "/runStatistics/*/count"]
    drift.assert_drift_is_told(SAMPLE, required, joined={"status"}, parse=orjson.loads)


def test_the_corpus_is_read():
    for path, extraction in walk.extractions("test-reports/azure-devops-testrun"):
        assert extraction.format in (FORMAT, "azure-test-results"), path
        assert not_understood(extraction) == [], path
