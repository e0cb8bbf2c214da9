import pytest

from tests.evidence.pipeline_runs.support import (
    COMMIT,
    OTHER_COMMIT,
    assert_corpus_is_read,
    assert_drift_is_told,
    assert_read_whole,
    changed,
    claimed,
    jobs,
    said,
)
from tests.evidence.support import claims, extract, not_understood, problems, rows

NAME, FORMAT = "jenkins-build.json", "jenkins-build"
CHECKOUT = 3  # where the git plugin's action stands in the sample


def test_a_build_says_what_it_checked_out_and_how_it_ended():
    assert said(assert_read_whole(NAME, FORMAT)) == [
        ("build.id", "57", "/id"),
        ("build.url", "https://jenkins.example.com/job/billing/job/release/57/", "/url"),
        ("candidate.commit", COMMIT, "/actions/3/lastBuiltRevision/SHA1"),
        ("candidate.branch", "release/4.12", "/actions/3/lastBuiltRevision/branch/0/name"),
        ("repository.url", "https://github.com/acme-pay/billing-api.git", "/actions/3/remoteUrls/0"),
        ("verdict", "SUCCESS", "/result"),
        ("started_at", "2026-11-20T08:31:20.198000Z", "/timestamp"),
        ("finished_at", "2026-11-20T08:41:01.380000Z", "/timestamp"),
    ]


def test_the_build_is_a_row():
    [run] = rows(assert_read_whole(NAME, FORMAT), "jobs")
    assert (run["kind"], run["name"], run["status"]) == ("run", "billing » release #57", "SUCCESS")
    assert (run["started_at"], run["finished_at"]) == ("2026-11-20T08:31:20.198000Z", "2026-11-20T08:41:01.380000Z")


@pytest.mark.parametrize("word", ["UNSTABLE", "FAILURE", "ABORTED", "NOT_BUILT"])
def test_a_result_is_carried_as_the_word_it_is(word):
    assert claims(extract(changed(NAME, lambda build: build.update(result=word)), FORMAT), "verdict") == [word]


def test_a_build_that_still_runs_is_building_and_has_no_end():
    extraction = extract(changed(NAME, lambda build: build.update(result=None, building=True, duration=0)), FORMAT)
    assert ("verdict", "BUILDING", "/building") in said(extraction)
    assert jobs(extraction)[0][3] == "BUILDING"
    assert claims(extraction, "finished_at") == []
    assert (problems(extraction), not_understood(extraction)) == ([], [])


def test_a_result_of_null_of_a_build_that_is_over_is_told():
    extraction = extract(changed(NAME, lambda build: build.update(result=None)), FORMAT)
    assert claims(extraction, "verdict") == []
    assert problems(extraction) == [("SCHEMA_DRIFT", "json-pointer:/result")]


def library(build, sha):
    build["actions"].append({**build["actions"][CHECKOUT], "remoteUrls": ["https://github.com/acme-pay/pipeline-library.git"]})
    build["actions"][-1]["lastBuiltRevision"] = {"SHA1": sha, "branch": [{"SHA1": sha, "name": "main"}]}


def test_of_several_checkouts_none_is_taken_for_the_candidate():
    extraction = extract(changed(NAME, lambda build: library(build, OTHER_COMMIT)), FORMAT)
    assert claims(extraction, "candidate.commit") == claims(extraction, "repository.url") == []
    assert problems(extraction) == [("LOW_CONFIDENCE", "json-pointer:/actions/3")]


def test_two_checkouts_of_one_commit_agree():
    extraction = extract(changed(NAME, lambda build: build["actions"].append(build["actions"][CHECKOUT])), FORMAT)
    assert claims(extraction, "candidate.commit") == [COMMIT]
    assert problems(extraction) == []


def test_the_commit_of_a_pull_request_may_be_a_trial_merge():
    def pull_request(build):
        build["actions"][CHECKOUT]["lastBuiltRevision"]["branch"][0]["name"] = "PR-12"

    extraction = extract(changed(NAME, pull_request), FORMAT)
    assert claimed(extraction, "candidate.commit") == [(COMMIT, "low", "of a pull request: its head, or a trial merge of it")]
    assert claims(extraction, "candidate.branch") == []


def test_an_unknown_member_is_not_understood():
    assert not_understood(extract(changed(NAME, lambda build: build.update(ring="eu")), FORMAT)) == ["/ring"]


def test_drift_is_told():
    revision = "/actions/*/lastBuiltRevision"
    required = {"/actions", "/number", "/result", "/timestamp", "/duration", revision, f"{revision}/SHA1"}
    assert_drift_is_told(NAME, required, joined={"build.id"})


def test_the_corpus_is_read():
    assert_corpus_is_read(FORMAT, "ci/jenkins-api", least=12)
