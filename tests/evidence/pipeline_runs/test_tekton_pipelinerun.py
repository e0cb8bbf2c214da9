import orjson
import pytest

from tests.evidence.pipeline_runs.support import (
    COMMIT,
    DIGEST,
    OTHER_COMMIT,
    REPOSITORY,
    assert_corpus_is_read,
    assert_drift_is_told,
    assert_read_whole,
    changed,
    claimed,
    jobs,
    said,
    sample,
)
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

NAME, FORMAT = "tekton-pipelinerun.json", "tekton-pipelinerun@v1"
IMAGE = "registry.example.com/billing/billing-api:4.12.0-rc.3"


def condition(run, **words):
    run["status"]["conditions"][0].update(words)


def test_a_run_says_what_it_built_and_from_what():
    assert said(assert_read_whole(NAME, FORMAT)) == [
        ("build.id", "1638b693-844d-4f13-b767-d7d84ac4ab3d", "/metadata/uid"),
        ("candidate.commit", COMMIT, "/metadata/annotations/pipelinesascode.tekton.dev~1sha"),
        ("candidate.commit", COMMIT, "/status/results/0/value"),
        ("repository.url", REPOSITORY, "/status/results/1/value"),
        ("artifact.reference", IMAGE, "/status/results/2/value"),
        ("artifact.digest", DIGEST, "/status/results/3/value"),
        ("verdict", "Completed", "/status/conditions/0/reason"),
        ("started_at", "2026-11-20T08:31:20Z", "/status/startTime"),
        ("finished_at", "2026-11-20T08:41:02Z", "/status/completionTime"),
    ]


def test_a_skipped_task_of_a_completed_run_is_a_row():
    assert jobs(assert_read_whole(NAME, FORMAT)) == [
        ("run", None, "release-x7k2p", "Completed"),
        ("job", "release-x7k2p", "smoke", "Skipped"),
    ]


def test_a_digest_is_that_of_the_image_it_stands_with():
    [digest] = [claim for claim in rows(assert_read_whole(NAME, FORMAT), "claims") if claim["field"] == "artifact.digest"]
    assert digest["subject"] == IMAGE


def test_the_revision_of_the_definition_is_not_that_of_the_candidate():
    assert "1" * 40 not in claims(assert_read_whole(NAME, FORMAT), "candidate.commit")


@pytest.mark.parametrize(
    ("status", "reason", "word"),
    [
        ("True", "Succeeded", "Succeeded"),
        ("True", "SomethingNew", "SomethingNew"),  # no word that anybody takes for a success
        ("False", "Failed", "Failed"),
        ("False", "CouldntGetTask", "False"),
        ("False", "PipelineRunTimeout", "PipelineRunTimeout"),
        ("False", "Cancelled", "Cancelled"),
        ("Unknown", "Running", "Running"),
        ("Unknown", "SomethingNew", "Unknown"),
    ],
)
def test_the_word_of_a_run_is_its_reason_where_that_says_more(status, reason, word):
    extraction = extract(changed(NAME, lambda run: condition(run, status=status, reason=reason)), FORMAT)
    assert claims(extraction, "verdict") == [word]
    assert jobs(extraction)[0][3] == word


def test_a_run_that_has_not_begun_is_not_this_format():
    assert recognised(changed(NAME, lambda run: {**run, "status": {}})) == []


def test_a_dump_without_kind_is_known_by_its_status():
    bare = {key: value for key, value in orjson.loads(sample(NAME)).items() if key not in ("apiVersion", "kind")}
    assert said(extract(orjson.dumps(bare), FORMAT)) == said(assert_read_whole(NAME, FORMAT))


def test_v1beta1_holds_the_status_of_each_task():
    def older(run):
        run["apiVersion"] = "tekton.dev/v1beta1"
        run["status"]["pipelineResults"] = run["status"].pop("results")
        failed = [{"type": "Succeeded", "status": "False", "reason": "Failed"}]
        run["status"]["taskRuns"] = {"release-x7k2p-build": {"pipelineTaskName": "build", "status": {"conditions": failed}}}

    extraction = extract(changed(NAME, older), "tekton-pipelinerun@v1beta1")
    assert ("job", "release-x7k2p", "build", "Failed") in jobs(extraction)
    assert claims(extraction, "artifact.digest") == [DIGEST]
    assert not_understood(extraction) == []


