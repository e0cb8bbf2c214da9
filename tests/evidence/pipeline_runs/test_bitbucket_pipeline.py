import pytest

from tests.evidence.pipeline_runs.support import (
    COMMIT,
    assert_corpus_is_read,
    assert_drift_is_told,
    assert_read_whole,
    changed,
    jobs,
    said,
)
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

NAME, STEPS, FORMAT = "bitbucket-pipeline.json", "bitbucket-steps.json", "bitbucket-pipeline"


def test_a_pipeline_says_what_it_ran_on_and_how_it_ended():
    assert said(assert_read_whole(NAME, FORMAT)) == [
        ("build.id", "{5decbbb2-f4e6-4f3a-aab0-f74c40497c51}", "/uuid"),
        ("build.id", "186", "/build_number"),
        ("candidate.commit", COMMIT, "/target/commit/hash"),
        ("candidate.branch", "release/4.12", "/target/ref_name"),
        ("repository.url", "https://bitbucket.org/acme-pay/billing-api", "/repository/links/html/href"),
        ("started_at", "2026-11-20T08:31:20.265164Z", "/created_on"),
        ("finished_at", "2026-11-20T08:41:02.395769Z", "/completed_on"),
        ("verdict", "SUCCESSFUL", "/state/result/name"),
    ]


@pytest.mark.parametrize(
    ("state", "word", "place"),
    [
        ({"name": "IN_PROGRESS", "stage": {"name": "PAUSED"}}, "PAUSED", "/state/stage/name"),
        ({"name": "PENDING"}, "PENDING", "/state/name"),
        ({"name": "COMPLETED", "result": {"name": "STOPPED"}}, "STOPPED", "/state/result/name"),
        ({"name": "ERROR", "result": {"name": "ERROR"}}, "ERROR", "/state/result/name"),
    ],
)
def test_the_word_of_a_state_is_its_result_else_its_stage_else_its_name(state, word, place):
    extraction = extract(changed(NAME, lambda pipeline: pipeline.update(state=state)), FORMAT)
    assert ("verdict", word, place) in said(extraction)
    assert jobs(extraction)[0][3] == word


def test_a_completed_pipeline_without_result_is_told():
    extraction = extract(changed(NAME, lambda pipeline: pipeline.update(state={"name": "COMPLETED"})), FORMAT)
    assert claims(extraction, "verdict") == []
    assert problems(extraction)[0] == ("SCHEMA_DRIFT", "json-pointer:/state/result")


def test_steps_are_jobs_of_their_pipeline_and_an_attempt_is_a_number():
    extraction = assert_read_whole(STEPS, FORMAT)
    assert [(row["name"], row["status"], row["attempt"]) for row in rows(extraction, "jobs")] == [
        ("Test", "FAILED", 1),
        ("Build", "SUCCESSFUL", 2),
    ]
    assert claims(extraction, "build.id") == ["{5decbbb2-f4e6-4f3a-aab0-f74c40497c51}"]
    assert claims(extraction, "candidate.commit") == claims(extraction, "verdict") == []


def test_a_further_page_is_told():
    extraction = extract(changed(STEPS, lambda page: page.update(next="https://api.example.com/2")), FORMAT)
    assert problems(extraction) == [("EVIDENCE_MISSING", "json-pointer:/next")]


def test_a_deployment_is_something_else():
    assert recognised(b'{"type": "deployment", "uuid": "{1}", "state": {"name": "COMPLETED"}}') == []


def test_an_unknown_member_is_not_understood():
    assert not_understood(extract(changed(NAME, lambda pipeline: pipeline.update(ring="eu")), FORMAT)) == ["/ring"]


def test_drift_is_told():
    required = ("uuid", "target", "target/commit", "target/commit/hash", "state", "state/name", "state/result", "state/result/name")
    assert_drift_is_told(NAME, {f"/{key}" for key in required})
    each = ("name", "pipeline", "pipeline/uuid", "state", "state/name", "state/result", "state/result/name")
    assert_drift_is_told(STEPS, {"/values", *(f"/values/*/{key}" for key in each)}, joined={"started_at", "finished_at"})


def test_the_corpus_is_read():
    assert_corpus_is_read(FORMAT, "ci/bitbucket-pipelines", least=16)
