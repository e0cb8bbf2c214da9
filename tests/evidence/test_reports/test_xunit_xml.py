from pathlib import Path

import pytest

from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows
from tests.evidence.test_reports import walk, xml_drift

SAMPLES = Path(__file__).parent / "samples"
V2, V3 = (SAMPLES / "xunit-v2.xml").read_bytes(), (SAMPLES / "xunit-v3.xml").read_bytes()


def cases(extraction):
    return {row["name"].rpartition(".")[2]: row["status"] for row in rows(extraction, "test_cases")}


def test_each_test_keeps_its_result_and_what_broke_outside_any_test_is_a_case():
    extraction = extract(V2, "xunit-xml@2")
    assert cases(extraction) == {"Rounds": "Pass", "Adds": "Fail", "Exports": "Skip", "assembly-cleanup": "error"}
    assert {row["vocabulary"] for row in rows(extraction, "test_cases")} == {"xunit-result"}
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_a_test_that_was_not_run_says_so():
    extraction = extract(V3, "xunit-xml@3")
    assert cases(extraction) == {"Rounds": "Pass", "Explicit": "NotRun"}
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_times_are_the_round_trip_ones_or_date_and_time_of_the_first_assembly():
    assert claims(extract(V3, "xunit-xml@3"), "started_at") == ["2026-11-20T08:50:01.0000000+00:00"]
    assert claims(extract(V3, "xunit-xml@3"), "finished_at") == ["2026-11-20T08:50:06.2500000+00:00"]
    [claim] = [claim for claim in rows(extract(V2, "xunit-xml@2"), "claims") if claim["field"] == "started_at"]
    assert (claim["value"], claim["source_value"], claim["confidence"]) == ("2026-11-20T08:50:01", "2026-11-20", "derived")


@pytest.mark.parametrize(("data", "format_id", "version"), [(V2, "xunit-xml@2", "2.4.1.0"), (V3, "xunit-xml@3", "3.2.0+b1234")])
def test_the_framework_is_the_tool(data, format_id, version):
    extraction = extract(data, format_id)
    assert claims(extraction, "tool.version") == [version]
    assert claims(extraction, "tool.name")[0].startswith("xUnit.net")


def test_declared_totals_and_durations_are_kept():
    [row] = rows(extract(V2, "xunit-xml@2"), "test_suites")
    assert [row[name] for name in ("name", "tests", "passed", "failed", "errors", "skipped")] == ["Billing.Tests.dll", 3, 1, 1, 1, 1]
    assert rows(extract(V2, "xunit-xml@2"), "test_cases")[1]["duration_s"] == "0.0120000"


def test_output_messages_machine_and_folders_are_never_copied():
    text = str(
        [table.to_pylist() for data, known in ((V2, "2"), (V3, "3")) for table in extract(data, f"xunit-xml@{known}").tables.values()]
    )
    for secret in ("hunter2", "ci-secret", "agent-7"):
        assert secret not in text


def test_a_bare_assembly_is_a_report_and_dotnets_other_documents_are_not():
    test = b'<class name="c"><test name="t" type="c" result="Pass"/></class>'
    bare = b'<assembly name="a" run-date="2026-11-20" run-time="08:50:01">' + test + b"</assembly>"
    assert cases(extract(bare, "xunit-xml@2")) == {"t": "Pass"}
    assert recognised(b'<assembly xmlns="urn:schemas-microsoft-com:asm.v1" manifestVersion="1.0"/>') == []
    assert recognised(b"<assembly><id>bin</id></assembly>") == []


def test_an_unknown_or_missing_result_is_kept_as_no_pass():
    data = (
        b'<assemblies><assembly><collection><test name="a" result="SomeOtherResult"/><test name="b"/></collection></assembly></assemblies>'
    )
    extraction = extract(data, "xunit-xml@2")
    assert cases(extraction) == {"a": "SomeOtherResult", "b": "absent"}
    assert [code for code, _ in problems(extraction)] == ["SCHEMA_DRIFT"]


def test_a_report_without_tests_is_told():
    assert [code for code, _ in problems(extract(b"<assemblies/>", "xunit-xml@2"))] == ["EVIDENCE_EMPTY"]


def test_what_nobody_knows_is_not_understood():
    data = V2.replace(b'method="Rounds"', b'mood="good"')
    assert not_understood(extract(data, "xunit-xml@2")) == ["/assemblies/assembly/collection/test/@mood"]


@pytest.mark.parametrize("data", [V2, V3])
def test_drift_is_told(data):
    joined = {"status", "suite", "started_at", "finished_at", "produced_at", "tool.name", "tool.version"}
    xml_drift.assert_drift_is_told(
        data, ["test@name", "test@result", "error@type"] if b"<error " in data else ["test@name", "test@result"], joined=joined
    )


def test_the_corpus_is_read():
    for path, extraction in walk.extractions("test-reports/xunit2-xml"):
        assert extraction.format == "xunit-xml@2", path
        assert not_understood(extraction) == [], path
        assert rows(extraction, "test_cases"), path
