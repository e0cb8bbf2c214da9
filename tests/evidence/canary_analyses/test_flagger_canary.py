import copy

import orjson
import pytest

from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

FORMAT = "flagger-canary@v1beta1"
CANARY = {
    "apiVersion": "flagger.app/v1beta1",
    "kind": "Canary",
    "metadata": {"name": "billing-api", "namespace": "billing", "generation": 3},
    "spec": {
        "provider": "istio",
        "progressDeadlineSeconds": 60,
        "targetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "billing-api"},
        "service": {"port": 80, "headers": {"request": {"add": {"x-token": "hunter2"}}}},
        "skipAnalysis": False,
        "analysis": {
            "interval": "1m",
            "threshold": 10,
            "maxWeight": 50,
            "stepWeight": 5,
            "metrics": [{"name": "request-success-rate", "interval": "1m", "thresholdRange": {"min": 99}}],
            "webhooks": [{"name": "load-test", "url": "http://loadtester/", "metadata": {"cmd": "hey -H 'token: hunter2'"}}],
        },
    },
    "status": {
        "phase": "Succeeded",
        "failedChecks": 1,
        "canaryWeight": 0,
        "iterations": 0,
        "lastAppliedSpec": "6b7c5d8f9d",
        "lastPromotedSpec": "6b7c5d8f9d",
        "lastTransitionTime": "2026-11-20T09:09:10Z",
        "conditions": [{"type": "Promoted", "status": "True", "reason": "Succeeded", "lastUpdateTime": "2026-11-20T09:09:10Z"}],
        "trackedConfigs": {"configmap/billing": "hash"},
    },
}


def changed(change):
    canary = copy.deepcopy(CANARY)
    change(canary)
    return canary


def read(change=lambda canary: None):
    return extract(orjson.dumps(changed(change)), FORMAT)


def test_the_phase_is_the_verdict():
    extraction = read()
    [verdict] = [claim for claim in rows(extraction, "claims") if claim["field"] == "verdict"]
    assert (verdict["value"], verdict["vocabulary"], verdict["locator"]) == ("Succeeded", "flagger-phase", "json-pointer:/status/phase")
    assert claims(extraction, "finished_at") == claims(extraction, "produced_at") == ["2026-11-20T09:09:10Z"]
    counters = {row["statistic"]: (row["value"], row["status"]) for row in rows(extraction, "metrics")}
    assert counters == {"failed checks": ("1", None), "iterations": ("0", None), "canary weight": ("0", None)}
    assert (problems(extraction), not_understood(extraction)) == ([], [])


@pytest.mark.parametrize("phase", ["Initializing", "Initialized", "Waiting", "Progressing", "WaitingPromotion", "Promoting", "Finalising"])
def test_a_phase_on_the_way_has_not_finished(phase):
    extraction = read(lambda canary: canary["status"].update(phase=phase))
    assert (claims(extraction, "verdict"), claims(extraction, "finished_at")) == ([phase], [])


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda canary: canary["spec"].update(skipAnalysis=True), "json-pointer:/spec/skipAnalysis"),
        (lambda canary: canary["spec"]["analysis"].update(metrics=[], webhooks=[]), "json-pointer:/spec/analysis"),
    ],
)
def test_a_success_that_nothing_was_measured_for_contradicts_itself(change, where):
    extraction = read(change)
    assert problems(extraction) == [("CONTRADICTION", where)]
    assert claims(extraction, "verdict") == ["Succeeded"]
    failed = read(lambda canary: (change(canary), canary["status"].update(phase="Failed")))
    assert problems(failed) == []


def test_hashes_of_the_template_name_no_image_and_secrets_are_never_copied():
    extraction = read()
    assert {claim["field"] for claim in rows(extraction, "claims")} == {"verdict", "produced_at", "finished_at"}
    assert "hunter2" not in str([table.to_pylist() for table in extraction.tables.values()])


def test_a_canary_without_a_status_is_no_evidence():
    assert recognised(orjson.dumps(changed(lambda canary: canary.pop("status")))) == []


def test_a_list_holds_several_canaries_each_named():
    other = changed(lambda canary: (canary["metadata"].update(name="ledger"), canary["status"].update(phase="Failed")))
    data = {"apiVersion": "flagger.app/v1beta1", "kind": "CanaryList", "metadata": {"resourceVersion": "1"}, "items": [CANARY, other]}
    extraction = extract(orjson.dumps(data), FORMAT)
    found = [(claim["subject"], claim["value"]) for claim in rows(extraction, "claims") if claim["field"] == "verdict"]
    assert found == [("billing-api", "Succeeded"), ("ledger", "Failed")]
    assert not_understood(extraction) == []


def test_an_unknown_member_is_not_understood():
    assert not_understood(read(lambda canary: canary["status"].update(mood="good"))) == ["/status/mood"]


def test_drift_is_told():
    drift.assert_drift_is_told(orjson.dumps(CANARY), ["/status", "/status/phase", "/status/lastTransitionTime"], parse=orjson.loads)


def test_the_corpus_holds_none_with_a_status():
    assert {path: known for path, known in corpus.read_all("canary/flagger-canary").items() if known} == {}
