import orjson
import pytest

from tests.evidence.pipeline_runs.support import (
    COMMIT,
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

NAME, FORMAT = "gitlab-pipeline.json", "gitlab-pipeline"
PROJECT = "https://gitlab.example.com/acme-pay/billing-api"


def test_a_pipeline_says_what_it_ran_on_and_how_it_ended():
    extraction = assert_read_whole(NAME, FORMAT)
    assert said(extraction) == [
        ("build.id", "1079491591", "/id"),
        ("build.url", f"{PROJECT}/-/pipelines/1079491591", "/web_url"),
        ("repository.url", PROJECT, "/web_url"),
        ("candidate.branch", "release/4.12", "/ref"),
        ("candidate.commit", COMMIT, "/sha"),
        ("produced_at", "2026-11-20T08:41:02.216Z", "/updated_at"),
        ("started_at", "2026-11-20T08:31:24.759Z", "/started_at"),
        ("finished_at", "2026-11-20T08:41:02.182Z", "/finished_at"),
        ("verdict", "success", "/status"),
    ]
    assert jobs(extraction) == [("run", None, "release", "success")]


def test_a_success_that_hides_failed_jobs_is_not_a_success():
    extraction = extract(changed(NAME, lambda one: one["detailed_status"].update(group="success-with-warnings")), FORMAT)
    assert ("verdict", "success-with-warnings", "/detailed_status/group") in said(extraction)
    assert jobs(extraction)[0][3] == "success-with-warnings"


@pytest.mark.parametrize("word", ["failed", "canceled", "skipped", "manual", "running", "waiting_for_resource"])
def test_a_status_is_carried_as_the_word_it_is(word):
    extraction = extract(changed(NAME, lambda one: one.update(status=word)), FORMAT)
    assert claims(extraction, "verdict") == [word]


@pytest.mark.parametrize(("ref", "confidence"), [("merge", "low"), ("train", "low"), ("head", "exact")])
def test_the_commit_of_a_merged_results_pipeline_is_a_trial_merge(ref, confidence):
    extraction = extract(changed(NAME, lambda one: one.update(ref=f"refs/merge-requests/12/{ref}")), FORMAT)
    [(commit, how_sure, loss)] = claimed(extraction, "candidate.commit")
    assert (commit, how_sure, loss is None) == (COMMIT, confidence, confidence == "exact")
    assert claims(extraction, "candidate.branch") == []


def test_the_ref_of_a_tag_is_no_branch():
    extraction = extract(changed(NAME, lambda one: one.update(tag=True, ref="v4.12.0-rc.3")), FORMAT)
    assert claims(extraction, "candidate.tag") == ["v4.12.0-rc.3"]
    assert claims(extraction, "candidate.branch") == []


def test_in_a_list_a_ref_may_be_a_branch_or_a_tag():
    short = {key: value for key, value in orjson.loads(sample(NAME)).items() if key in LISTED}
    extraction = extract(orjson.dumps([short, short | {"id": 2, "status": "failed"}]), FORMAT)
    assert [how_sure for _, how_sure, _ in claimed(extraction, "candidate.branch")] == ["low"]
    assert [(claim["subject"], claim["value"]) for claim in rows(extraction, "claims") if claim["field"] == "verdict"] == [
        ("1079491591", "success"),
        ("2", "failed"),
    ]
    assert problems(extraction) == []


LISTED = ("id", "iid", "project_id", "sha", "ref", "status", "source", "created_at", "updated_at", "web_url")


def test_an_unknown_member_is_not_understood():
    assert not_understood(extract(changed(NAME, lambda one: one.update(ring="eu")), FORMAT)) == ["/ring"]


def test_a_commit_status_is_something_else():
    status = {"id": 1, "sha": COMMIT, "ref": "main", "status": "success", "name": "ci", "target_url": None, "allow_failure": False}
    assert recognised(orjson.dumps(status)) == []


def test_drift_is_told():
    assert_drift_is_told(
        NAME, {"/id", "/sha", "/ref", "/status", "/tag", "/web_url", "/detailed_status/group"}, joined={"candidate.branch"}
    )


def test_the_corpus_is_read():
    assert_corpus_is_read(FORMAT, "ci/gitlab-pipelines", least=14)
