from pathlib import Path

import orjson

from tests.evidence import drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "mochawesome.json").read_bytes()
FORMAT = "mochawesome-json"


def read(change):
    value = orjson.loads(SAMPLE)
    change(value)
    return extract(drift.as_json(value), FORMAT)


def test_each_test_keeps_its_state_and_a_hook_that_failed_is_a_case():
    extraction = extract(SAMPLE, FORMAT)
    assert {row["name"]: row["status"] for row in rows(extraction, "test_cases")} == {
        "tax rounds": "passed",
        "tax adds": "failed",
        "tax exports": "pending",
        "tax unreached": "skipped",
        "tax closes": "failed",
    }
    assert {row["vocabulary"] for row in rows(extraction, "test_cases")} == {"mochawesome-state"}
    assert {row["suite"] for row in rows(extraction, "test_cases")} == {"tax"}
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_declared_totals_times_and_tool_are_kept():
    extraction = extract(SAMPLE, FORMAT)
    [row] = rows(extraction, "test_suites")
    assert [row[name] for name in ("tests", "passed", "failed", "skipped", "duration_s")] == [4, 1, 1, 1, "1.5"]
    assert claims(extraction, "started_at") == ["2026-11-20T08:50:01.000Z"]
    assert claims(extraction, "tool.version") == ["7.0.1"]


def test_code_and_messages_are_never_copied():
    assert "hunter2" not in str([table.to_pylist() for table in extract(SAMPLE, FORMAT).tables.values()])


def test_a_test_without_any_state_is_no_pass():
    def change(value):
        value["results"][0]["suites"][0]["tests"][0].update(state=None)

    assert rows(read(change), "test_cases")[0]["status"] == "absent"


def test_a_report_without_tests_is_told():
    assert ("EVIDENCE_EMPTY", "json-pointer:/results") in problems(read(lambda value: value.update(results=[])))


def test_an_unknown_member_is_not_understood():
    extraction = read(lambda value: value["results"][0]["suites"][0].update(mood="good"))
    assert not_understood(extraction) == ["/results/*/suites/*/mood"]


def test_other_json_with_stats_and_results_is_not_mochawesome():
    assert recognised(b'{"stats": {"tests": 1, "passes": 1, "failures": 0}, "results": []}') == []


def test_drift_is_told():
    required = ["/stats", "/results", "/stats/tests", "/stats/passes", "/stats/failures"]
    drift.assert_drift_is_told(SAMPLE, required, joined={"status", "name", "suite"}, parse=orjson.loads)
