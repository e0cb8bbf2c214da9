from tests.evidence.pipeline_runs.support import COMMIT, assert_corpus_is_read, assert_drift_is_told, assert_read_whole, changed, jobs, said
from tests.evidence.support import claims, extract, not_understood, problems

NAME, FORMAT = "gitlab-pipeline-event.json", "gitlab-pipeline-event"


def test_an_event_says_what_the_pipeline_ran_on_and_how_it_ended():
    assert said(assert_read_whole(NAME, FORMAT)) == [
        ("build.id", "1079491591", "/object_attributes/id"),
        ("build.url", "https://gitlab.example.com/acme-pay/billing-api/-/pipelines/1079491591", "/object_attributes/url"),
        ("repository.url", "https://gitlab.example.com/acme-pay/billing-api", "/project/web_url"),
        ("candidate.tag", "v4.12.0-rc.3", "/object_attributes/ref"),
        ("candidate.commit", COMMIT, "/object_attributes/sha"),
        ("started_at", "2026-11-20 08:31:20 UTC", "/object_attributes/created_at"),
        ("finished_at", "2026-11-20 08:41:02 UTC", "/object_attributes/finished_at"),
        ("verdict", "success", "/object_attributes/status"),
    ]


def test_a_job_that_may_fail_and_failed_is_failed_and_a_manual_one_did_not_run():
    assert jobs(assert_read_whole(NAME, FORMAT)) == [
        ("run", None, "release", "success"),
        ("job", "test", "unit", "success"),
        ("job", "test", "fuzz", "failed"),
        ("job", "deploy", "production", "manual"),
    ]


def test_a_pipeline_that_passed_over_a_job_that_must_pass_is_a_contradiction():
    data = changed(NAME, lambda event: event["builds"][0].update(status="failed", allow_failure=False))
    assert problems(extract(data, FORMAT)) == [("CONTRADICTION", "json-pointer:/object_attributes/status")]


def test_a_pipeline_that_still_runs_has_no_end():
    extraction = extract(changed(NAME, lambda event: event["object_attributes"].update(status="running", finished_at=None)), FORMAT)
    assert (claims(extraction, "verdict"), claims(extraction, "finished_at")) == (["running"], [])


def test_an_unknown_member_is_not_understood():
    assert not_understood(extract(changed(NAME, lambda event: event["builds"][0].update(ring="eu")), FORMAT)) == ["/builds/*/ring"]


def test_drift_is_told():
    attributes = {f"/object_attributes/{key}" for key in ("id", "ref", "tag", "sha", "status")}
    each = {f"/builds/*/{key}" for key in ("name", "stage", "status")}
    assert_drift_is_told(NAME, {"/object_attributes", "/builds", "/project", "/project/web_url", *attributes, *each})


def test_the_corpus_is_read():
    # The example of the documentation passed over a failed test.
    assert_corpus_is_read(FORMAT, "ci/gitlab-webhook", least=2, told={"CONTRADICTION"})
