from pathlib import Path

import pytest

from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows
from tests.evidence.test_reports import xml_drift

SAMPLE = (Path(__file__).parent / "samples" / "jacoco.xml").read_bytes()
FORMAT = "jacoco-xml"


def metrics(extraction):
    return {(row["name"], row["statistic"]): (row["value"], row["samples"]) for row in rows(extraction, "metrics")}


def test_what_was_covered_of_the_whole_and_of_each_group_and_package_are_rows():
    extraction = extract(SAMPLE, FORMAT)
    assert metrics(extraction) == {
        (None, "covered instructions"): ("16", 18),
        (None, "covered branches"): ("3", 4),
        (None, "covered lines"): ("6", 7),
        ("core", "covered lines"): ("4", 5),
        ("com/acme/billing/tax", "covered instructions"): ("11", 13),
        ("com/acme/billing/tax", "covered branches"): ("3", 4),
        ("com/acme/billing/tax", "covered lines"): ("4", 5),
        ("com/acme/billing/api", "covered instructions"): ("5", 5),
        ("com/acme/billing/api", "covered lines"): ("2", 2),
    }
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_a_session_says_when_it_began_and_when_its_counts_were_written():
    extraction = extract(SAMPLE, FORMAT)
    assert claims(extraction, "started_at") == ["2025-11-20T08:10:06.120Z"]
    assert claims(extraction, "finished_at") == ["2025-11-20T08:10:54.877Z"]


def test_coverage_is_never_a_pass():
    assert {(row["status"], row["vocabulary"]) for row in rows(extract(SAMPLE, FORMAT), "metrics")} == {(None, None)}


@pytest.mark.parametrize(
    "report", [b'<report name="r"><sessioninfo id="a" start="1" dump="2"/></report>', b'<report name="r"><package name="p"/></report>']
)
def test_a_report_of_nothing_is_told(report):
    assert [code for code, _ in problems(extract(report, FORMAT))] == ["EVIDENCE_EMPTY"]


@pytest.mark.parametrize("covered", ["-1", "many", str(2**63 - 1), str(2**64)])
def test_what_is_no_number_of_lines_is_told_and_no_row(covered):
    line = b'<counter type="LINE" missed="1" covered="6"/><counter type="COMPLEXITY"'
    extraction = extract(SAMPLE.replace(line, line.replace(b'"6"', f'"{covered}"'.encode())), FORMAT)
    assert (None, "covered lines") not in metrics(extraction)
    assert [code for code, _ in problems(extraction)] == ["SCHEMA_DRIFT"]


def test_the_build_machine_is_never_copied():
    assert "ci-secret-host" not in str([table.to_pylist() for table in extract(SAMPLE, FORMAT).tables.values()])


@pytest.mark.parametrize(
    "other", [b"<report/>", b'<report name="r"><issues/></report>', b'<report><counter type="LINE" missed="1" covered="1"/></report>']
)
def test_another_report_is_another(other):
    assert FORMAT not in recognised(other)


def test_what_nobody_knows_is_not_understood():
    extraction = extract(SAMPLE.replace(b'<group name="core">', b'<group name="core" mood="good">'), FORMAT)
    assert not_understood(extraction) == ["/report/group/@mood"]


def test_drift_is_told():
    xml_drift.assert_drift_is_told(SAMPLE, ["counter@type", "counter@missed", "counter@covered"])
