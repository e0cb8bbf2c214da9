import orjson
import pytest

from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

V1, V2 = "artillery-json@1", "artillery-json@2"
TIMES = {"min": 10.5, "max": 80.5, "median": 20.5, "p95": 60.5, "p99": 75.5}
FIRST = {
    "intermediate": [],
    "aggregate": {
        "timestamp": "2026-11-20T11:26:02.502Z",
        "scenariosCreated": 60,
        "scenariosCompleted": 59,
        "requestsCompleted": 118,
        "latency": TIMES,
        "rps": {"count": 118, "mean": 1.95},
        "scenarioDuration": TIMES,
        "scenarioCounts": {"pay": 60},
        "errors": {"ETIMEDOUT": 1},
        "codes": {"200": 117, "500": 1},
        "matches": 0,
        "phases": [{"duration": 60, "arrivalRate": 1}],
    },
}
SECOND = {
    "aggregate": {
        "counters": {"vusers.created": 60, "vusers.completed": 59, "vusers.failed": 1, "http.codes.200": 117, "errors.ETIMEDOUT": 1},
        "rates": {"http.request_rate": 2},
        "firstCounterAt": 1795166702000,
        "firstHistogramAt": 1795166702100,
        "lastCounterAt": 1795166762000,
        "lastHistogramAt": 1795166762000,
        "firstMetricAt": 1795166702000,
        "lastMetricAt": 1795166762500,
        "period": 1795166760000,
        "summaries": {"http.response_time": {**TIMES, "count": 118}},
        "histograms": {"http.response_time": {**TIMES, "count": 118}},
    },
    "intermediate": [{"counters": {"vusers.created": 60}}],
}


def read(value):
    [format_id] = recognised(orjson.dumps(value))
    return extract(orjson.dumps(value), format_id)


def values(extraction):
    return {(row["name"], row["statistic"]): row["value"] for row in rows(extraction, "metrics")}


def test_version_1_names_its_numbers_one_by_one():
    assert recognised(orjson.dumps(FIRST)) == [V1]
    extraction = read(FIRST)
    found = values(extraction)
    assert (found["latency", "p95"], found["codes.500", "count"], found["errors.ETIMEDOUT", "count"]) == ("60.5", "1", "1")
    assert claims(extraction, "produced_at") == ["2026-11-20T11:26:02.502Z"]
    assert (problems(extraction), not_understood(extraction)) == ([], [])


def test_version_2_has_counters_rates_and_summaries():
    assert recognised(orjson.dumps(SECOND)) == [V2]
    extraction = read(SECOND)
    found = values(extraction)
    assert (found["errors.ETIMEDOUT", "count"], found["http.response_time", "p99"]) == ("1", "75.5")
    assert claims(extraction, "started_at") == ["2026-11-20T09:25:02.000Z"]
    assert claims(extraction, "finished_at") == ["2026-11-20T09:26:02.500Z"]
    assert (problems(extraction), not_understood(extraction)) == ([], [])


@pytest.mark.parametrize(("value", "keys"), [(FIRST, ("scenariosCompleted",)), (SECOND, ("counters", "vusers.completed"))])
def test_without_one_completed_scenario_nothing_was_measured(value, keys):
    value = orjson.loads(orjson.dumps(value))
    place = value["aggregate"]
    for key in keys[:-1]:
        place = place[key]
    place[keys[-1]] = 0
    assert problems(read(value)) == [("EVIDENCE_EMPTY", "json-pointer:/aggregate")]


@pytest.mark.parametrize("value", [FIRST, SECOND])
def test_nothing_in_it_judges_the_run(value):
    assert {row["status"] for row in rows(read(value), "metrics")} == {None}


@pytest.mark.parametrize("value", [{"aggregate": {}, "intermediate": []}, {"aggregate": FIRST["aggregate"]}, [FIRST]])
def test_other_aggregates_are_not_artillery(value):
    assert recognised(orjson.dumps(value)) == []


@pytest.mark.parametrize("value", [FIRST, SECOND])
def test_an_unknown_member_is_not_understood(value):
    assert not_understood(read(value | {"mood": 1})) == ["/mood"]


# Under these keys the names are data: a renamed counter is another counter.
DATA = ("latency", "scenarioDuration", "scenarioCounts", "errors", "codes", "counters", "rates", "summaries", "histograms")


@pytest.mark.parametrize("value", [FIRST, SECOND])
def test_drift_never_yields_a_number_and_never_hides_one(value):
    before = read(value)
    for kind, path, mutated in drift.mutations(value):
        if kind == "remove" or any(f"/{key}/" in (f"{path}/" if kind == "nest" else path) for key in DATA):
            continue  # what is nested in a map of numbers is a map of statistics
        if not recognised(orjson.dumps(mutated)):
            continue
        after = read(mutated)
        told = problems(after) or set(not_understood(after)) - set(not_understood(before))
        assert told or (values(after) == values(before) and rows(after, "claims") == rows(before, "claims")), f"{kind} {path}"


@pytest.mark.parametrize(
    ("value", "key"),
    [
        *((FIRST, key) for key in ("timestamp", "requestsCompleted", "scenariosCompleted", "errors")),
        *((SECOND, key) for key in ("firstMetricAt", "lastMetricAt")),
    ],
)
def test_what_a_fact_depends_on_is_missed(value, key):
    without = value | {"aggregate": {name: below for name, below in value["aggregate"].items() if name != key}}
    assert "SCHEMA_DRIFT" in [code for code, _ in problems(read(without))]


def test_the_corpus_is_read():
    for path, known in corpus.read_all("load-tests/artillery-json").items():
        assert [match.format for match in known] == [V1], path
        assert not_understood(known[0]) == [], path
        assert [code for code, _ in problems(known[0])] == ["EVIDENCE_EMPTY"]  # its one user failed
