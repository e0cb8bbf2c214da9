import orjson
import pytest

from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

FORMAT = "fortio-json"
HISTOGRAM = {
    "Count": 400,
    "Min": 0.00025,
    "Max": 0.093,
    "Sum": 2.5,
    "Avg": 0.00625,
    "StdDev": 0.0025,
    "Data": [{"Start": 0.00025, "End": 0.093, "Percent": 100, "Count": 400}],
    "Percentiles": [{"Percentile": 50, "Value": 0.005}, {"Percentile": 99.9, "Value": 0.0925}],
}
RESULT = {
    "RunType": "HTTP",
    "Labels": "billing",
    "StartTime": "2026-11-20T11:25:02.279389-07:00",
    "RequestedQPS": "40",
    "RequestedDuration": "10s",
    "ActualQPS": 39.5,
    "ActualDuration": 10403563700,
    "NumThreads": 2,
    "Version": "1.69.3",
    "DurationHistogram": HISTOGRAM,
    "Exactly": 0,
    "RunID": 7,
    "RetCodes": {"200": 398, "503": 2},
    "URL": "http://billing.staging.example/?key=hunter2",
    "UserCredentials": "admin:hunter2",
    "Payload": "aHVudGVyMg==",
    "Sizes": HISTOGRAM,
}


def read(value):
    return extract(orjson.dumps(value), FORMAT)


def values(extraction):
    return {row["statistic"]: (row["value"], row["unit"]) for row in rows(extraction, "metrics")}


def test_numbers_keep_their_units_and_codes_their_counts():
    extraction = read(RESULT)
    found = values(extraction)
    assert (found["p(99.9)"], found["avg"], found["throughput"]) == (("0.0925", "s"), ("0.00625", "s"), ("39.5", "1/s"))
    assert (found["responses 200"], found["responses 503"]) == (("398", None), ("2", None))
    assert {row["status"] for row in rows(extraction, "metrics")} == {None}
    assert (problems(extraction), not_understood(extraction)) == ([], [])


def test_the_start_and_the_tool_are_claimed():
    extraction = read(RESULT)
    assert claims(extraction, "started_at") == ["2026-11-20T11:25:02.279389-07:00"]
    assert (claims(extraction, "tool.name"), claims(extraction, "tool.version")) == (["fortio"], ["1.69.3"])


def test_what_was_called_and_with_what_is_never_copied():
    text = str([table.to_pylist() for table in read(RESULT).tables.values()])
    assert "hunter2" not in text
    assert "aHVudGVyMg" not in text


def test_no_request_is_no_load():
    extraction = read(RESULT | {"DurationHistogram": HISTOGRAM | {"Count": 0, "Percentiles": None}})
    assert problems(extraction) == [("EVIDENCE_EMPTY", "json-pointer:/DurationHistogram/Count")]


@pytest.mark.parametrize("key", ["RunType", "StartTime", "ActualQPS", "DurationHistogram"])
def test_other_results_are_not_fortio(key):
    assert recognised(orjson.dumps({name: value for name, value in RESULT.items() if name != key})) == []


def test_an_unknown_member_is_not_understood():
    assert not_understood(read(RESULT | {"Mood": 1})) == ["/Mood"]


def test_drift_is_told():
    # The codes are data: a renamed code is another code.
    value = {key: below for key, below in RESULT.items() if key != "RetCodes"} | {"RunType": "TCP"}
    required = [f"/DurationHistogram/{key}" for key in ("Count", "Min", "Max", "Avg", "StdDev", "Percentiles/*/Value")]
    drift.assert_drift_is_told(orjson.dumps(value), ["/ActualQPS", *required], joined={"statistic"}, parse=orjson.loads)


def test_responses_that_are_not_counted_are_missed():
    assert problems(read({key: value for key, value in RESULT.items() if key != "RetCodes"})) == [
        ("SCHEMA_DRIFT", "json-pointer:/RetCodes")
    ]


def test_the_corpus_is_read():
    for path, known in corpus.read_all("load-tests/fortio-json").items():
        assert [match.format for match in known] == [FORMAT], path
        assert (not_understood(known[0]), problems(known[0])) == ([], []), path
