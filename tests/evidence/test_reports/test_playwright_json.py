from pathlib import Path

import orjson

from tests.evidence import drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "playwright.json").read_bytes()
FORMAT = "playwright-json"


def read(change):
    value = orjson.loads(SAMPLE)
    change(value)
    return extract(drift.as_json(value), FORMAT)


def cases(extraction):
    return {row["name"]: row["status"] for row in rows(extraction, "test_cases")}


def test_each_test_of_a_project_is_a_case_and_so_is_an_error_outside_any():
    extraction = extract(SAMPLE, FORMAT)
    assert cases(extraction) == {
        "[chromium] pays": "expected",
        "[chromium] declines": "unexpected",
        "[chromium] retries": "flaky",
        "[chromium] known bug": "expected-failure",
        "[chromium] later": "skipped",
        "error outside any test": "error",
    }
    assert {row["vocabulary"] for row in rows(extraction, "test_cases")} == {"playwright-status"}
    first, _, retried, *_ = rows(extraction, "test_cases")
    assert (first["suite"], first["duration_s"], retried["duration_s"]) == ("checkout.spec.ts > card", "1.2", "0.25")
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_the_git_identity_is_claimed_where_the_report_has_one():
    expected = {
        "candidate.commit": "9f2c4e1b7a6d5c3f8e0b1a2d4c6e8f0a1b3c5d7e",
        "candidate.branch": "release/4.12",
        "build.url": "https://github.com/acme-pay/billing-api/actions/runs/4242",
        "tool.name": "Playwright",
        "tool.version": "1.56.0",
        "started_at": "2026-11-20T08:50:01.000Z",
    }
    extraction = extract(SAMPLE, FORMAT)
    assert {field: claims(extraction, field) for field in expected} == {field: [value] for field, value in expected.items()}


def test_reports_before_1_51_name_the_revision_instead():
    extraction = read(lambda value: value["config"].update(metadata={"revision.id": "abc1234", "revision.author": "hunter2"}))
    assert claims(extraction, "candidate.commit") == ["abc1234"]
    assert not_understood(extraction) == []


def test_declared_totals_are_kept():
    [row] = rows(extract(SAMPLE, FORMAT), "test_suites")
    assert [row[name] for name in ("tests", "passed", "failed", "skipped", "duration_s")] == [None, 2, 1, 1, "31.5005"]


def test_messages_output_author_and_diff_are_never_copied():
    text = str([table.to_pylist() for table in extract(SAMPLE, FORMAT).tables.values()])
    for secret in ("hunter2", "Secret", "a.secret"):
        assert secret not in text


def test_suites_nest_to_any_depth():
    def nest(value):
        for _ in range(30):
            value["suites"] = [{"title": "deeper", "file": "x", "line": 1, "column": 1, "specs": [], "suites": value["suites"]}]

    extraction = read(nest)
    assert len(cases(extraction)) == 6
    assert not_understood(extraction) == []


def test_a_report_without_tests_is_told():
    extraction = read(lambda value: value.update(suites=[], errors=[]))
    assert ("EVIDENCE_EMPTY", "json-pointer:/suites") in problems(extraction)


def test_an_unknown_member_is_not_understood():
    extraction = read(lambda value: value["suites"][0]["suites"][0]["specs"][0]["tests"][0].update(mood="good"))
    assert not_understood(extraction) == ["/suites/*/suites/*/specs/*/tests/*/mood"]


def test_other_json_with_suites_is_not_playwright():
    assert recognised(b'{"config": {}, "suites": []}') == []
    assert recognised(b'{"suites": [], "errors": []}') == []


def test_drift_is_told():
    test = "/suites/*/suites/*/specs/*/tests"
    required = ["/config", "/suites", test, f"{test}/*/status", "/suites/*/suites/*/specs/*/title", "/stats/expected", "/stats/unexpected"]
    joined = {"status", "suite", "name", "candidate.branch", "candidate.commit", "build.url"}
    drift.assert_drift_is_told(SAMPLE, required, joined=joined, parse=orjson.loads)
