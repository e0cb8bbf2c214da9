from pathlib import Path

from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows
from tests.evidence.test_reports import walk, xml_drift

SAMPLE = (Path(__file__).parent / "samples" / "ctest.xml").read_bytes()
FORMAT = "ctest-xml"


def test_a_test_has_its_status_and_one_that_is_switched_off_says_so():
    extraction = extract(SAMPLE, FORMAT)
    assert {row["name"]: row["status"] for row in rows(extraction, "test_cases")} == {
        "rounds": "passed",
        "adds": "failed",
        "connects": "notrun",
        "exports": "notrun, Disabled",
    }
    assert [row["duration_s"] for row in rows(extraction, "test_cases")] == ["0.25", None, None, None]
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_times_are_those_with_a_year():
    extraction = extract(SAMPLE, FORMAT)
    assert claims(extraction, "started_at") == ["2026-11-20T08:50:00.000Z"]
    assert claims(extraction, "finished_at") == ["2026-11-20T08:51:00.000Z"]
    assert (claims(extraction, "tool.name"), claims(extraction, "tool.version")) == (["ctest"], ["3.30.5"])


def test_a_planned_test_without_a_result_is_told():
    start, end = SAMPLE.index(b'    <Test Status="failed">'), SAMPLE.index(b'    <Test Status="notrun">')
    assert [code for code, _ in problems(extract(SAMPLE[:start] + SAMPLE[end:], FORMAT))] == ["CONTRADICTION"]


def test_output_and_command_lines_are_never_copied():
    text = str([table.to_pylist() for table in extract(SAMPLE, FORMAT).tables.values()])
    assert "hunter2" not in text
    assert "agent-7" not in text


def test_no_test_is_told():
    extraction = extract(b'<Site BuildName="b"><Testing><TestList/></Testing></Site>', FORMAT)
    assert "EVIDENCE_EMPTY" in [code for code, _ in problems(extraction)]


def test_ctests_other_reports_are_not_of_tests():
    assert recognised(b'<Site BuildName="b"><Build/></Site>') == []


def test_what_nobody_knows_is_not_understood():
    extraction = extract(SAMPLE.replace(b'Status="passed"', b'Status="passed" mood="good"'), FORMAT)
    assert not_understood(extraction) == ["/Site/Testing/Test/@mood"]


def test_drift_is_told():
    xml_drift.assert_drift_is_told(SAMPLE, ["Test@Status"], joined={"status"})


def test_the_corpus_is_read():
    for path, extraction in walk.extractions("test-reports/ctest-xml"):
        assert extraction.format == FORMAT, path
        assert not_understood(extraction) == [], path
        assert rows(extraction, "test_cases"), path
