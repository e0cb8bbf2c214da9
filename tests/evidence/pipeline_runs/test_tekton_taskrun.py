import pytest

from tests.evidence.pipeline_runs.support import (
    COMMIT,
    DIGEST,
    assert_corpus_is_read,
    assert_drift_is_told,
    assert_read_whole,
    changed,
    jobs,
)
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

NAME, FORMAT = "tekton-taskrun.json", "tekton-taskrun@v1"


def step(run, number):
    return run["status"]["steps"][number]


def test_a_step_that_failed_and_may_is_told_by_its_exit_code():
    assert jobs(assert_read_whole(NAME, FORMAT)) == [
        ("job", None, "release-x7k2p-build", "Succeeded"),
        ("step", "release-x7k2p-build", "compile", "exit-zero"),
        ("step", "release-x7k2p-build", "lint", "exit-nonzero"),
    ]


def test_a_run_says_what_it_built_and_from_what():
    extraction = assert_read_whole(NAME, FORMAT)
    assert claims(extraction, "candidate.commit") == [COMMIT, COMMIT]  # the annotation and the result
    assert claims(extraction, "artifact.digest") == [DIGEST]
    assert claims(extraction, "verdict") == ["Succeeded"]
    assert claims(extraction, "finished_at") == ["2026-11-20T08:36:02Z"]


@pytest.mark.parametrize(
    ("state", "word"), [({"running": {"startedAt": "2026-11-20T08:31:27Z"}}, "running"), ({"waiting": {}}, "waiting"), ({}, None)]
)
def test_a_step_that_has_not_ended_is_no_success(state, word):
    def unfinished(run):
        step(run, 0).pop("terminated")
        step(run, 0).update(state)

    assert rows(extract(changed(NAME, unfinished), FORMAT), "jobs")[1]["status"] == word


def test_a_failure_that_is_ignored_is_not_a_success():
    failed = {"status": "False", "reason": "FailureIgnored"}
    extraction = extract(changed(NAME, lambda run: run["status"]["conditions"][0].update(failed)), FORMAT)
    assert claims(extraction, "verdict") == ["FailureIgnored"]


def test_an_exit_code_that_is_gone_is_told():
    extraction = extract(changed(NAME, lambda run: step(run, 1)["terminated"].pop("exitCode") and None), FORMAT)
    assert problems(extraction) == [("SCHEMA_DRIFT", "json-pointer:/status/steps/1/terminated/exitCode")]


def test_a_definition_that_never_ran_is_not_this_format():
    assert recognised(changed(NAME, lambda run: {**run, "status": {"podName": ""}})) == []


def test_an_unknown_member_is_not_understood():
    assert not_understood(extract(changed(NAME, lambda run: step(run, 0).update(ring="eu")), FORMAT)) == ["/status/steps/*/ring"]


def test_drift_is_told():
    each = {f"/status/conditions/*/{key}" for key in ("type", "status", "reason")}
    required = {"/metadata", "/metadata/name", "/status", "/status/conditions", "/status/results/*/name", *each}
    assert_drift_is_told(NAME, {*required, "/status/steps/*/terminated/exitCode"}, joined={"build.id"})


def test_the_corpus_is_read():
    assert_corpus_is_read("tekton-taskrun", "ci/tekton-taskrun", least=13)


def test_a_task_of_a_pipeline_is_of_that_pipelines_run():
    owner = {"apiVersion": "tekton.dev/v1", "kind": "PipelineRun", "name": "release-x7k2p", "uid": "1638b693-844d-4f13-b767-d7d84ac4ab3d"}
    extraction = extract(changed(NAME, lambda run: run["metadata"].update(ownerReferences=[owner])), FORMAT)
    assert claims(extraction, "build.id") == [owner["uid"]]
    assert (problems(extraction), not_understood(extraction)) == ([], [])
