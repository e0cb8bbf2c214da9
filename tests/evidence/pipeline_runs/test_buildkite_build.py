import orjson
import pytest

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
from tests.evidence.support import claims, extract, not_understood, problems, rows

NAME, FORMAT = "buildkite-build.json", "buildkite-build"


def test_a_build_says_what_it_ran_on_and_how_it_ended():
    assert said(assert_read_whole(NAME, FORMAT)) == [
        ("build.id", "f62a1b4d-10f9-4790-bc1c-e2c3a0c80983", "/id"),
        ("build.url", "https://buildkite.com/acme/billing-api/builds/157", "/web_url"),
        ("candidate.commit", COMMIT, "/commit"),
        ("candidate.branch", "release/4.12", "/branch"),
        ("candidate.tag", "v4.12.0-rc.3", "/tag"),
        ("repository.url", "git@github.com:acme-pay/billing-api.git", "/pipeline/repository"),
        ("started_at", "2026-11-20T08:31:22.000Z", "/started_at"),
        ("finished_at", "2026-11-20T08:41:02.000Z", "/finished_at"),
        ("verdict", "passed", "/state"),
    ]


def test_a_job_that_failed_softly_is_told_beside_a_build_that_passed():
    assert jobs(assert_read_whole(NAME, FORMAT)) == [
        ("run", None, "billing release", "passed"),
        ("job", "billing release", "unit", "passed"),
        ("job", "billing release", "fuzz", "soft_failed"),
    ]


def test_a_build_that_passed_over_a_failed_job_is_a_contradiction_unless_it_was_run_again():
    def failed(build, *, again):
        build["jobs"][0].update(state="failed", soft_failed=False, retried=again)

    told = extract(changed(NAME, lambda build: failed(build, again=False)), FORMAT)
    assert problems(told) == [("CONTRADICTION", "json-pointer:/state")]
    assert problems(extract(changed(NAME, lambda build: failed(build, again=True)), FORMAT)) == []


def test_a_build_that_waits_at_a_block_has_not_passed():
    extraction = extract(changed(NAME, lambda build: build.update(blocked=True)), FORMAT)
    assert ("verdict", "blocked", "/blocked") in said(extraction)
    assert jobs(extraction)[0][3] == "blocked"


def test_without_the_flag_nobody_knows_whether_it_passed():
    extraction = extract(changed(NAME, lambda build: build.update(blocked=None)), FORMAT)
    assert "passed" not in claims(extraction, "verdict")
    assert problems(extraction) == [("SCHEMA_DRIFT", "json-pointer:/blocked")]


@pytest.mark.parametrize("word", ["failed", "canceled", "skipped", "not_run", "running", "failing"])
def test_a_state_is_carried_as_the_word_it_is(word):
    assert claims(extract(changed(NAME, lambda build: build.update(state=word)), FORMAT), "verdict") == [word]


def test_head_is_no_commit():
    extraction = extract(changed(NAME, lambda build: build.update(commit="HEAD")), FORMAT)
    assert claims(extraction, "candidate.commit") == []
    assert (problems(extraction), not_understood(extraction)) == ([], [])


def test_builds_of_a_list_are_told_apart_by_id():
    build = orjson.loads(sample(NAME))
    extraction = extract(orjson.dumps([build, build | {"id": "2", "state": "failed"}]), FORMAT)
    verdicts = [(claim["subject"], claim["value"]) for claim in rows(extraction, "claims") if claim["field"] == "verdict"]
    assert verdicts == [("f62a1b4d-10f9-4790-bc1c-e2c3a0c80983", "passed"), ("2", "failed")]


def test_an_unknown_member_is_not_understood():
    assert not_understood(extract(changed(NAME, lambda build: build.update(ring="eu")), FORMAT)) == ["/ring"]


def test_drift_is_told():
    required = ("id", "state", "blocked", "commit", "pipeline", "jobs", "jobs/*/state", "jobs/*/type", "jobs/*/soft_failed")
    assert_drift_is_told(NAME, {f"/{key}" for key in required}, joined={"name"})


def test_the_corpus_is_read():
    assert_corpus_is_read(FORMAT, "ci/buildkite-build", least=4)
