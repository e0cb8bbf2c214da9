import copy

import orjson
import pytest

from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

EXPORT, HANDLE, MACHINE = (f"k6-summary/{version}" for version in ("summary-export", "handle-summary", "machine-readable"))
TREND = {"avg": 120.5, "min": 20.1, "med": 100, "max": 900.2, "p(90)": 150.25, "p(95)": 165.5}
CHECK = {"name": "status is 200", "path": "::status is 200", "id": "1077cf25", "passes": 990, "fails": 10}

EXPORTED = {
    "root_group": {"name": "", "path": "", "id": "d41d8cd9", "groups": {}, "checks": {"status is 200": CHECK}},
    "metrics": {
        "http_req_duration": {**TREND, "thresholds": {"p(95)<50": True, "p(95)<500": False}},
        "http_req_failed": {"passes": 10, "fails": 990, "value": 0.01, "thresholds": {"rate<0.05": False}},
        "checks{step:pay}": {"passes": 0, "fails": 0, "value": 0, "thresholds": {"rate>0.95": False}},
        "http_reqs": {"count": 1000, "rate": 33.3},
        "vus": {"value": 10, "min": 10, "max": 10},
    },
}
HANDLED = {
    "root_group": {
        "name": "",
        "path": "",
        "id": "d41d8cd9",
        "checks": [],
        "groups": [{"name": "pay", "path": "::pay", "id": "ab12", "groups": [], "checks": [CHECK]}],
    },
    "options": {"summaryTrendStats": ["avg", "p(95)"], "noColor": False},
    "state": {"isStdOutTTY": False, "testRunDurationMs": 30012.5},
    "setup_data": {"token": "hunter2"},
    "metrics": {
        "http_req_duration": {
            "type": "trend",
            "contains": "time",
            "values": TREND,
            "thresholds": {"p(95)<50": {"ok": False}, "p(95)<500": {"ok": True}},
        },
        "http_req_failed": {
            "type": "rate",
            "contains": "default",
            "values": {"rate": 0.01, "passes": 10, "fails": 990},
            "thresholds": {"rate<0.05": {"ok": True}},
        },
        "checks{step:pay}": {
            "type": "rate",
            "contains": "default",
            "values": {"rate": 0, "passes": 0, "fails": 0},
            "thresholds": {"rate>0.95": {"ok": True}},
        },
        "http_reqs": {"type": "counter", "contains": "default", "values": {"count": 1000, "rate": 33.3}},
        "vus": {"type": "gauge", "contains": "default", "values": {"value": 10, "min": 10, "max": 10}},
    },
}
READABLE = {
    "version": "1.0.0",
    "metadata": {"generatedAt": "2026-11-20T09:10:00Z", "k6Version": "2.0.1"},
    "config": {"duration": 30.0, "execution": "local", "script": "load.js"},
    "results": {
        "metrics": [
            {"name": "http_req_duration", "type": "trend", "contains": "time", "values": TREND},
            {"name": "http_req_failed", "type": "rate", "contains": "default", "values": {"matches": 10, "rate": 0.01, "total": 1000}},
        ],
        "checks": {
            "metrics": [{"name": "checks_total", "type": "counter", "contains": "default", "values": {"count": 1000}}],
            "results": [{"name": "status is 200", "passes": 990, "fails": 10}],
        },
    },
}


def read(value, format_id):
    return extract(orjson.dumps(value), format_id)


def changed(value, change):
    value = copy.deepcopy(value)
    change(value)
    return value


def thresholds(extraction):
    return {(row["name"], row["threshold"]): row["status"] for row in rows(extraction, "metrics") if row["threshold"]}


def statistic(extraction, name, wanted):
    [row] = [row for row in rows(extraction, "metrics") if (row["name"], row["statistic"], row["threshold"]) == (name, wanted, None)]
    return row


@pytest.mark.parametrize(("value", "format_id"), [(EXPORTED, EXPORT), (HANDLED, HANDLE)])
def test_both_shapes_say_the_same_of_each_threshold_although_one_is_inverted(value, format_id):
    extraction = read(value, format_id)
    assert thresholds(extraction) == {
        ("http_req_duration", "p(95)<50"): "crossed",
        ("http_req_duration", "p(95)<500"): "met",
        ("http_req_failed", "rate<0.05"): "met",
        ("checks{step:pay}", "rate>0.95"): "no-samples",
    }
    assert {row["vocabulary"] for row in rows(extraction, "metrics") if row["status"]} == {"k6-threshold"}
    assert problems(extraction) == []
    assert not_understood(extraction) == []


