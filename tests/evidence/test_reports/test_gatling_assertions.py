import copy

import orjson
import pytest

from tests.evidence import drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

FORMAT = "gatling-assertions"
HELD = {
    "path": "Global",
    "target": "95th percentile of response time",
    "condition": "is less than",
    "expectedValues": [800.0],
    "result": True,
    "message": "Global: 95th percentile of response time is less than 800.0",
    "actualValue": [624.0],
}
BROKEN = HELD | {"path": "pay", "target": "percentage of failed events", "expectedValues": [1.0], "actualValue": [2.2], "result": False}
REPORT = {
    "simulation": "acme.BillingSimulation",
    "simulationId": "billingsimulation",
    "start": 1795166702000,
    "description": "",
    "scenarios": ["pay", "refund"],
    "assertions": [HELD, BROKEN],
}


def read(value):
    return extract(orjson.dumps(value), FORMAT)


def changed(change):
    value = copy.deepcopy(REPORT)
    change(value)
    return read(value)


def test_each_assertion_is_judged_by_itself():
    extraction = read(REPORT)
    names = ("name", "statistic", "value", "threshold", "status", "vocabulary", "locator")
    assert [tuple(row[name] for name in names) for row in rows(extraction, "metrics")] == [
        (
            *("Global", "95th percentile of response time", "624.0", "is less than 800.0"),
            *("true", "gatling-assertion", "json-pointer:/assertions/0/result"),
        ),
        (
            "pay",
            "percentage of failed events",
            "2.2",
            "is less than 1.0",
            "false",
            "gatling-assertion",
            "json-pointer:/assertions/1/result",
        ),
    ]
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_the_start_is_the_only_time_and_nothing_is_a_verdict_on_the_whole():
    extraction = read(REPORT)
    assert claims(extraction, "started_at") == ["2026-11-20T09:25:02.000Z"]
    assert len(rows(extraction, "claims")) == 1


def test_older_versions_name_their_numbers_otherwise():
    def older(value):
        for assertion in value["assertions"]:
            assertion["conditionValues"] = assertion.pop("expectedValues")
            assertion["values"] = assertion.pop("actualValue")

    extraction = changed(older)
    assert [(row["value"], row["threshold"]) for row in rows(extraction, "metrics")] == [
        ("624.0", "is less than 800.0"),
        ("2.2", "is less than 1.0"),
    ]
    assert not_understood(extraction) == []


@pytest.mark.parametrize("result", ["true", 1, None])
def test_a_result_that_is_not_true_or_false_is_drift_and_no_row(result):
    extraction = changed(lambda value: value["assertions"][0].update(result=result))
    assert ("SCHEMA_DRIFT", "json-pointer:/assertions/0/result") in problems(extraction)
    assert [row["status"] for row in rows(extraction, "metrics")] == ["false"]


def test_a_simulation_that_asserts_nothing_judged_nothing():
    assert problems(changed(lambda value: value.update(assertions=[]))) == [("EVIDENCE_EMPTY", "json-pointer:/assertions")]


def test_a_start_that_is_no_time_is_drift():
    extraction = changed(lambda value: value.update(start=2**62))
    assert [code for code, _ in problems(extraction)] == ["SCHEMA_DRIFT"]


@pytest.mark.parametrize("value", [{"assertions": []}, REPORT | {"assertions": {}}, [REPORT]])
def test_other_assertions_are_not_gatling(value):
    assert recognised(orjson.dumps(value)) == []


def test_an_unknown_member_is_not_understood():
    assert not_understood(changed(lambda value: value["assertions"][0].update(mood=1))) == ["/assertions/*/mood"]


def test_drift_is_told():
    required = ["/start", *(f"/assertions/*/{key}" for key in ("result", "path", "target", "condition"))]
    drift.assert_drift_is_told(orjson.dumps(REPORT), required, joined={"threshold", "value"}, parse=orjson.loads)
