from pathlib import Path

import orjson

from tests.evidence import drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows
from tests.evidence.test_reports import walk

SAMPLE = (Path(__file__).parent / "samples" / "mocha.json").read_bytes()
FORMAT = "mocha-json"


def read(change):
    value = orjson.loads(SAMPLE)
    change(value)
    return extract(drift.as_json(value), FORMAT)


def test_the_list_a_test_stands_in_says_how_it_ended():
    extraction = extract(SAMPLE, FORMAT)
    assert [(row["name"], row["status"]) for row in rows(extraction, "test_cases")] == [
        ("tax rounds", "passes"),
        ("tax retries", "flaky"),
        ("tax adds", "failures"),
        ('tax "before each" hook', "failures"),
        ("tax exports", "pending"),
        ("tax never reached", "unlisted"),
    ]
    assert {row["vocabulary"] for row in rows(extraction, "test_cases")} == {"mocha-list"}
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_tests_of_one_name_are_counted_each():
    extraction = read(lambda value: value["tests"].append(value["tests"][0]))
    assert [row["status"] for row in rows(extraction, "test_cases") if row["name"] == "tax rounds"] == ["passes", "unlisted"]


def test_declared_totals_and_times_are_kept():
    extraction = extract(SAMPLE, FORMAT)
    [row] = rows(extraction, "test_suites")
    assert [row[name] for name in ("tests", "passed", "failed", "skipped", "duration_s")] == [5, 2, 2, 1, "1.5"]
    assert claims(extraction, "started_at") == ["2026-11-20T08:50:01.000Z"]
    assert claims(extraction, "finished_at") == ["2026-11-20T08:50:02.500Z"]


def test_messages_are_never_copied():
    assert "hunter2" not in str([table.to_pylist() for table in extract(SAMPLE, FORMAT).tables.values()])


def test_a_report_without_tests_is_told():
    extraction = read(lambda value: value.update(tests=[], passes=[], failures=[], pending=[]))
    assert ("EVIDENCE_EMPTY", "json-pointer:/tests") in problems(extraction)


def test_an_unknown_member_is_not_understood():
    assert not_understood(read(lambda value: value["passes"][0].update(mood="good"))) == ["/passes/*/mood"]


def test_other_json_with_stats_is_not_mocha():
    assert recognised(b'{"stats": {"tests": 1, "passes": 1, "failures": 0}, "tests": []}') == []


def test_drift_is_told():
    required = ["/stats", "/tests", "/passes", "/failures", "/stats/tests", "/stats/passes", "/stats/failures"]
    drift.assert_drift_is_told(SAMPLE, required, joined={"status", "name", "flaky", "vocabulary", "test_cases"}, parse=orjson.loads)


def test_the_corpus_is_read():
    for path, extraction in walk.extractions("test-reports/mocha-json"):
        assert extraction.format == FORMAT, path
        assert not_understood(extraction) == [], path
        assert rows(extraction, "test_cases") or "EVIDENCE_EMPTY" in [code for code, _ in problems(extraction)], path