@pytest.mark.parametrize(("value", "format_id"), [(EXPORTED, EXPORT), (HANDLED, HANDLE)])
def test_a_threshold_carries_the_number_it_judged(value, format_id):
    [row] = [row for row in rows(read(value, format_id), "metrics") if row["threshold"] == "p(95)<50"]
    assert (row["statistic"], row["value"], row["unit"]) == ("p(95)", "165.5", "ms")
    [row] = [row for row in rows(read(value, format_id), "metrics") if row["threshold"] == "rate<0.05"]
    assert (row["statistic"], row["value"], row["samples"]) == ("rate", "0.01", 1000)


@pytest.mark.parametrize(("value", "format_id"), [(EXPORTED, EXPORT), (HANDLED, HANDLE)])
def test_failed_requests_are_called_what_they_are(value, format_id):
    extraction = read(value, format_id)
    assert statistic(extraction, "http_req_failed", "failed requests")["value"] == "10"
    assert statistic(extraction, "http_req_failed", "good requests")["value"] == "990"
    assert statistic(extraction, "http_req_failed", "rate")["value"] == "0.01"
    assert statistic(extraction, "vus", "max")["value"] == "10"


@pytest.mark.parametrize(("value", "format_id"), [(EXPORTED, EXPORT), (HANDLED, HANDLE), (READABLE, MACHINE)])
def test_a_check_is_a_row_without_a_status(value, format_id):
    row = statistic(read(value, format_id), "status is 200", "check passes")
    assert (row["value"], row["samples"], row["status"]) == ("990", 1000, None)


def test_a_threshold_that_its_own_number_does_not_bear_out_is_a_contradiction():
    """Another tool's writing of the first shape, with true for met, is found out where the number is there."""
    metrics = {"http_req_duration": {**TREND, "thresholds": {"p(95)<50": False, "p(99)<500": False}}}
    extraction = read({"metrics": metrics}, EXPORT)
    assert problems(extraction) == [("CONTRADICTION", "json-pointer:/metrics/http_req_duration/thresholds/p(95)<50")]
    assert [problem["expected"] for problem in rows(extraction, "problems")] == ["crossed"]


def test_a_met_threshold_over_a_trend_of_zeros_was_met_over_nothing():
    zeros = dict.fromkeys(TREND, 0) | {"thresholds": {"p(95)<500": False, "avg<1": True}}
    extraction = read({"metrics": {"http_reqs": {"count": 1, "rate": 1}, "http_req_duration{step:pay}": zeros}}, EXPORT)
    assert [*thresholds(extraction).values()] == ["no-samples", "crossed"]


def test_a_counter_of_zero_is_a_number_and_not_an_absence():
    metrics = {"http_reqs": {"count": 1, "rate": 1}, "errors": {"count": 0, "rate": 0, "thresholds": {"count<5": False}}}
    assert [*thresholds(read({"metrics": metrics}, EXPORT)).values()] == ["met"]


def test_a_bare_boolean_in_the_shape_of_objects_is_drift_and_no_status():
    extraction = read(changed(HANDLED, lambda value: value["metrics"]["http_req_failed"]["thresholds"].update({"rate<0.05": True})), HANDLE)
    assert ("http_req_failed", "rate<0.05") not in thresholds(extraction)
    assert [code for code, _ in problems(extraction)] == ["SCHEMA_DRIFT"]


def test_an_object_in_the_shape_of_booleans_says_itself_what_it_means():
    extraction = read(changed(EXPORTED, lambda value: value["metrics"]["http_reqs"].update(thresholds={"count>5": {"ok": False}})), EXPORT)
    assert thresholds(extraction)["http_reqs", "count>5"] == "crossed"


def test_the_machine_readable_summary_names_its_tool_and_time_and_no_threshold():
    extraction = read(READABLE, MACHINE)
    assert (claims(extraction, "tool.name"), claims(extraction, "tool.version")) == (["k6"], ["2.0.1"])
    assert claims(extraction, "produced_at") == ["2026-11-20T09:10:00Z"]
    assert statistic(extraction, "http_req_failed", "failed requests")["samples"] == 1000
    assert statistic(extraction, "http_req_duration", "p(95)")["unit"] == "ms"
    assert thresholds(extraction) == {}
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_another_schema_of_the_machine_readable_summary_is_told():
    extraction = read(READABLE | {"version": "2.0.0"}, MACHINE)
    assert problems(extraction) == [("SCHEMA_DRIFT", "json-pointer:/version")]


@pytest.mark.parametrize("value", [EXPORTED, HANDLED])
def test_the_older_shapes_claim_nothing_for_they_name_nothing(value):
    [format_id] = recognised(orjson.dumps(value))
    assert rows(read(value, format_id), "claims") == []


def test_what_setup_returned_is_never_copied():
    extraction = read(HANDLED, HANDLE)
    assert "hunter2" not in str([table.to_pylist() for table in extraction.tables.values()])


