import orjson
import pytest

from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

FORMAT = "locust-json"


def entry(name, requests, failures, start, last):
    return {
        "name": name,
        "method": "GET",
        "last_request_timestamp": last,
        "start_time": start,
        "num_requests": requests,
        "num_none_requests": 0,
        "num_failures": failures,
        "total_response_time": 1250.5,
        "max_response_time": 410.25,
        "min_response_time": 8.5,
        "total_content_length": 51000,
        "response_times": {"9": 3, "410.0": 1},
        "num_reqs_per_sec": {"1795166702": requests},
        "num_fail_per_sec": {},
    }


REPORT = [entry("/payments", 90, 2, 1795166702.25, 1795166760.5), entry("/refunds", 10, 0, 1795166703.5, 1795166761.75)]


def read(value):
    return extract(orjson.dumps(value), FORMAT)


def test_every_count_is_a_row_at_its_own_place():
    extraction = read(REPORT)
    [row] = [row for row in rows(extraction, "metrics") if (row["name"], row["statistic"]) == ("GET /payments", "errors")]
    assert (row["value"], row["samples"], row["locator"], row["status"]) == ("2", 90, "json-pointer:/0/num_failures", None)
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_the_run_lasted_from_the_earliest_to_the_latest_request():
    extraction = read(REPORT)
    assert claims(extraction, "started_at") == ["2026-11-20T09:25:02.250Z"]
    assert claims(extraction, "finished_at") == ["2026-11-20T09:26:01.750Z"]
    places = {claim["field"]: claim["locator"] for claim in rows(extraction, "claims")}
    assert places == {"started_at": "json-pointer:/0/start_time", "finished_at": "json-pointer:/1/last_request_timestamp"}


def test_no_request_is_no_load():
    extraction = read([entry("/payments", 0, 0, 1795166702.25, None)])
    assert problems(extraction) == [("EVIDENCE_EMPTY", "json-pointer:")]
    assert claims(extraction, "finished_at") == []


@pytest.mark.parametrize("value", [[], [{}], REPORT[0], [{"name": "x", "method": "GET"}], [*REPORT, 1]])
def test_other_arrays_are_not_this_format(value):
    assert recognised(orjson.dumps(value)) == []


@pytest.mark.parametrize("key", ["name", "num_requests"])
def test_a_key_under_another_name_is_drift(key):
    changed = [{f"{name}V2" if name == key else name: value for name, value in one.items()} for one in REPORT]
    assert recognised(orjson.dumps(changed)) == [FORMAT]
    assert "SCHEMA_DRIFT" in {code for code, _ in problems(read(changed))}


def test_an_unknown_member_is_not_understood():
    assert not_understood(read([REPORT[0] | {"mood": 1}])) == ["/*/mood"]


def test_drift_is_told():
    required = [f"/*/{key}" for key in ("name", "num_requests", "num_failures", "start_time", "last_request_timestamp")]
    drift.assert_drift_is_told(orjson.dumps(REPORT), required, joined={"name"}, parse=orjson.loads)


def test_the_corpus_is_read():
    for path, known in corpus.read_all("load-tests/locust-json").items():
        assert [match.format for match in known] == [FORMAT], path
        assert (not_understood(known[0]), problems(known[0])) == ([], []), path
