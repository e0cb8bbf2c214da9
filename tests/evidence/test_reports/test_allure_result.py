from pathlib import Path

import orjson

from tests.evidence import drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows
from tests.evidence.test_reports import walk

SAMPLE = (Path(__file__).parent / "samples" / "allure-result.json").read_bytes()
FORMAT = "allure-result"


def read(change):
    value = orjson.loads(SAMPLE)
    change(value)
    return extract(drift.as_json(value), FORMAT)


def test_a_result_is_one_case():
    extraction = extract(SAMPLE, FORMAT)
    [row] = rows(extraction, "test_cases")
    assert (row["suite"], row["name"], row["status"], row["vocabulary"]) == ("Billing > TaxTests", "rounds", "failed", "allure-status")
    assert row["duration_s"] == "0.012"
    assert claims(extraction, "started_at") == ["2026-11-20T08:20:00.123Z"]
    assert claims(extraction, "finished_at") == ["2026-11-20T08:20:00.135Z"]
    assert claims(extraction, "tool.name") == ["junit-platform"]
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_a_case_that_passed_and_is_marked_flaky_is_flaky_and_a_failed_one_stays_failed():
    def flaky(status):
        def change(value):
            value.update(status=status)
            value["statusDetails"].update(flaky=True)

        [row] = rows(read(change), "test_cases")
        return row["status"], row["flaky"]

    assert flaky("passed") == ("flaky", True)
    assert flaky("failed") == ("failed", True)


def test_messages_steps_and_parameters_are_never_copied():
    assert "hunter2" not in str([table.to_pylist() for table in extract(SAMPLE, FORMAT).tables.values()])


def test_a_result_whose_status_is_null_is_told_and_no_pass():
    extraction = read(lambda value: value.update(status=None))
    assert [row["status"] for row in rows(extraction, "test_cases")] == ["absent"]
    assert problems(extraction) == [("SCHEMA_DRIFT", "json-pointer:/status")]


def test_an_unknown_member_is_not_understood():
    assert not_understood(read(lambda value: value.update(mood="good"))) == ["/mood"]


def test_allures_containers_and_categories_are_not_results():
    assert recognised(b'{"uuid": "u", "name": "n", "children": [], "befores": [], "afters": []}') == []


def test_drift_is_told():
    drift.assert_drift_is_told(SAMPLE, ["/name", "/status"], joined={"status", "suite", "duration_s", "flaky"}, parse=orjson.loads)


def test_the_corpus_is_read():
    for path, extraction in walk.extractions("test-reports/allure-result-json"):
        assert extraction.format == FORMAT, path
        assert not_understood(extraction) == [], path
        assert problems(extraction) == [], path