@pytest.mark.parametrize(
    "value", [{"metrics": {}}, {"metrics": []}, {"metrics": {"latency": {"avg": 1}}}, {"metadata": {"k6Version": "1"}}]
)
def test_other_json_with_metrics_is_not_k6(value):
    assert recognised(orjson.dumps(value)) == []


def test_an_unknown_member_is_not_understood():
    assert not_understood(read({**EXPORTED, "mood": 1}, EXPORT)) == ["/mood"]
    assert not_understood(read(changed(READABLE, lambda value: value["results"].update(thresholds=[1])), MACHINE)) == [
        "/results/thresholds/*"
    ]


STRUCTURE = {"metrics", "root_group", "groups", "checks", "thresholds", "values", "ok", "passes", "fails", "name", "results", "metadata"}
STRUCTURE |= {"generatedAt", "version", "k6Version"}


@pytest.mark.parametrize("value", [EXPORTED, HANDLED, READABLE])
def test_drift_never_meets_a_threshold_and_never_hides_one(value):
    # The names of metrics, statistics and thresholds are data; only the members around them can drift.
    [format_id] = recognised(orjson.dumps(value))
    before = read(value, format_id)
    unknown_before = set(not_understood(before))
    for kind, path, mutated in drift.mutations(value):
        if path.rpartition("/")[2] not in STRUCTURE:
            continue
        known = recognised(orjson.dumps(mutated))
        if not known:
            continue
        after = read(mutated, known[0])
        told = bool(problems(after)) or set(not_understood(after)) - unknown_before
        met = {key for key, status in thresholds(after).items() if status == "met"}
        wrong = met - {key for key, status in thresholds(before).items() if status == "met"}
        assert told or not wrong, f"{kind} {path}: {wrong}"
        lost = len(rows(before, "metrics")) - len(rows(after, "metrics"))
        assert told or lost <= 0 or kind == "remove", f"{kind} {path}: {lost} rows vanish silently"


@pytest.mark.parametrize(
    ("value", "path"),
    [
        (EXPORTED, ("root_group", "checks", "status is 200", "passes")),
        (EXPORTED, ("metrics", "http_req_failed", "fails")),
        (HANDLED, ("metrics", "http_req_duration", "thresholds", "p(95)<50", "ok")),
        (READABLE, ("version",)),
        (READABLE, ("metadata", "generatedAt")),
        (READABLE, ("results", "metrics")),
    ],
)
def test_what_a_fact_depends_on_is_missed(value, path):
    mutated = parent = copy.deepcopy(value)
    for key in path[:-1]:
        parent = parent[key]
    del parent[path[-1]]
    [format_id] = recognised(orjson.dumps(mutated))
    assert "SCHEMA_DRIFT" in [code for code, _ in problems(read(mutated, format_id))]


def test_the_corpus_is_read():
    found = corpus.read_all("load-tests/k6-summary")
    for path, known in found.items():
        assert [match.format for match in known] == [EXPORT], path
        assert not_understood(known[0]) == [], path


@pytest.mark.parametrize(("summary", "version", "at"), [(EXPORTED, EXPORT, "checks"), (HANDLED, HANDLE, "checks/values")])
def test_the_metric_of_all_checks_counts_the_checks_that_are_listed(summary, version, at):
    def counted(passes, fails):
        numbers = {"passes": passes, "fails": fails, "rate": 0.99, "value": 0.99}
        changed = copy.deepcopy(summary)
        changed["metrics"]["checks"] = {"type": "rate", "contains": "default", "values": numbers} if version == HANDLE else numbers
        return [one for one in problems(extract(orjson.dumps(changed), version)) if one[0] == "CONTRADICTION"]

    assert counted(990, 10) == []
    assert counted(1000, 0) == [("CONTRADICTION", f"json-pointer:/metrics/{at}/{key}") for key in ("passes", "fails")]


def test_a_run_without_an_iteration_tested_nothing():
    changed = copy.deepcopy(HANDLED)
    changed["metrics"]["iterations"] = {"type": "counter", "contains": "default", "values": {"count": 0, "rate": 0}}
    assert ("EVIDENCE_EMPTY", "json-pointer:/metrics/iterations/values/count") in problems(extract(orjson.dumps(changed), HANDLE))


def test_tags_of_the_run_name_what_it_is_of():
    changed = copy.deepcopy(HANDLED)
    changed["options"]["tags"] = {"version": "4.12.0-rc.3", "commit": "9f2c4e1b7a6d5c3f", "shard": "3"}
    extraction = extract(orjson.dumps(changed), HANDLE)
    assert claims(extraction, "candidate.version") == ["4.12.0-rc.3"]
    assert claims(extraction, "candidate.commit") == ["9f2c4e1b7a6d5c3f"]
