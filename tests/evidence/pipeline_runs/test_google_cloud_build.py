import orjson
import pytest

from tests.evidence.pipeline_runs.support import (
    COMMIT,
    DIGEST,
    OTHER_COMMIT,
    assert_drift_is_told,
    assert_read_whole,
    changed,
    jobs,
    said,
    sample,
)
from tests.evidence.support import claims, extract, not_understood, problems, rows

NAME, FORMAT = "google-cloud-build.json", "google-cloud-build"
IMAGE = "registry.example.com/billing/billing-api:4.12.0-rc.3"


def test_a_build_says_what_it_built_from_what():
    assert said(assert_read_whole(NAME, FORMAT)) == [
        ("build.id", "e9c4f4df-3f43-41d2-ab3a-60fe2e5a0001", "/id"),
        ("build.url", "https://console.cloud.google.com/cloud-build/builds/e9c4f4df?project=1", "/logUrl"),
        ("candidate.commit", COMMIT, "/sourceProvenance/resolvedRepoSource/commitSha"),
        ("candidate.commit", COMMIT, "/substitutions/COMMIT_SHA"),
        ("candidate.branch", "release/4.12", "/substitutions/BRANCH_NAME"),
        ("artifact.reference", IMAGE, "/results/images/0/name"),
        ("artifact.digest", DIGEST, "/results/images/0/digest"),
        ("started_at", "2026-11-20T08:31:22.123456789Z", "/startTime"),
        ("finished_at", "2026-11-20T08:41:02.123456Z", "/finishTime"),
        ("verdict", "SUCCESS", "/status"),
    ]


def test_steps_are_rows_and_one_that_waits_is_no_success():
    build = "e9c4f4df-3f43-41d2-ab3a-60fe2e5a0001"
    assert jobs(assert_read_whole(NAME, FORMAT)) == [
        ("run", None, None, "SUCCESS"),
        ("step", build, "build", "SUCCESS"),
        ("step", build, "gcr.io/cloud-builders/docker", "QUEUED"),
    ]


@pytest.mark.parametrize(("allowed", "told"), [({}, ["CONTRADICTION"]), ({"allowFailure": True}, []), ({"allowExitCodes": [1]}, [])])
def test_a_build_that_passed_above_a_step_that_failed_is_told_unless_the_step_may(allowed, told):
    extraction = extract(changed(NAME, lambda build: build["steps"][0].update(status="FAILURE", **allowed)), FORMAT)
    assert [code for code, _ in problems(extraction)] == told


@pytest.mark.parametrize("word", ["FAILURE", "INTERNAL_ERROR", "TIMEOUT", "CANCELLED", "WORKING", "STATUS_UNKNOWN"])
def test_a_status_is_carried_as_the_word_it_is(word):
    assert claims(extract(changed(NAME, lambda build: build.update(status=word)), FORMAT), "verdict") == [word]


def test_a_substitution_that_names_another_commit_is_claimed_beside_the_source():
    extraction = extract(changed(NAME, lambda build: build["substitutions"].update(COMMIT_SHA=OTHER_COMMIT)), FORMAT)
    assert claims(extraction, "candidate.commit") == [COMMIT, OTHER_COMMIT]


def test_builds_of_a_list_are_told_apart_by_id():
    build = orjson.loads(sample(NAME))
    extraction = extract(orjson.dumps([build, build | {"id": "2", "status": "FAILURE"}]), FORMAT)
    verdicts = [(claim["subject"], claim["value"]) for claim in rows(extraction, "claims") if claim["field"] == "verdict"]
    assert verdicts == [("e9c4f4df-3f43-41d2-ab3a-60fe2e5a0001", "SUCCESS"), ("2", "FAILURE")]
    assert not_understood(extraction) == []


def test_an_unknown_member_is_not_understood():
    assert not_understood(extract(changed(NAME, lambda build: build.update(ring="eu")), FORMAT)) == ["/ring"]


def test_drift_is_told():
    required = {"/id", "/status", "/steps", "/steps/*/name", "/results/images/*/name", "/results/images/*/digest"}
    assert_drift_is_told(NAME, required, joined={"name"})
