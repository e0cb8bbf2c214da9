"""The three documents of Kayenta: an execution, a standalone analysis, and a judge's result on its own."""

import copy

import orjson
import pytest

from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

EXECUTION, STANDALONE, RESULT = "kayenta-execution", "kayenta-standalone", "kayenta-judge-result"


def metric(name, classification, **more):
    stats = {"count": 60, "mean": 1.5, "min": 0.5, "max": 2.5, "median": 1.5}
    metadata = {"experimentMetadata": {"stats": stats}, "controlMetadata": {"stats": stats}, "resultMetadata": {"ratio": 1.0}}
    return {"name": name, "id": "2fdb4816", "tags": {}, "classification": classification, "groups": ["system"], **metadata, **more}


JUDGED = {
    "judgeName": "NetflixACAJudge-v1.0",
    "results": [metric("errors", "High"), metric("latency", "Pass")],
    "groupScores": [{"name": "system", "score": 50, "classification": "", "classificationReason": ""}],
    "score": {"score": 50.0, "classification": "Fail", "classificationReason": ""},
}


def scope(group):
    place = {"location": "eu-west-1", "start": "2026-11-20T09:00:00Z", "end": "2026-11-20T10:00:00Z", "step": 60}
    return {"scope": group, **place, "extendedScopeParams": {"type": "cluster"}}


TIMES = {
    f"{moment}Time{form}": value
    for moment, minute in (("build", 4), ("start", 5), ("end", 9))
    for form, value in (("Millis", 1795165440000 + minute * 60000), ("Iso", f"2026-11-20T09:0{minute}:00.000Z"))
}
RUN = {
    "application": "billing-api",
    "parentPipelineExecutionId": "9cf4ec2e",
    "metricSetPairListId": "581dd9b7",
    "pipelineId": "01F",
    "stageStatus": {"judge": "succeeded", "mixMetrics": "succeeded"},
    "complete": True,
    "status": "succeeded",
    "config": {"name": "billing", "classifier": {"scoreThresholds": {"pass": 95, "marginal": 75}}, "metrics": [{"query": "hunter2"}]},
    "canaryExecutionRequest": {
        "scopes": {"default": {"controlScope": scope("billing-api-v058"), "experimentScope": scope("billing-api-v059")}},
        "thresholds": {"pass": 60, "marginal": 40},
    },
    "result": {"parentPipelineExecutionId": "9cf4ec2e", "judgeResult": JUDGED, "canaryDuration": "PT1H"},
    **TIMES,
    "storageAccountName": "acme-storage",
}
ANALYSIS = {
    "application": "billing-api",
    "user": "anonymous",
    "pipelineId": "01G",
    "stageStatus": [{"type": "setupCanary", "name": "Setup", "status": "SUCCEEDED", "executionId": "01F"}],
    "complete": True,
    "executionStatus": "SUCCEEDED",
    "status": "succeeded",
    "canaryAnalysisExecutionResult": {
        "didPassThresholds": True,
        "hasWarnings": False,
        "canaryScoreMessage": "Final canary score 96.0 met or exceeded the pass score threshold.",
        "canaryScores": [20.0, 96.0],
        "canaryExecutionResults": [
            {
                "executionId": "01F",
                "executionStatus": "SUCCEEDED",
                "result": {"judgeResult": JUDGED, "canaryDuration": "PT5M"},
                "warnings": [],
                "judgementStartTimeIso": "2026-11-20T09:00:00Z",
                "judgementStartTimeMillis": 1795165200000,
            }
        ],
        "buildTimeIso": "2026-11-20T09:04:00Z",
    },
    "canaryAnalysisExecutionRequest": {
        "scopes": [
            {
                "scopeName": "default",
                "controlScope": "billing-api-baseline",
                "controlLocation": "eu-west-1",
                "controlOffsetInMinutes": 0,
                "experimentScope": "billing-api-canary",
                "experimentLocation": "eu-west-1",
                "step": 60,
                "extendedScopeParams": {},
            }
        ],
        "thresholds": {"pass": 95.0, "marginal": 75.0},
        "lifetimeDurationMins": 60,
    },
    "canaryConfig": {"metrics": [{"query": "hunter2"}]},
    **TIMES,
    "storageAccountName": "acme-storage",
    "metricsAccountName": "acme-metrics",
}


def changed(value, change):
    value = copy.deepcopy(value)
    change(value)
    return value


def read(value, format_id, change=lambda value: None):
    return extract(orjson.dumps(changed(value, change)), format_id)


def verdicts(extraction):
    return [(claim["value"], claim["vocabulary"], claim["locator"]) for claim in rows(extraction, "claims") if claim["field"] == "verdict"]


