import pytest

from tests.evidence.pipeline_runs.support import (
    COMMIT,
    REPOSITORY,
    assert_corpus_is_read,
    assert_drift_is_told,
    assert_read_whole,
    changed,
    claimed,
    jobs,
    said,
)
from tests.evidence.support import claims, extract, not_understood, problems

PIPELINE, WORKFLOWS, JOBS, JOB = "circleci-pipeline.json", "circleci-workflows.json", "circleci-jobs.json", "circleci-job.json"
ID = "7fcc1623-edcc-4a76-ad20-cd81aa83519f"
WORKFLOW = "c7df82a6-0d2b-4e19-a36a-3f3aa9fd3943"
SLUG = "the slug of the project written as the address of its repository"


def test_a_pipeline_names_the_commit():
    assert said(assert_read_whole(PIPELINE, "circleci-pipeline")) == [
        ("build.id", ID, "/id"),
        ("repository.url", REPOSITORY, "/project_slug"),
        ("candidate.commit", COMMIT, "/vcs/revision"),
        ("repository.url", REPOSITORY, "/vcs/target_repository_url"),
        ("repository.url", REPOSITORY, "/vcs/origin_repository_url"),
        ("candidate.branch", "release/4.12", "/vcs/branch"),
        ("started_at", "2026-11-20T08:31:21.404Z", "/created_at"),
        ("produced_at", "2026-11-20T08:31:21.590Z", "/updated_at"),
        ("verdict", "created", "/state"),
    ]


def test_a_pipeline_whose_configuration_could_not_be_read_needs_no_commit():
    def errored(pipeline):
        pipeline["state"] = "errored"
        del pipeline["vcs"]

    extraction = extract(changed(PIPELINE, errored), "circleci-pipeline")
    assert (claims(extraction, "verdict"), problems(extraction)) == (["errored"], [])


def test_a_slug_of_circleci_own_is_no_address():
    extraction = extract(changed(PIPELINE, lambda one: one.update(project_slug="circleci/8xQ1/9yZ2")), "circleci-pipeline")
    assert SLUG not in [loss for _, _, loss in claimed(extraction, "repository.url")]


@pytest.mark.parametrize("word", ["on_hold", "not_run", "canceled", "unauthorized", "failing"])
def test_a_workflow_carries_its_own_word(word):
    extraction = extract(changed(WORKFLOWS, lambda page: page["items"][0].update(status=word)), "circleci-workflow")
    assert claims(extraction, "verdict") == [word]
    assert jobs(extraction) == [("run", None, "release", word)]


def test_a_workflow_names_its_pipeline_and_no_commit():
    extraction = assert_read_whole(WORKFLOWS, "circleci-workflow")
    assert claims(extraction, "build.id") == [WORKFLOW, ID]
    assert claims(extraction, "candidate.commit") == []
    assert claimed(extraction, "repository.url") == [(REPOSITORY, "derived", SLUG)]


def test_jobs_are_rows_and_name_neither_run_nor_commit():
    extraction = assert_read_whole(JOBS, "circleci-job")
    assert jobs(extraction) == [("job", None, "test", "success"), ("job", None, "build", "infrastructure_fail")]
    assert claims(extraction, "build.id") == claims(extraction, "candidate.commit") == claims(extraction, "verdict") == []
    assert (claims(extraction, "started_at"), claims(extraction, "finished_at")) == (["2026-11-20T08:31:24Z"], ["2026-11-20T08:40:59Z"])


def test_the_details_of_a_job_name_its_pipeline():
    extraction = assert_read_whole(JOB, "circleci-job")
    assert claims(extraction, "build.id") == [WORKFLOW, ID]
    assert jobs(extraction) == [("job", "release", "test", "success")]
    assert claims(extraction, "verdict") == ["success"]


@pytest.mark.parametrize(("name", "format_id"), [(WORKFLOWS, "circleci-workflow"), (JOBS, "circleci-job")])
def test_a_further_page_is_told(name, format_id):
    extraction = extract(changed(name, lambda page: page.update(next_page_token="AARLwwX")), format_id)
    assert problems(extraction) == [("EVIDENCE_MISSING", "json-pointer:/next_page_token")]


def test_an_unknown_member_is_not_understood():
    assert not_understood(extract(changed(PIPELINE, lambda one: one.update(ring="eu")), "circleci-pipeline")) == ["/ring"]
    assert not_understood(extract(changed(JOBS, lambda page: page["items"][0].update(ring="eu")), "circleci-job")) == ["/items/*/ring"]


def test_drift_is_told():
    assert_drift_is_told(PIPELINE, {f"/{key}" for key in ("id", "project_slug", "state", "vcs", "vcs/revision")})
    assert_drift_is_told(WORKFLOWS, {"/items", *(f"/items/*/{key}" for key in ("id", "pipeline_id", "project_slug", "name", "status"))})
    times = {"started_at", "finished_at"}
    assert_drift_is_told(JOBS, {"/items", *(f"/items/*/{key}" for key in ("name", "project_slug", "status"))}, joined=times)
    assert_drift_is_told(JOB, {"/name", "/project", "/project/slug", "/status"})


@pytest.mark.parametrize(("format_id", "least"), [("circleci-pipeline", 3), ("circleci-workflow", 4), ("circleci-job", 4)])
def test_the_corpus_is_read(format_id, least):
    assert_corpus_is_read(format_id, "ci/circleci-api", least=least)
