import copy

import orjson
import pytest

from tests.evidence import drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

FORMAT = "keptn-evaluation"
INDICATOR = {
    "score": 1,
    "value": {"metric": "response_time_p95", "value": 402.5, "success": True, "message": ""},
    "displayName": "Response time",
    "passTargets": [
        {"criteria": "<=+10%", "targetValue": 441.0, "violated": False},
        {"criteria": "<600", "targetValue": 600, "violated": False},
    ],
    "warningTargets": [{"criteria": "<=800", "targetValue": 800, "violated": False}],
    "keySli": True,
    "status": "pass",
}
FAILING = INDICATOR | {
    "score": 0,
    "keySli": False,
    "status": "fail",
    "value": {"metric": "error_rate", "value": 0, "success": False, "message": "query of token hunter2 failed"},
}
EVENT = {
    "type": "sh.keptn.event.evaluation.finished",
    "specversion": "1.0",
    "source": "lighthouse-service",
    "id": "c4d3a334-6cb9-4e8c-a372-7e0b45942f53",
    "time": "2026-11-20T09:30:05.000Z",
    "datacontenttype": "application/json",
    "shkeptncontext": "a3e5f16d-8888-4720-82c7-6995062905c1",
    "triggeredid": "3f9640b6-1d2a-4f11-95f5-23259f1d82d6",
    "gitcommitid": "ca82a6dff817dc66f44342007202690a93763949",
    "data": {
        "project": "payments",
        "stage": "staging",
        "service": "billing-api",
        "labels": {"version": "4.12.0-rc.3", "buildId": "7714620931", "owner": "team-billing"},
        "status": "succeeded",
        "result": "fail",
        "message": "",
        "evaluation": {
            "timeStart": "2026-11-20T09:20:00.000Z",
            "timeEnd": "2026-11-20T09:30:00.000Z",
            "result": "fail",
            "score": 50,
            "sloFileContent": "LS0tDQpzcGVjX3ZlcnNpb246ICcxLjAnDQo=",
            "indicatorResults": [INDICATOR, FAILING],
            "comparedEvents": ["event-id-1"],
            "gitCommit": "ca82a6dff817dc66f44342007202690a93763949",
        },
    },
}


def changed(change):
    event = copy.deepcopy(EVENT)
    change(event)
    return event


def read(change=lambda event: None):
    return extract(orjson.dumps(changed(change)), FORMAT)


def passing(event):
    event["data"]["result"] = event["data"]["evaluation"]["result"] = "pass"


def test_an_evaluation_that_succeeded_may_have_failed():
    extraction = read()
    [verdict] = [claim for claim in rows(extraction, "claims") if claim["field"] == "verdict"]
    assert (verdict["value"], verdict["vocabulary"], verdict["locator"]) == ("fail", "keptn-result", "json-pointer:/data/evaluation/result")
    assert (problems(extraction), not_understood(extraction)) == ([], [])


def test_each_indicator_is_judged_and_a_value_that_was_not_fetched_is_none():
    names = ("name", "statistic", "value", "threshold", "status")
    assert [tuple(row[name] for name in names) for row in rows(read(), "metrics")] == [
        ("score", "score", "50", None, None),
        ("response_time_p95", "key indicator", "402.5", "<=+10%, <600", "pass"),
        ("error_rate", "indicator", None, "<=+10%, <600", "fail"),
    ]


def test_the_service_the_stage_and_labels_that_name_the_candidate_are_claimed():
    extraction = read()
    found = {claim["field"]: claim["value"] for claim in rows(extraction, "claims") if claim["field"] != "verdict"}
    assert found == {
        "service.name": "billing-api",
        "environment.observed": "staging",
        "candidate.version": "4.12.0-rc.3",
        "build.id": "7714620931",
        "started_at": "2026-11-20T09:20:00.000Z",
        "finished_at": "2026-11-20T09:30:00.000Z",
        "produced_at": "2026-11-20T09:30:05.000Z",
    }


def test_commits_of_the_configuration_are_not_the_candidate_s_and_messages_are_not_copied():
    extraction = read()
    text = str([table.to_pylist() for name, table in extraction.tables.items()])
    assert claims(extraction, "candidate.commit") == []
    assert "hunter2" not in text
    assert "ca82a6df" not in text


def test_a_pass_over_no_indicators_is_empty():
    extraction = read(lambda event: (passing(event), event["data"]["evaluation"].update(indicatorResults=[])))
    assert problems(extraction) == [("EVIDENCE_EMPTY", "json-pointer:/data/evaluation/indicatorResults")]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda event: event["data"].update(result="pass"), "json-pointer:/data/result"),
        (lambda event: (passing(event), event["data"].update(status="errored")), "json-pointer:/data/status"),
        (
            lambda event: event["data"]["evaluation"]["indicatorResults"][1].update(status="pass"),
            "json-pointer:/data/evaluation/indicatorResults/1/value/success",
        ),
    ],
)
def test_an_event_that_says_two_things_contradicts_itself(change, where):
    assert problems(read(change)) == [("CONTRADICTION", where)]


def test_events_as_the_api_lists_them_are_told_apart_by_their_ids():
    other = changed(lambda event: (passing(event), event.update(id="second")))
    data = {"events": [EVENT, other], "nextPageKey": "0", "pageSize": 2, "totalCount": 2}
    extraction = extract(orjson.dumps(data), FORMAT)
    found = [(claim["subject"], claim["value"]) for claim in rows(extraction, "claims") if claim["field"] == "verdict"]
    assert found == [(EVENT["id"], "fail"), ("second", "pass")]
    assert not_understood(extraction) == []


@pytest.mark.parametrize(
    "value", [EVENT | {"type": "sh.keptn.event.evaluation.started"}, EVENT | {"data": "x"}, {"events": []}, {"events": {}}, [EVENT]]
)
def test_other_events_are_not_evaluations(value):
    assert recognised(orjson.dumps(value)) == []


def test_an_unknown_member_is_not_understood():
    assert not_understood(read(lambda event: event["data"]["evaluation"].update(mood=1))) == ["/data/evaluation/mood"]


def test_drift_is_told():
    event = changed(lambda event: event["data"].pop("labels"))  # the names of labels are data
    evaluation = "/data/evaluation"
    required = [
        *("/type", "/data", "/data/result", "/data/status", "/data/service", "/data/stage", evaluation, f"{evaluation}/result"),
        *(f"{evaluation}/indicatorResults", f"{evaluation}/indicatorResults/*/status", f"{evaluation}/indicatorResults/*/value"),
        *(f"{evaluation}/indicatorResults/*/value/{key}" for key in ("metric", "success")),
    ]
    drift.assert_drift_is_told(orjson.dumps(event), required, joined={"threshold", "statistic", "value"}, parse=orjson.loads)