def passed(judged):
    judged["score"] = {"score": 96.0, "classification": "Pass", "classificationReason": ""}
    for result in judged["results"]:
        result["classification"] = "Pass"


def test_an_execution_that_succeeded_may_have_judged_the_canary_a_failure():
    extraction = read(RUN, EXECUTION)
    assert verdicts(extraction) == [("Fail", "kayenta-classification", "json-pointer:/result/judgeResult/score/classification")]
    assert claims(extraction, "service.name") == ["billing-api"]
    assert claims(extraction, "started_at") == ["2026-11-20T09:05:00.000Z"]
    assert claims(extraction, "finished_at") == ["2026-11-20T09:09:00.000Z"]
    assert (problems(extraction), not_understood(extraction)) == ([], [])


def test_the_score_and_each_metric_are_rows_with_their_own_classification():
    names = ("name", "value", "threshold", "status", "vocabulary", "samples")
    assert [tuple(row[name] for name in names) for row in rows(read(RUN, EXECUTION), "metrics")] == [
        ("score", "50.0", "pass 60, marginal 40", "Fail", "kayenta-classification", None),
        ("errors", "1.5", None, "High", "kayenta-metric", 60),
        ("latency", "1.5", None, "Pass", "kayenta-metric", 60),
    ]


def test_without_thresholds_in_the_request_those_of_the_configuration_hold():
    extraction = read(RUN, EXECUTION, lambda value: value["canaryExecutionRequest"].pop("thresholds"))
    assert rows(extraction, "metrics")[0]["threshold"] == "pass 95, marginal 75"


@pytest.mark.parametrize("status", ["terminal", "canceled", "running", "not_started"])
def test_without_a_judgement_the_status_is_all_there_is(status):
    extraction = read(RUN, EXECUTION, lambda value: (value.pop("result"), value.update(status=status)))
    assert verdicts(extraction) == [(status, "kayenta-status", "json-pointer:/status")]


def test_an_execution_that_succeeded_without_a_result_is_drift_and_no_pass():
    extraction = read(RUN, EXECUTION, lambda value: value.pop("result"))
    assert problems(extraction) == [("SCHEMA_DRIFT", "json-pointer:/result")]
    assert verdicts(extraction) == [("succeeded", "kayenta-status", "json-pointer:/status")]


def test_a_canary_that_was_compared_with_itself_contradicts_itself():
    where = "/canaryExecutionRequest/scopes/default/experimentScope"
    extraction = read(
        RUN, EXECUTION, lambda value: value["canaryExecutionRequest"]["scopes"]["default"].update(controlScope=scope("billing-api-v059"))
    )
    assert problems(extraction) == [("CONTRADICTION", f"json-pointer:{where}")]

    def yesterday(value):
        control = scope("billing-api-v059") | {"start": "2026-11-19T09:00:00Z", "end": "2026-11-19T10:00:00Z"}
        value["canaryExecutionRequest"]["scopes"]["default"]["controlScope"] = control

    assert problems(read(RUN, EXECUTION, yesterday)) == []  # the same group, but another day: a baseline


def judgement(value):
    return value["result"]["judgeResult"]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda judged: judged["score"].update(score=40.0), "a score below the 60 that it takes to pass"),
        (lambda judged: judged.update(results=[]), "no metric that passed"),
        (lambda judged: judged["results"][0].update(classification="High", critical=True), "a critical metric that did not pass"),
        (lambda judged: judged["results"][0].update(classification="Low", criticality="critical"), "a critical metric that did not pass"),
    ],
)
def test_a_pass_that_its_own_numbers_do_not_bear_out_contradicts_itself(change, what):
    extraction = read(RUN, EXECUTION, lambda value: (passed(judgement(value)), change(judgement(value))))
    assert [problem["found"] for problem in rows(extraction, "problems") if problem["code"] == "CONTRADICTION"] == [what]
    assert claims(extraction, "verdict") == ["Pass"]  # the document's own word is kept beside it
    assert problems(read(RUN, EXECUTION, lambda value: passed(judgement(value)))) == []


def test_a_judge_s_result_on_its_own_says_the_judgement_and_nothing_else():
    extraction = read(JUDGED, RESULT)
    assert verdicts(extraction) == [("Fail", "kayenta-classification", "json-pointer:/score/classification")]
    assert len(rows(extraction, "claims")) == 1
    assert (problems(extraction), not_understood(extraction)) == ([], [])


