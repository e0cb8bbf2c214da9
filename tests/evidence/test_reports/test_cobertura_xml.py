from pathlib import Path

import pytest

from tests.evidence import corpus
from tests.evidence.support import extract, not_understood, problems, recognised, rows
from tests.evidence.test_reports import xml_drift

SAMPLE = (Path(__file__).parent / "samples" / "cobertura.xml").read_bytes()
FORMAT = "cobertura-xml"


def metrics(extraction):
    return {(row["name"], row["statistic"]): row["value"] for row in rows(extraction, "metrics")}


def test_the_rates_of_the_whole_and_of_each_package_are_rows():
    extraction = extract(SAMPLE, FORMAT)
    assert metrics(extraction) == {
        (None, "line coverage"): "0.75",
        (None, "branch coverage"): "0.25",
        ("billing", "line coverage"): "1",
        ("billing", "branch coverage"): "0.5",
        ("billing.api", "line coverage"): "0.5",
        ("billing.api", "branch coverage"): "0",
    }
    assert [row["samples"] for row in rows(extraction, "metrics") if row["name"] is None] == [8, 4]
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_coverage_is_never_a_pass():
    assert {(row["status"], row["threshold"], row["vocabulary"]) for row in rows(extract(SAMPLE, FORMAT), "metrics")} == {
        (None, None, None)
    }


@pytest.mark.parametrize("rate", ["0", "1"])
def test_where_no_branches_were_measured_there_is_no_rate_of_them(rate):
    """As coverage.py writes it where branches are not asked for: the packages say only that the rate is 0."""
    data = SAMPLE.replace(b'branches-valid="4" branch-rate="0.25"', f'branches-valid="0" branch-rate="{rate}"'.encode())
    assert {statistic for _, statistic in metrics(extract(data, FORMAT))} == {"line coverage"}


@pytest.mark.parametrize("rate", ["75", "NaN", "-0.1", "three quarters"])
def test_what_is_no_share_is_told_and_no_row(rate):
    extraction = extract(SAMPLE.replace(b' line-rate="0.75"', f' line-rate="{rate}"'.encode()), FORMAT)
    assert (None, "line coverage") not in metrics(extraction)
    assert [code for code, _ in problems(extraction)] == ["SCHEMA_DRIFT"]


def test_a_report_of_nothing_is_told():
    extraction = extract(b'<coverage line-rate="1" branch-rate="1" version="1.9" timestamp="1"><packages/></coverage>', FORMAT)
    assert [code for code, _ in problems(extraction)] == ["EVIDENCE_EMPTY"]


def test_the_build_machine_is_never_copied():
    assert "ci-secret-user" not in str([table.to_pylist() for table in extract(SAMPLE, FORMAT).tables.values()])


def test_the_dtd_that_writers_name_changes_nothing():
    doctype = b'?>\n<!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">'
    assert metrics(extract(SAMPLE.replace(b"?>", doctype, 1), FORMAT)) == metrics(extract(SAMPLE, FORMAT))


def test_clovers_root_is_another():
    assert recognised(b'<coverage generated="1" clover="4.0"/>') == []


def test_what_nobody_knows_is_not_understood():
    extraction = extract(SAMPLE.replace(b"<packages>", b'<packages mood="good">'), FORMAT)
    assert not_understood(extraction) == ["/coverage/packages/@mood"]


def test_drift_is_told():
    xml_drift.assert_drift_is_told(SAMPLE, ["package@line-rate"])


def test_the_corpus_is_read():
    for path, data in corpus.documents("test-reports/cobertura-xml"):
        if not path.endswith("clover.xml"):
            extraction = extract(data, FORMAT)
            assert not_understood(extraction) == [], path
            assert (problems(extraction), bool(rows(extraction, "metrics"))) == ([], True), path
