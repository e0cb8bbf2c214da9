from pathlib import Path

from tests.evidence import drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows
from tests.evidence.test_reports import json_lines

SAMPLE = (Path(__file__).parent / "samples" / "dart-test.jsonl").read_bytes()
FORMAT = "dart-test-json@0.1.1"


def cases(extraction):
    return {row["name"]: row["status"] for row in rows(extraction, "test_cases")}


def test_each_test_has_its_result_and_one_that_was_never_done_is_unfinished():
    extraction = extract(SAMPLE, FORMAT)
    assert cases(extraction) == {"rounds": "success", "adds": "failure", "exports": "skipped", "hangs": "unfinished"}
    assert {row["vocabulary"] for row in rows(extraction, "test_cases")} == {"dart-result"}
    first = rows(extraction, "test_cases")[0]
    assert (first["suite"], first["duration_s"], first["locator"]) == ("test/tax_test.dart", "0.012", "line=9,10;json-pointer:")
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_success_is_the_verdict():
    [verdict] = [claim for claim in rows(extract(SAMPLE, FORMAT), "claims") if claim["field"] == "verdict"]
    assert (verdict["value"], verdict["vocabulary"]) == ("false", "dart-success")
    assert claims(extract(SAMPLE, FORMAT), "tool.version") == ["1.25.8"]


def test_a_file_that_could_not_be_loaded_is_a_case():
    data = SAMPLE.replace(b'"testID":1,"result":"success"', b'"testID":1,"result":"error"')
    assert cases(extract(data, FORMAT))["loading test/tax_test.dart"] == "error"


def test_loading_a_file_is_no_case():
    assert "loading test/tax_test.dart" not in cases(extract(SAMPLE, FORMAT))


def test_a_stream_that_was_cut_off_is_told():
    cut = SAMPLE[: SAMPLE.index(b'{"success":false')]
    assert [code for code, _ in problems(extract(cut, FORMAT))] == ["EVIDENCE_UNREADABLE"]


def test_errors_and_output_are_never_copied():
    assert "hunter2" not in str([table.to_pylist() for table in extract(SAMPLE, FORMAT).tables.values()])


def test_a_stream_without_tests_is_told():
    data = b'{"protocolVersion":"0.1.1","runnerVersion":"1","pid":1,"type":"start","time":0}\n{"success":true,"type":"done","time":1}\n'
    assert [code for code, _ in problems(extract(data, FORMAT))] == ["EVIDENCE_EMPTY"]


def test_the_end_of_a_test_that_never_began_is_told():
    extraction = extract(SAMPLE.replace(b'{"testID":4,"result"', b'{"testID":44,"result"'), FORMAT)
    assert [code for code, _ in problems(extraction)] == ["SCHEMA_DRIFT"]
    assert cases(extraction)["adds"] == "unfinished"


def test_a_new_protocol_and_new_events_are_told():
    extraction = extract(SAMPLE.replace(b'"0.1.1"', b'"9.0.0"'), "dart-test-json@9.0.0")
    assert [code for code, _ in problems(extraction)] == ["SCHEMA_DRIFT"]
    extraction = extract(SAMPLE.replace(b'"type":"print"', b'"type":"sing"'), FORMAT)
    assert [code for code, _ in problems(extraction)] == ["SCHEMA_DRIFT"]


def test_other_json_lines_are_not_dart():
    assert recognised(b'{"type":"start","time":0}\n{"type":"done"}\n') == []


def test_an_unknown_member_is_not_understood():
    assert not_understood(
        extract(SAMPLE.replace(b'"hidden":false,"type":"testDone","time":322', b'"mood":1,"type":"testDone"'), FORMAT)
    ) == ["/mood"]


def test_drift_is_told():
    required = ["/*/type", "/*/testID", "/*/result", "/*/test", "/*/test/id", "/*/test/name", "/*/suite/id"]
    joined = {"status", "suite", "name", "duration_s", "vocabulary", "test_cases"}
    drift.assert_drift_is_told(SAMPLE, required, joined=joined, parse=json_lines.parse, dump=json_lines.dump)