def test_a_standalone_analysis_is_judged_by_its_last_score():
    extraction = read(ANALYSIS, STANDALONE)
    assert verdicts(extraction) == [("true", "kayenta-thresholds", "json-pointer:/canaryAnalysisExecutionResult/didPassThresholds")]
    assert [row["status"] for row in rows(extraction, "metrics")] == ["Fail", "High", "Pass"]
    assert (problems(extraction), not_understood(extraction)) == ([], [])


def result(value):
    return value["canaryAnalysisExecutionResult"]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda value: result(value).update(canaryScores=[96.0, 20.0]), "a last score below the 95.0 that it takes to pass"),
        (lambda value: result(value).update(canaryScores=[]), "no score at all"),
        (lambda value: value["canaryAnalysisExecutionRequest"].pop("thresholds"), "no threshold that could be passed"),
    ],
)
def test_thresholds_that_cannot_have_been_passed_contradict_it(change, what):
    extraction = read(ANALYSIS, STANDALONE, change)
    assert [problem["found"] for problem in rows(extraction, "problems")] == [what]
    assert problems(read(ANALYSIS, STANDALONE, lambda value: (change(value), result(value).update(didPassThresholds=False)))) == []


def test_a_standalone_analysis_of_one_scope_contradicts_itself():
    def same(value):
        value["canaryAnalysisExecutionRequest"]["scopes"][0]["controlScope"] = "billing-api-canary"

    where = "json-pointer:/canaryAnalysisExecutionRequest/scopes/0/experimentScope"
    assert problems(read(ANALYSIS, STANDALONE, same)) == [("CONTRADICTION", where)]

    def offset(value):
        same(value)
        value["canaryAnalysisExecutionRequest"]["scopes"][0]["controlOffsetInMinutes"] = 1440

    assert problems(read(ANALYSIS, STANDALONE, offset)) == []


def test_an_application_that_nobody_named_is_no_service():
    assert claims(read(ANALYSIS, STANDALONE, lambda value: value.update(application="ad-hoc")), "service.name") == []


def test_an_analysis_on_its_way_has_only_its_status():
    def running(value):
        value.update(complete=False, executionStatus="RUNNING", status="running")
        for key in ("canaryAnalysisExecutionResult", "endTimeIso", "endTimeMillis"):
            del value[key]

    extraction = read(ANALYSIS, STANDALONE, running)
    assert verdicts(extraction) == [("RUNNING", "kayenta-status", "json-pointer:/executionStatus")]
    assert problems(extraction) == []


@pytest.mark.parametrize(("value", "format_id"), [(RUN, EXECUTION), (ANALYSIS, STANDALONE)])
def test_queries_are_never_copied(value, format_id):
    assert "hunter2" not in str([table.to_pylist() for table in read(value, format_id).tables.values()])


@pytest.mark.parametrize(
    "value",
    [
        {"name": "config", "metrics": [], "classifier": {}, "judge": {"name": "dredd"}},
        {"status": "succeeded", "complete": True, "pipelineId": "1"},
        {"results": [], "score": 1},
    ],
)
def test_a_configuration_is_no_result(value):
    assert recognised(orjson.dumps(value)) == []


@pytest.mark.parametrize(("value", "format_id"), [(RUN, EXECUTION), (ANALYSIS, STANDALONE), (JUDGED, RESULT)])
def test_an_unknown_member_is_not_understood(value, format_id):
    assert not_understood(read(value | {"mood": 1}, format_id)) == ["/mood"]


JUDGE = ("/score", "/score/score", "/score/classification", "/results", "/results/*/name", "/results/*/classification")
JOINED = {"threshold", "value", "samples"}


@pytest.mark.parametrize(
    ("value", "required"),
    [
        (RUN, ["/status", "/complete", "/startTimeIso", "/endTimeIso", "/result", *(f"/result/judgeResult{path}" for path in JUDGE)]),
        (ANALYSIS, ["/executionStatus", "/complete", "/startTimeIso", "/endTimeIso", "/canaryAnalysisExecutionResult/didPassThresholds"]),
        (JUDGED, JUDGE),
    ],
)
def test_drift_is_told(value, required):
    drift.assert_drift_is_told(orjson.dumps(value), required, joined=JOINED, parse=orjson.loads)


def test_the_corpus_is_read():
    found = corpus.read_all("canary/kayenta-judgement")
    assert {match.format for known in found.values() for match in known} == {EXECUTION}
    for path, [extraction] in found.items():
        assert not_understood(extraction) == [], path
    assert sorted(claims(one, "verdict")[0] for [one] in found.values()) == ["Fail", "terminal"]
    assert all(not known for known in corpus.read_all("canary/kayenta-canary-config").values())
