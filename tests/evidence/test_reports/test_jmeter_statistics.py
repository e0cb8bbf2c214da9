import copy

import orjson
import pytest

from tests.evidence import corpus, drift
from tests.evidence.support import extract, not_understood, problems, recognised, rows

FORMAT = "jmeter-statistics"


def entry(name, samples, errors):
    return {
        "transaction": name,
        "sampleCount": samples,
        "errorCount": errors,
        "errorPct": 100.0 * errors / samples if samples else 0.0,
        "meanResTime": 212.5,
        "medianResTime": 208.0,
        "minResTime": 203.0,
        "maxResTime": 726.0,
        "pct1ResTime": 624.0,
        "pct2ResTime": 658.0,
        "pct3ResTime": 675.75,
        "throughput": 3.5,
        "receivedKBytesPerSec": 19.5,
        "sentKBytesPerSec": 0.25,
    }


# The row of a transaction controller, which Total leaves out.
REPORT = {"pay": entry("pay", 70, 1), "refund": entry("refund", 70, 0), "checkout (controller)": entry("checkout (controller)", 70, 1)}
REPORT |= {"Total": entry("Total", 140, 1)}


def read(value):
    return extract(orjson.dumps(value), FORMAT)


def row(extraction, name, statistic):
    [found] = [row for row in rows(extraction, "metrics") if (row["name"], row["statistic"]) == (name, statistic)]
    return found


def test_every_number_is_a_row_at_its_own_place():
    extraction = read(REPORT)
    assert len(rows(extraction, "metrics")) == 4 * 13
    found = row(extraction, "pay", "errors")
    assert (found["value"], found["samples"], found["locator"]) == ("1", 70, "json-pointer:/pay/errorCount")
    found = row(extraction, "Total", "avg")
    assert (found["value"], found["unit"], found["samples"]) == ("212.5", "ms", 140)
    assert row(extraction, "pay", "error rate")["unit"] == "%"
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_percentiles_that_the_file_does_not_name_keep_their_names():
    statistics = {row["statistic"] for row in rows(read(REPORT), "metrics")}
    assert {"pct1", "pct2", "pct3"} <= statistics
    assert not any(statistic.startswith("p(") for statistic in statistics)


def test_a_total_that_is_not_the_sum_of_the_rows_is_no_contradiction():
    assert sum(entry["sampleCount"] for name, entry in REPORT.items() if name != "Total") != REPORT["Total"]["sampleCount"]
    assert problems(read(REPORT)) == []


def test_nothing_in_it_judges_the_run_or_names_the_candidate():
    extraction = read(REPORT)
    assert {row["status"] for row in rows(extraction, "metrics")} == {None}
    assert rows(extraction, "claims") == []


def test_a_mean_over_nothing_is_no_number_and_no_samples_are_no_load():
    nothing = entry("Total", 0, 0) | {"meanResTime": "NaN", "throughput": "Infinity"}
    extraction = read({"Total": nothing})
    assert problems(extraction) == [("EVIDENCE_EMPTY", "json-pointer:")]
    assert {"avg", "throughput"} & {row["statistic"] for row in rows(extraction, "metrics")} == set()
    assert not_understood(extraction) == []


@pytest.mark.parametrize("value", [{}, [], {"Total": {"sampleCount": 1, "errorCount": 0}}, {**REPORT, "version": 1}])
def test_other_objects_of_objects_are_not_this_format(value):
    assert recognised(orjson.dumps(value)) == []


def test_an_unknown_member_is_not_understood():
    changed = copy.deepcopy(REPORT)
    changed["pay"]["apdex"] = 0.9
    assert not_understood(read(changed)) == ["/*/apdex"]


def test_drift_is_told():
    drift.assert_drift_is_told(orjson.dumps(REPORT), ["/pay/transaction", "/pay/sampleCount", "/pay/errorCount"], parse=orjson.loads)


def test_the_corpus_is_read():
    for path, known in corpus.read_all("load-tests/jmeter-statistics-json").items():
        assert [match.format for match in known] == [FORMAT], path
        assert (not_understood(known[0]), problems(known[0])) == ([], []), path
