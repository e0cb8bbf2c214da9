from pathlib import Path

from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows
from tests.evidence.test_reports import json_lines

SAMPLE = (Path(__file__).parent / "samples" / "go-test.jsonl").read_bytes()
FORMAT = "go-test-json"


def cases(extraction):
    return {row["name"]: row["status"] for row in rows(extraction, "test_cases")}


def test_the_last_action_of_a_test_is_its_result():
    extraction = extract(SAMPLE, FORMAT)
    assert cases(extraction) == {
        "TestRounds": "pass",
        "TestAdds/eur": "fail",
        "TestExports": "skip",
        "TestHangs": "unfinished",
        "acme/broken": "fail",
    }
    assert {row["vocabulary"] for row in rows(extraction, "test_cases")} == {"go-test-action"}
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_a_case_is_located_in_its_line():
    row = rows(extract(SAMPLE, FORMAT), "test_cases")[0]
    assert (row["suite"], row["duration_s"], row["locator"]) == ("acme/billing", "0.012", "line=3,4;json-pointer:")


def test_a_package_that_failed_without_a_failing_test_is_a_case_by_itself_and_only_then():
    assert "acme/billing" not in cases(extract(SAMPLE, FORMAT))
    assert "acme/empty" not in cases(extract(SAMPLE, FORMAT))


def test_a_stream_that_was_cut_off_leaves_its_tests_unfinished():
    cut = SAMPLE[: SAMPLE.index(b'{"Time":"2026-11-20T08:50:00.3Z","Action":"pass"')]
    assert cases(extract(cut, FORMAT)) == {"acme/billing": "unfinished", "TestRounds": "unfinished"}


def test_the_first_and_last_event_say_when_it_ran():
    extraction = extract(SAMPLE, FORMAT)
    assert claims(extraction, "started_at") == ["2026-11-20T08:50:00.1Z"]
    assert claims(extraction, "finished_at") == ["2026-11-20T08:50:02Z"]


def test_a_package_that_passed_over_a_failed_test_is_a_contradiction_and_one_that_is_run_again_is_none():
    failed, passed = (
        b'{"Action":"run","Package":"p","Test":"T"}\n{"Action":"%s","Package":"p","Test":"T"}\n' % word for word in (b"fail", b"pass")
    )
    ended = b'{"Action":"%s","Package":"p"}\n'
    assert problems(extract(failed + ended % b"pass", FORMAT)) == [("CONTRADICTION", "line=2,3;json-pointer:/Action")]
    assert problems(extract(failed + ended % b"fail" + passed + ended % b"pass", FORMAT)) == []


def test_output_is_never_copied():
    assert "hunter2" not in str([table.to_pylist() for table in extract(SAMPLE, FORMAT).tables.values()])


def test_a_stream_without_tests_is_told():
    data = b'{"Action":"start","Package":"p"}\n{"Action":"skip","Package":"p","Elapsed":0}\n'
    assert [code for code, _ in problems(extract(data, FORMAT))] == ["EVIDENCE_EMPTY"]


def test_an_unknown_action_is_told():
    data = SAMPLE.replace(b'"Action":"skip","Package":"acme/billing"', b'"Action":"vanish","Package":"acme/billing"')
    extraction = extract(data, FORMAT)
    assert "SCHEMA_DRIFT" in [code for code, _ in problems(extraction)]
    assert cases(extraction)["TestExports"] == "unfinished"


def test_other_events_are_not_go_tests():
    assert recognised(b'{"Action":"opened","Package":"p"}\n{"Action":"closed","Package":"p"}\n') == []
    assert recognised(b'{"Action":"pass"}\n{"Action":"pass"}\n') == []


def test_an_unknown_member_is_not_understood():
    assert not_understood(extract(SAMPLE.replace(b'"Elapsed":0.012', b'"Mood":"good"'), FORMAT)) == ["/Mood"]


def test_drift_is_told():
    required = ["/*/Action", "/*/Package"]
    joined = {"status", "name", "vocabulary", "suite", "duration_s", "started_at", "finished_at", "test_cases", "test_suites"}
    drift.assert_drift_is_told(SAMPLE, required, joined=joined, parse=json_lines.parse, dump=json_lines.dump)


def test_the_corpus_is_read():
    for path, known in corpus.read_all("test-reports/go-test-json").items():
        assert [found.format for found in known] == [FORMAT], path
        assert not_understood(known[0]) == [], path
        assert problems(known[0]) == [], path


def test_plain_lines_between_the_events_are_told_and_what_they_say_was_not_built_failed():
    first, rest = SAMPLE.split(b"\n", 1)
    plain = b"# acme/refunds\n./refunds.go:7:2: undefined: total\n" + first + b"\nFAIL\tacme/refunds [build failed]\n" + rest
    extraction = extract(plain, FORMAT)
    assert cases(extraction) == {**cases(extract(SAMPLE, FORMAT)), "acme/refunds": "fail"}
    assert problems(extraction) == [("SCHEMA_DRIFT", "line=0,1")]
    assert not_understood(extraction) == ["/line/not understood"]


def test_an_event_that_broke_off_is_told_and_its_test_did_not_end():
    end = SAMPLE.index(b'{"Time":"2026-11-20T08:50:00.3Z","Action":"pass"') + 30
    extraction = extract(SAMPLE[:end], FORMAT)
    assert cases(extraction) == {"acme/billing": "unfinished", "TestRounds": "unfinished"}
    assert [code for code, _ in problems(extraction)] == ["SCHEMA_DRIFT"]


def test_prose_with_an_event_in_it_is_no_stream():
    assert FORMAT not in recognised(b"Notes\n\nwhat it wrote:\n\n" + SAMPLE.split(b"\n", 1)[0] + b"\n")


def test_a_line_that_is_nested_too_deep_is_no_plain_line():
    deep = b'{"Action":' + b"[" * 150 + b"]" * 150 + b"}\n"
    assert [code for code, _ in problems(extract(SAMPLE + deep, FORMAT))] == ["EVIDENCE_UNREADABLE"]
