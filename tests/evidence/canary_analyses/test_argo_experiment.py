import copy

import orjson
import pytest

from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

FORMAT = "argo-experiment@v1alpha1"


def template(name, image):
    container = {"name": "billing-api", "image": image, "env": [{"name": "API_TOKEN", "value": "hunter2"}], "resources": {}}
    pod = {"metadata": {"labels": {"app": "billing-api"}}, "spec": {"containers": [container]}}
    return {"name": name, "replicas": 1, "selector": {"matchLabels": {"app": "billing-api"}}, "template": pod}


EXPERIMENT = {
    "apiVersion": "argoproj.io/v1alpha1",
    "kind": "Experiment",
    "metadata": {"name": "billing-api-6f646bf7b7-12-0", "namespace": "billing", "uid": "e6d6a74d"},
    "spec": {
        "duration": "20m",
        "templates": [
            template("baseline", "registry.example/billing-api:4.11.2"),
            template("canary", "registry.example/billing-api:4.12.0-rc.3"),
        ],
        "analyses": [{"name": "compare", "templateName": "mann-whitney", "args": [{"name": "token", "value": "hunter2"}]}],
    },
    "status": {
        "phase": "Successful",
        "availableAt": "2026-11-20T09:05:02Z",
        "templateStatuses": [{"name": "canary", "replicas": 1, "status": "Successful", "lastTransitionTime": "2026-11-20T09:05:02Z"}],
        "conditions": [{"type": "Progressing", "status": "True", "message": "Experiment is running."}],
        "analysisRuns": [{"name": "compare", "analysisRun": "billing-api-compare", "phase": "Successful"}],
    },
}


def changed(change):
    experiment = copy.deepcopy(EXPERIMENT)
    change(experiment)
    return experiment


def read(change=lambda experiment: None):
    return extract(orjson.dumps(changed(change)), FORMAT)


def test_the_phase_is_the_verdict_and_analysis_runs_are_rows():
    extraction = read()
    [verdict] = [claim for claim in rows(extraction, "claims") if claim["field"] == "verdict"]
    assert (verdict["value"], verdict["vocabulary"], verdict["locator"]) == ("Successful", "argo-phase", "json-pointer:/status/phase")
    assert [(row["name"], row["status"]) for row in rows(extraction, "metrics")] == [("billing-api-compare", "Successful")]
    assert (problems(extraction), not_understood(extraction)) == ([], [])


def test_each_image_is_claimed_under_its_template_s_name():
    found = [(claim["subject"], claim["value"]) for claim in rows(read(), "claims") if claim["field"] == "artifact.reference"]
    assert found == [("baseline", "registry.example/billing-api:4.11.2"), ("canary", "registry.example/billing-api:4.12.0-rc.3")]
    assert "hunter2" not in str([table.to_pylist() for table in read().tables.values()])


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda value: value["status"].pop("analysisRuns"), "json-pointer:/status/phase"),
        (lambda value: value["status"].update(analysisRuns=[]), "json-pointer:/status/phase"),
        (lambda value: value["status"]["analysisRuns"][0].update(phase="Failed"), "json-pointer:/status/analysisRuns/0/phase"),
        (lambda value: value["status"]["analysisRuns"][0].update(phase="Inconclusive"), "json-pointer:/status/analysisRuns/0/phase"),
    ],
)
def test_a_success_that_no_analysis_bears_out_contradicts_itself(change, where):
    extraction = read(change)
    assert problems(extraction) == [("CONTRADICTION", where)]
    assert claims(extraction, "verdict") == ["Successful"]  # the document's own word is kept beside it


@pytest.mark.parametrize("phase", ["Failed", "Error", "Inconclusive", "Running", "Pending"])
def test_other_phases_keep_their_word(phase):
    extraction = read(lambda value: value["status"].update(phase=phase, analysisRuns=[]))
    assert (claims(extraction, "verdict"), problems(extraction)) == ([phase], [])


def test_an_experiment_without_a_status_is_no_evidence():
    assert recognised(orjson.dumps(changed(lambda value: value.pop("status")))) == []


def test_an_unknown_member_is_not_understood():
    assert not_understood(read(lambda value: value["status"].update(mood="good"))) == ["/status/mood"]


def test_drift_is_told():
    required = ["/status", "/status/phase", "/status/analysisRuns/*/phase", "/status/analysisRuns/*/analysisRun", "/spec/templates/*/name"]
    drift.assert_drift_is_told(orjson.dumps(EXPERIMENT), required, parse=orjson.loads)


def test_the_corpus_is_read():
    found = corpus.read_all("canary/argo-experiment")
    read_ones = {path: known[0] for path, known in found.items() if known}
    assert len(read_ones) == 1  # the others have no status
    for path, extraction in read_ones.items():
        assert (extraction.format, not_understood(extraction), claims(extraction, "verdict")) == (FORMAT, [], ["Running"]), path
