import orjson
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
    sample,
)
from tests.evidence.support import claims, extract, not_understood, problems, rows

NAME, FORMAT = "azure-devops-build.json", "azure-devops-build"


def test_a_build_says_what_it_ran_on_and_how_it_ended():
    assert said(assert_read_whole(NAME, FORMAT)) == [
        ("build.id", "1812", "/id"),
        ("build.url", "https://dev.azure.com/acme/1/_build/results?buildId=1812", "/_links/web/href"),
        ("candidate.commit", COMMIT, "/sourceVersion"),
        ("candidate.branch", "release/4.12", "/sourceBranch"),
        ("repository.url", REPOSITORY, "/repository/id"),
        ("started_at", "2026-11-20T08:31:25.2237625Z", "/startTime"),
        ("finished_at", "2026-11-20T08:41:02.0061884Z", "/finishTime"),
        ("verdict", "succeeded", "/result"),
    ]
    assert jobs(assert_read_whole(NAME, FORMAT)) == [("run", None, "release", "succeeded")]


@pytest.mark.parametrize("word", ["partiallySucceeded", "failed", "canceled", "none"])
def test_a_result_is_carried_as_the_word_it_is(word):
    assert claims(extract(changed(NAME, lambda build: build.update(result=word)), FORMAT), "verdict") == [word]


def test_a_build_in_progress_is_its_status():
    def running(build):
        build["status"] = "inProgress"
        del build["result"], build["finishTime"]

    extraction = extract(changed(NAME, running), FORMAT)
    assert (claims(extraction, "verdict"), claims(extraction, "finished_at")) == (["inProgress"], [])
    assert problems(extraction) == []


def test_the_commit_of_a_pull_request_is_a_trial_merge():
    extraction = extract(changed(NAME, lambda build: build.update(sourceBranch="refs/pull/12/merge")), FORMAT)
    [(commit, confidence, loss)] = claimed(extraction, "candidate.commit")
    assert (commit, confidence) == (COMMIT, "low")
    assert "trial merge" in loss
    assert claims(extraction, "candidate.branch") == []


def test_the_ref_of_a_tag_is_a_tag():
    extraction = extract(changed(NAME, lambda build: build.update(sourceBranch="refs/tags/v4.12.0-rc.3")), FORMAT)
    assert claims(extraction, "candidate.tag") == ["v4.12.0-rc.3"]


def test_builds_of_a_list_are_told_apart_by_id():
    build = orjson.loads(sample(NAME))
    extraction = extract(orjson.dumps({"count": 2, "value": [build, build | {"id": 1813, "result": "failed"}]}), FORMAT)
    verdicts = [(claim["subject"], claim["value"]) for claim in rows(extraction, "claims") if claim["field"] == "verdict"]
    assert verdicts == [("1812", "succeeded"), ("1813", "failed")]
    assert not_understood(extraction) == []


def test_an_unknown_member_is_not_understood():
    assert not_understood(extract(changed(NAME, lambda build: build.update(ring="eu")), FORMAT)) == ["/ring"]


def test_drift_is_told():
    required = ("id", "status", "result", "sourceVersion", "sourceBranch", "definition", "repository", "repository/id")
    assert_drift_is_told(NAME, {f"/{key}" for key in required})


def test_the_corpus_is_read():
    assert_corpus_is_read(FORMAT, "ci/azure-devops-build", least=5)
