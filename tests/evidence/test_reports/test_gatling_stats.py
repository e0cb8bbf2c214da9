import copy

import orjson
import pytest

from tests.evidence import drift
from tests.evidence.support import extract, not_understood, problems, recognised, rows

STATS, GLOBAL = "gatling-stats/stats", "gatling-stats/global-stats"


def numbers(total, ok, ko):
    return {"total": total, "ok": ok, "ko": ko}


def statistics(name, ok, ko):
    def time(value):
        return numbers(value, value if ok else 0, value + 1 if ko else 0)

    return {
        "name": name,
        "numberOfRequests": numbers(ok + ko, ok, ko),
        "minResponseTime": time(19),
        "maxResponseTime": time(910),
        "meanResponseTime": time(120),
        "standardDeviation": time(33),
        **{f"percentiles{number}": time(100 * number) for number in range(1, 5)},
        "group1": {"name": "t < 800 ms", "htmlName": "t < 800 ms", "count": ok, "percentage": 98.9},
        "group2": {"name": "800 ms <= t < 1200 ms", "htmlName": "t >= 800 ms <br> t < 1200 ms", "count": 0, "percentage": 0},
        "group3": {"name": "t >= 1200 ms", "htmlName": "t >= 1200 ms", "count": 0, "percentage": 0},
        "group4": {"name": "failed", "htmlName": "failed", "count": ko, "percentage": 1.1},
        "meanNumberOfRequestsPerSecond": numbers(3.25, 3.2, 0.05),
    }


def member(kind, name, ok, ko, **contents):
    found = {"type": kind, "name": name, "path": name, "pathFormatted": f"req_{name}", "stats": statistics(name, ok, ko)}
    return found | ({"contents": contents} if contents else {})


GOOD = member("REQUEST", "refund", 90, 0)
TREE = member(
    "GROUP", "All Requests", 180, 2, group_pay=member("GROUP", "pay", 90, 2, req_pay=member("REQUEST", "pay", 90, 2)), req_refund=GOOD
)


def read(value, format_id=STATS):
    return extract(orjson.dumps(value), format_id)


def values(extraction, name):
    return {row["statistic"]: row["value"] for row in rows(extraction, "metrics") if row["name"] == name}


def test_groups_and_requests_are_rows_however_deep_they_stand():
    extraction = read(TREE)
    assert {row["name"] for row in rows(extraction, "metrics")} == {"All Requests", "pay", "refund"}
    found = [
        row for row in rows(extraction, "metrics") if row["locator"].endswith("/contents/group_pay/contents/req_pay/stats/percentiles3/ko")
    ]
    assert [(row["statistic"], row["value"], row["unit"], row["samples"]) for row in found] == [("pct3 (ko)", "301", "ms", 2)]
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_numbers_of_all_of_the_good_and_of_the_failed_requests_are_told_apart():
    found = values(read(TREE), "All Requests")
    assert (found["samples"], found["samples (ok)"], found["errors"]) == ("182", "180", "2")
    assert (found["avg"], found["avg (ok)"], found["avg (ko)"]) == ("120", "120", "121")
    assert found["throughput"] == "3.25"


@pytest.mark.parametrize("placeholder", [0, "-"])
def test_what_no_request_was_measured_for_is_no_number(placeholder):
    value = copy.deepcopy(GOOD)
    for stat in value["stats"].values():
        if isinstance(stat, dict) and stat.get("ko") == 0 and stat is not value["stats"]["numberOfRequests"]:
            stat["ko"] = placeholder
    extraction = read(value)
    assert "avg (ko)" not in values(extraction, "refund")
    assert values(extraction, "refund")["errors"] == "0"
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_percentiles_that_the_file_does_not_name_keep_their_names():
    assert {"pct1", "pct2", "pct3", "pct4"} <= values(read(TREE), "pay").keys()


def test_the_global_statistics_are_the_bare_numbers():
    extraction = read(statistics("All Requests", 180, 2), GLOBAL)
    assert values(extraction, "All Requests")["errors"] == "2"
    assert (problems(extraction), not_understood(extraction)) == ([], [])
    assert rows(extraction, "claims") == []


def test_a_total_that_is_not_good_and_failed_ones_together_contradicts_itself():
    value = statistics("All Requests", 180, 2)
    value["numberOfRequests"]["total"] = 200
    assert problems(read(value, GLOBAL)) == [("CONTRADICTION", "json-pointer:/numberOfRequests")]


def test_no_request_is_no_load():
    assert problems(read(statistics("All Requests", 0, 0), GLOBAL)) == [("EVIDENCE_EMPTY", "json-pointer:")]


def test_numbers_as_text_are_drift():
    value = statistics("All Requests", 180, 2)
    value["numberOfRequests"]["ko"] = "2"
    extraction = read(value, GLOBAL)
    assert problems(extraction) == [("SCHEMA_DRIFT", "json-pointer:/numberOfRequests/ko")]
    assert "errors" not in values(extraction, "All Requests")


@pytest.mark.parametrize("value", [{"type": "GROUP", "name": "x", "stats": {}}, {"numberOfRequests": {"total": 1}}, [TREE]])
def test_other_statistics_are_not_gatling(value):
    assert recognised(orjson.dumps(value)) == []


def test_the_program_is_not_read():
    assert recognised(b'var stats = {\n    type: "GROUP",\nname: "All Requests",\nstats: {"numberOfRequests": {"total": "1"}}}') == []


def test_an_unknown_member_is_not_understood():
    assert not_understood(read(TREE | {"mood": 1})) == ["/mood"]


def test_drift_is_told():
    required = [f"/stats/numberOfRequests/{bucket}" for bucket in ("total", "ok", "ko")]
    drift.assert_drift_is_told(orjson.dumps(member("REQUEST", "pay", 90, 2)), ["/name", "/stats", *required], parse=orjson.loads)
    drift.assert_drift_is_told(orjson.dumps(statistics("All Requests", 180, 2)), ["/name", "/numberOfRequests"], parse=orjson.loads)
