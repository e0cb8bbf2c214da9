import orjson

from tests.evidence.pipeline_runs.support import (
    COMMIT,
    assert_corpus_is_read,
    assert_drift_is_told,
    assert_read_whole,
    changed,
    jobs,
    said,
    sample,
)
from tests.evidence.support import claims, extract, not_understood, recognised

NAME, FORMAT = "gitlab-jobs.json", "gitlab-jobs"


def test_jobs_are_rows_under_their_stage_and_one_that_may_fail_and_failed_is_failed():
    extraction = assert_read_whole(NAME, FORMAT)
    assert jobs(extraction) == [
        ("job", "test", "unit", "success"),
        ("job", "test", "fuzz", "failed"),
        ("job", "build", "build", "success"),
    ]


def test_jobs_say_what_pipeline_and_commit_they_are_of_once():
    assert said(assert_read_whole(NAME, FORMAT)) == [
        ("build.id", "1079491591", "/0/pipeline/id"),
        ("build.url", "https://gitlab.example.com/acme-pay/billing-api/-/pipelines/1079491591", "/0/pipeline/web_url"),
        ("repository.url", "https://gitlab.example.com/acme-pay/billing-api", "/0/pipeline/web_url"),
        ("candidate.branch", "release/4.12", "/0/ref"),
        ("candidate.commit", COMMIT, "/0/commit/id"),
        ("started_at", "2026-11-20T08:31:30.288Z", "/1/started_at"),
        ("finished_at", "2026-11-20T08:40:01.850Z", "/1/finished_at"),
    ]


def test_while_a_job_waits_for_a_person_there_is_no_end():
    extraction = extract(changed(NAME, lambda page: page[2].update(status="manual", started_at=None, finished_at=None)), FORMAT)
    assert jobs(extraction)[2][3] == "manual"
    assert claims(extraction, "finished_at") == []


def test_a_single_job_has_a_verdict():
    extraction = extract(orjson.dumps(orjson.loads(sample(NAME))[1]), FORMAT)
    assert ("verdict", "failed", "/status") in said(extraction)
    assert not_understood(extraction) == []


def test_an_unknown_member_is_not_understood():
    assert not_understood(extract(changed(NAME, lambda page: page[0].update(ring="eu")), FORMAT)) == ["/*/ring"]


def test_a_pipeline_is_something_else():
    assert recognised(sample("gitlab-pipeline.json")) == ["gitlab-pipeline"]


def test_drift_is_told():
    each = ("name", "stage", "status", "ref", "tag", "commit", "commit/id", "pipeline", "pipeline/id")
    assert_drift_is_told(NAME, {f"/*/{key}" for key in each}, joined={"started_at", "finished_at"})


def test_the_corpus_is_read():
    assert_corpus_is_read(FORMAT, "ci/gitlab-jobs", least=10)
