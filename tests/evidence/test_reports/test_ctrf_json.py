from pathlib import Path

import orjson
import pytest

from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "ctrf.json").read_bytes()
FORMAT = "ctrf-json@1.0.0"


def changed(change):
    value = orjson.loads(SAMPLE)
    change(value)
    return drift.as_json(value)


def read(change, format_id=FORMAT):
    return extract(changed(change), format_id)


def claim_of(extraction, field):
    [claim] = [claim for claim in rows(extraction, "claims") if claim["field"] == field]
    return claim


def test_a_report_that_names_its_candidate_is_believed_to_say_so():
    extraction = extract(SAMPLE, FORMAT)
    expected = {
        "service.name": "billing-api",
        "candidate.version": "4.12.0-rc.3",
        "candidate.commit": "9f2c4e1b7a6d5c3f8e0b1a2d4c6e8f0a1b3c5d7e",
        "candidate.branch": "release/4.12",
        "repository.url": "https://github.com/acme-pay/billing-api",
        "build.id": "456",
        "build.url": "https://ci.example.com/builds/456",
        "environment.observed": "staging",
        "tool.name": "playwright",
        "tool.version": "1.56.0",
        "produced_at": "2026-11-20T09:00:00Z",
        "test.level": "integration",
    }
    assert {field: claims(extraction, field) for field in expected} == {field: [value] for field, value in expected.items()}
    assert claim_of(extraction, "candidate.commit")["locator"] == "json-pointer:/results/environment/commit"
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_epoch_milliseconds_become_utc_times_and_the_loss_is_told():
    claim = claim_of(extract(SAMPLE, FORMAT), "started_at")
    assert (claim["source_value"], claim["value"]) == ("1795162800123", "2026-11-20T08:20:00.123Z")
    assert (claim["confidence"], claim["loss"]) == ("derived", "milliseconds since 1970 written as RFC 3339")


@pytest.mark.parametrize("start", [10**18, -(10**18)])
def test_a_time_beyond_any_calendar_is_told(start):
    extraction = read(lambda value: value["results"]["summary"].update(start=start))
    assert claims(extraction, "started_at") == []
    assert problems(extraction) == [("SCHEMA_DRIFT", "json-pointer:/results/summary/start")]


def test_each_case_keeps_its_own_word():
    found = rows(extract(SAMPLE, FORMAT), "test_cases")
    assert [(row["suite"], row["name"], row["status"], row["duration_s"], row["flaky"]) for row in found] == [
        ("checkout > card", "pays", "passed", "3.5", None),
        ("checkout", "refunds", "failed", "0.1205", None),
        (None, "retries", "flaky", "0.01", True),
        (None, "later", "pending", "0", None),
        (None, "hangs", "other", "30", None),
    ]
    assert {row["vocabulary"] for row in found} == {"ctrf-status"}


def test_declared_totals_put_pending_to_skipped_and_other_to_errors():
    [row] = rows(extract(SAMPLE, FORMAT), "test_suites")
    assert [row[name] for name in ("tests", "passed", "failed", "errors", "skipped")] == [5, 2, 1, 1, 1]
    assert (row["name"], row["level"]) == ("playwright", "integration")


def test_the_baseline_is_another_run():
    assert "f6e5d4c3b2a1" not in str(rows(extract(SAMPLE, FORMAT), "claims"))


def test_messages_traces_and_retries_are_never_copied():
    text = str([table.to_pylist() for table in extract(SAMPLE, FORMAT).tables.values()])
    assert "hunter2" not in text


def test_a_flaky_flag_never_turns_a_failure_into_anything_else():
    extraction = read(lambda value: value["results"]["tests"][1].update(flaky=True))
    assert [row["status"] for row in rows(extraction, "test_cases")][1] == "failed"


def test_a_test_that_passed_when_it_was_tried_again_is_flaky_with_and_without_the_flag():
    def change(report, *leave_out):
        report["results"]["summary"]["flaky"] = 1
        for test in report["results"]["tests"]:
            for name in leave_out:
                test.pop(name, None)

    assert [row["name"] for row in rows(read(lambda report: change(report, "flaky")), "test_cases") if row["status"] == "flaky"] == [
        "retries"
    ]
    lost = read(lambda report: change(report, "flaky", "retries"))
    assert problems(lost) == [("CONTRADICTION", "json-pointer:/results/summary/flaky")]


def test_the_number_of_a_build_stands_in_for_its_id_with_low_confidence():
    assert claim_of(extract(SAMPLE, FORMAT), "build.id")["confidence"] == "low"
    given = claim_of(read(lambda report: report["results"]["environment"].update(buildId="b-7")), "build.id")
    assert (given["value"], given["confidence"]) == ("b-7", "exact")


def test_a_level_is_claimed_only_where_all_tests_agree():
    extraction = read(lambda value: value["results"]["tests"][0].update(type="unit"))
    assert claims(extraction, "test.level") == []
    assert rows(extraction, "test_suites")[0]["level"] is None


def test_most_writers_leave_out_format_and_version():
    def change(value):
        del value["reportFormat"], value["specVersion"]

    assert len(rows(read(change, "ctrf-json"), "test_cases")) == 5


def test_an_unknown_version_is_read_and_told():
    extraction = read(lambda value: value.update(specVersion="9.0.0"), "ctrf-json@9.0.0")
    assert problems(extraction) == [("SCHEMA_DRIFT", None)]
    assert len(rows(extraction, "test_cases")) == 5


def test_a_report_without_tests_is_told():
    extraction = read(lambda value: value["results"].update(tests=[]))
    assert ("EVIDENCE_EMPTY", "json-pointer:/results/tests") in problems(extraction)


def test_an_unknown_member_is_not_understood():
    extraction = read(lambda value: value["results"]["tests"][0].update(mood="good"))
    assert not_understood(extraction) == ["/results/tests/*/mood"]


def test_other_json_with_results_is_not_ctrf():
    assert recognised(b'{"results": {"tool": {}, "summary": {}}}') == []
    assert recognised(b'{"results": []}') == []
    assert recognised(b'{"reportFormat": "CTRF"}') == []


def test_drift_is_told():
    drift.assert_drift_is_told(
        changed(lambda value: value["results"]["tests"][0].update(suite="checkout")),  # a text and a path of names are both right
        [
            *("/results/tool", "/results/tool/name", "/results/tests", "/results/tests/*/name", "/results/tests/*/status"),
            *("/results/summary", "/results/summary/tests", "/results/summary/passed", "/results/summary/failed"),
        ],
        joined={"skipped", "status", "level", "test.level", "suite"},
        parse=orjson.loads,
    )


def test_the_corpus_is_read():
    found = corpus.read_all("test-reports/ctrf-json")
    assert {match.format.partition("@")[0] for known in found.values() for match in known} == {"ctrf-json"}
    for path, known in found.items():
        assert len(known) == 1, path
        assert not_understood(known[0]) == [], path
        assert rows(known[0], "test_cases"), path
