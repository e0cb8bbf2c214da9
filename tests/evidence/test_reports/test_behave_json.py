import json
from pathlib import Path

from tests.evidence import drift
from tests.evidence.support import extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "behave.json").read_bytes()
FORMAT = "behave-json"


def test_a_scenario_has_its_own_status_and_a_background_none():
    extraction = extract(SAMPLE, FORMAT)
    assert [(row["suite"], row["name"], row["status"], row["duration_s"]) for row in rows(extraction, "test_cases")] == [
        ("Refunds", "is paid", "passed", "0.75"),
        ("Refunds", "is refused -- @1.1 ", "failed", "0.125"),
        ("Refunds", "is left out", "skipped", "0"),
    ]
    assert {row["vocabulary"] for row in rows(extraction, "test_cases")} == {"behave-status"}
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_messages_and_step_data_are_never_copied():
    assert "hunter2" not in str([table.to_pylist() for table in extract(SAMPLE, FORMAT).tables.values()])


def test_a_feature_that_failed_by_itself_is_a_case():
    report = json.loads(SAMPLE)
    report[0]["elements"] = report[0]["elements"][1:2]
    report[0]["status"] = "hook_error"
    found = rows(extract(drift.as_json(report), FORMAT), "test_cases")
    assert [(row["name"], row["status"]) for row in found] == [("is paid", "passed"), ("Refunds", "hook_error")]


def test_a_report_without_scenarios_is_told():
    report = json.loads(SAMPLE)
    report[0] = {**report[0], "elements": [], "status": "skipped"}
    assert [code for code, _ in problems(extract(drift.as_json(report), FORMAT))] == ["EVIDENCE_EMPTY"]


def test_cucumbers_report_is_another():
    feature = {"uri": "a.feature", "id": "a", "keyword": "Feature", "name": "a", "line": 1, "elements": []}
    assert recognised(drift.as_json([feature])) == ["cucumber-json"]


def test_drift_is_told():
    required = {"/*/status", "/*/elements/*/status", "/*/elements/*/name", "/*/elements/*/type"}
    drift.assert_drift_is_told(SAMPLE, required, joined={"duration_s"}, parse=json.loads)