def test_runs_of_a_list_are_told_apart_by_name():
    run = orjson.loads(sample(NAME))
    second = orjson.loads(changed(NAME, lambda other: condition(other, status="False", reason="Failed")))
    second["metadata"]["name"] = "release-2"
    listed = {"apiVersion": "v1", "kind": "List", "items": [run, second], "metadata": {"resourceVersion": ""}}
    extraction = extract(orjson.dumps(listed), FORMAT)
    verdicts = [(claim["subject"], claim["value"]) for claim in rows(extraction, "claims") if claim["field"] == "verdict"]
    assert verdicts == [("release-x7k2p", "Completed"), ("release-2", "Failed")]
    assert (problems(extraction), not_understood(extraction)) == ([], [])


def test_images_in_one_result_and_structured_outputs_are_claimed():
    results = [
        {"name": "IMAGES", "value": f"{IMAGE}@{DIGEST}, other.example.com/b@{DIGEST}"},
        {"name": "jar-ARTIFACT_OUTPUTS", "value": {"uri": "pkg:maven/acme/billing@4.12.0", "digest": DIGEST}},
    ]
    extraction = extract(changed(NAME, lambda run: run["status"].update(results=results)), FORMAT)
    assert claims(extraction, "artifact.reference") == [IMAGE, "other.example.com/b", "pkg:maven/acme/billing@4.12.0"]
    assert claims(extraction, "artifact.digest") == [DIGEST, DIGEST, DIGEST]


def test_a_result_on_another_commit_is_claimed_beside_the_annotation():
    extraction = extract(changed(NAME, lambda run: run["status"]["results"][0].update(value=OTHER_COMMIT)), FORMAT)
    assert claims(extraction, "candidate.commit") == [COMMIT, OTHER_COMMIT]


def test_an_unknown_member_is_not_understood():
    assert not_understood(extract(changed(NAME, lambda run: run["status"].update(ring="eu")), FORMAT)) == ["/status/ring"]


def test_drift_is_told():
    each = {f"/status/conditions/*/{key}" for key in ("type", "status", "reason")}
    required = {
        "/metadata",
        "/metadata/name",
        "/status",
        "/status/conditions",
        "/status/results/*/name",
        "/status/skippedTasks/*/name",
        *each,
    }
    assert_drift_is_told(NAME, required, joined={"build.id"})


@pytest.mark.parametrize(("reason", "told"), [("Failed", ["CONTRADICTION"]), ("FailureIgnored", [])])
def test_a_run_that_succeeded_over_a_failed_task_is_a_contradiction_unless_the_failure_is_ignored(reason, told):
    def change(run):
        task = {"conditions": [{"type": "Succeeded", "status": "False", "reason": reason}]}
        run["status"]["taskRuns"] = {"build-1-test": {"pipelineTaskName": "test", "status": task}}

    assert [code for code, _ in problems(extract(changed(NAME, change), FORMAT))] == told


OUTPUT = {"uri": "oci://r/billing", "digest": "sha256:" + "ab" * 32}


@pytest.mark.parametrize("output", [{"uri": OUTPUT["uri"]}, {"digest": OUTPUT["digest"]}, "text"])
def test_an_output_without_address_or_digest_is_told(output):
    def change(run):
        run["status"]["results"] = [{"name": "image-ARTIFACT_OUTPUTS", "value": output}]

    assert {code for code, _ in problems(extract(changed(NAME, change), FORMAT))} == {"SCHEMA_DRIFT"}


def test_a_run_that_a_cluster_made_has_a_uid_and_another_goes_by_its_name():
    def change(run, **metadata):
        run["metadata"] = {"name": "build-1", **metadata}

    extraction = extract(changed(NAME, change), FORMAT)
    assert claimed(extraction, "build.id") == [("build-1", "low", "the name of a run that has no uid")]
    told = extract(changed(NAME, lambda run: change(run, creationTimestamp="2026-11-20T09:00:00Z")), FORMAT)
    assert problems(told) == [("SCHEMA_DRIFT", "json-pointer:/metadata/uid")]


def test_the_corpus_is_read():
    # Some name an output and leave out its digest or its address.
    assert_corpus_is_read("tekton-pipelinerun", "ci/tekton-pipelinerun", least=9, told={"SCHEMA_DRIFT"})
