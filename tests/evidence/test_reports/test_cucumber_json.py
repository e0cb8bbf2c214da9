from pathlib import Path

import orjson
import pytest

from tests.evidence import drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "cucumber.json").read_bytes()
FORMAT = "cucumber-json"


def read(change):
    value = orjson.loads(SAMPLE)
    change(value)
    return extract(drift.as_json(value), FORMAT)


def statuses(*words):
    steps = [{"keyword": "Given ", "name": "x", "line": 1, "result": {"status": word}} for word in words]
    scenario = {"type": "scenario", "keyword": "Scenario", "name": "s", "line": 1, "steps": steps}
    data = orjson.dumps([{"uri": "x.feature", "keyword": "Feature", "name": "f", "elements": [scenario]}])
    [row] = rows(extract(data, FORMAT), "test_cases")
    return row["status"]


def test_a_scenario_is_as_bad_as_its_worst_step_and_the_background_counts_for_it():
    extraction = extract(SAMPLE, FORMAT)
    assert {row["name"]: row["status"] for row in rows(extraction, "test_cases")} == {
        "rounds": "passed",
        "adds": "failed",
        "plans": "undefined",
        "empty": "no-steps",
        "behind a broken background": "failed",
    }
    assert {(row["suite"], row["vocabulary"]) for row in rows(extraction, "test_cases")} == {("Tax", "cucumber-status")}
    assert rows(extraction, "test_cases")[0]["duration_s"] == "0.0035"
    assert claims(extraction, "started_at") == ["2026-11-20T08:50:01.000Z"]
    assert problems(extraction) == []
    assert not_understood(extraction) == []


@pytest.mark.parametrize(
    ("words", "worst"),
    [
        (("passed", "skipped"), "skipped"),
        (("passed", "pending", "skipped"), "pending"),
        (("undefined", "ambiguous"), "ambiguous"),
        (("failed", "skipped"), "failed"),
        (("passed", "wonderful"), "wonderful"),
    ],
)
def test_nothing_but_passed_steps_makes_a_pass(words, worst):
    assert statuses(*words) == worst


def test_messages_arguments_and_attachments_are_never_copied():
    text = str([table.to_pylist() for table in extract(SAMPLE, FORMAT).tables.values()])
    assert "hunter2" not in text
    assert "aHVudGVyMg" not in text


def test_a_step_without_a_result_is_told_and_no_pass():
    extraction = read(lambda value: value[0]["elements"][1]["steps"][0].pop("result"))
    assert rows(extraction, "test_cases")[0]["status"] == "absent"
    assert {code for code, _ in problems(extraction)} == {"SCHEMA_DRIFT"}


def test_a_report_without_scenarios_is_told():
    extraction = read(lambda value: value[0].update(elements=[]))
    assert [code for code, _ in problems(extraction)] == ["EVIDENCE_EMPTY"]


def test_an_unknown_member_is_not_understood():
    extraction = read(lambda value: value[0]["elements"][1]["steps"][0].update(mood="good"))
    assert not_understood(extraction) == ["/*/elements/*/steps/*/mood"]


def test_other_arrays_are_not_cucumber():
    assert recognised(b"[]") == []
    assert recognised(b'[{"uri": "x", "elements": []}]') == []


def test_drift_is_told():
    step = "/*/elements/*/steps/*"
    required = ["/*/elements", f"{step}/result", f"{step}/result/status"]
    joined = {"status", "name", "duration_s", "vocabulary", "suite", "test_cases", "started_at"}
    drift.assert_drift_is_told(SAMPLE, required, joined=joined, parse=orjson.loads)
