from pathlib import Path

import pytest

from tests.evidence.support import extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "tap14.tap").read_bytes()


def cases(extraction):
    return {row["name"]: row["status"] for row in rows(extraction, "test_cases")}


def read(text, version="12"):
    return extract(text.encode(), f"tap@{version}")


def test_points_are_cases_and_a_point_with_subtests_is_one_only_where_it_failed_by_itself():
    extraction = extract(SAMPLE, "tap@14")
    assert cases(extraction) == {
        "rounds": "ok",
        "adds": "not ok",
        "exports": "skip",
        "plans": "todo",
        "opens": "ok",
        "leaks": "not ok",
        "ledger \\# 7": "ok",
    }
    assert {row["vocabulary"] for row in rows(extraction, "test_cases")} == {"tap-result"}
    assert rows(extraction, "test_cases")[0]["locator"] == "line=2,3"
    assert [row["tests"] for row in rows(extraction, "test_suites")] == [5]
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_a_point_that_is_ok_over_a_failed_subtest_is_a_contradiction():
    assert problems(read("TAP version 14\n    not ok 1 - a\n    1..1\nok 1 - b\n1..1\n", "14")) == [("CONTRADICTION", "line=3,4")]
    assert problems(read("TAP version 14\n    not ok 1 - a # TODO\n    1..1\nok 1 - b\n1..1\n", "14")) == []


def test_how_long_a_point_took_is_no_part_of_its_name():
    assert [(row["name"], row["duration_s"]) for row in rows(read("ok 1 - adds tax # time=10.84ms\n1..1\n"), "test_cases")] == [
        ("adds tax", "0.01084")
    ]


def test_version_12_does_not_say_so_and_the_plan_may_come_last():
    assert cases(read("1..2\nok 1 - a\nnot ok 2 - b\n")) == {"a": "ok", "b": "not ok"}
    assert cases(read("ok 1 - a\nok\n1..2\n")) == {"a": "ok", None: "ok"}


def test_a_brace_opens_a_subtest_behind_its_point():
    stream = "TAP version 14\nnot ok 1 - s # time=1ms {\n    ok 1 - a\n    not ok 2 - b\n    1..2\n}\nok 2 - t {\n}\nok 3 - u\n1..3\n"
    extraction = read(stream, "14")
    assert cases(extraction) == {"a": "ok", "b": "not ok", "t": "ok", "u": "ok"}
    assert problems(extraction) == []


def test_a_failing_todo_is_not_a_failure_and_a_passing_one_is_not_counted_on():
    assert cases(read("1..2\nnot ok 1 a # TODO later\nok 2 b # todo\n")) == {"a": "todo", "b": "todo"}


def test_bailing_out_is_a_case_and_excuses_the_plan():
    extraction = read("TAP version 13\n1..3\nok 1 - a\nBail out! database is hunter2\n", "13")
    assert cases(extraction) == {"a": "ok", "Bail out!": "bail-out"}
    assert problems(extraction) == []


def test_a_plan_that_skips_all_is_a_skip():
    extraction = read("1..0 # SKIP no database\n")
    assert cases(extraction) == {"all tests": "skip"}
    assert problems(extraction) == []


@pytest.mark.parametrize("text", ["1..3\nok 1 - a\nok 2 - b\n", "1..1\nok 1 - a\nok 2 - b\n"])
def test_a_plan_that_does_not_match_the_points_is_a_contradiction(text):
    assert problems(read(text)) == [("CONTRADICTION", "line=0,1")]


def test_a_subtests_plan_is_compared_too():
    extraction = read("TAP version 14\n    ok 1 - a\n    1..2\nok 1 - s\n1..1\n", "14")
    assert problems(extraction) == [("CONTRADICTION", "line=2,3")]


def test_a_stream_without_a_plan_may_have_been_cut_off():
    assert [code for code, _ in problems(read("TAP version 13\nok 1 - a\n", "13"))] == ["SCHEMA_DRIFT"]


def test_a_stream_without_points_is_told():
    assert [code for code, _ in problems(read("TAP version 13\n", "13"))] == ["SCHEMA_DRIFT", "EVIDENCE_EMPTY"]


def test_diagnostics_are_never_copied():
    assert "hunter2" not in str([table.to_pylist() for table in extract(SAMPLE, "tap@14").tables.values()])


def test_lines_that_are_no_tap_are_not_understood():
    extraction = read("1..1\nok 1 - a\nwarning: fine weather\n")
    assert not_understood(extraction) == ["/line/not understood"]


@pytest.mark.parametrize("point", ["OK 1 - a", "fine 1 - a", "notok 1 - a", "okay 1 - a"])
def test_a_renamed_result_is_told_and_no_pass(point):
    extraction = read(f"TAP version 13\n1..1\n{point}\n", "13")
    assert rows(extraction, "test_cases") == []
    assert {code for code, _ in problems(extraction)} == {"CONTRADICTION", "EVIDENCE_EMPTY"}


@pytest.mark.parametrize("text", ["ok then\n", "1..2 of the chapters\n", "# notes\n\nok\n", "not ok, we think\n1. a\n", "1..4\n"])
def test_prose_is_not_tap(text):
    assert "tap" not in {known.partition("@")[0] for known in recognised(text.encode())}
