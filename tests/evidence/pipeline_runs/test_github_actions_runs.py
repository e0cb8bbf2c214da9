from tests.evidence.pipeline_runs.support import OTHER_COMMIT, assert_corpus_is_read, assert_drift_is_told, assert_read_whole, changed, jobs
from tests.evidence.support import claims, extract, not_understood, problems, rows

NAME, FORMAT = "runs.json", "github-actions-runs"


def test_every_run_is_a_row_and_what_all_say_alike_is_claimed_once():
    extraction = assert_read_whole(NAME, FORMAT)
    assert jobs(extraction) == [("run", None, "release", "success"), ("run", None, "integration", "failure")]
    assert claims(extraction, "candidate.commit") == ["9f2c4e1b7a6d5c3f8e0b1a2d4c6e8f0a1b3c5d7e"]
    assert claims(extraction, "build.id") == ["7714620931", "7714620999"]
    assert [row["attempt"] for row in rows(extraction, "jobs")] == [1, 2]


def test_each_verdict_is_that_of_its_run():
    verdicts = [claim for claim in rows(assert_read_whole(NAME, FORMAT), "claims") if claim["field"] == "verdict"]
    assert [(one["subject"], one["value"]) for one in verdicts] == [("7714620931", "success"), ("7714620999", "failure")]


def test_a_run_on_another_commit_is_claimed_beside_the_others():
    data = changed(NAME, lambda page: page["workflow_runs"][1].update(head_sha=OTHER_COMMIT, head_commit={"id": OTHER_COMMIT}))
    assert claims(extract(data, FORMAT), "candidate.commit") == ["9f2c4e1b7a6d5c3f8e0b1a2d4c6e8f0a1b3c5d7e", OTHER_COMMIT]


def test_runs_that_the_page_leaves_out_are_told():
    extraction = extract(changed(NAME, lambda page: page.update(total_count=31)), FORMAT)
    assert problems(extraction) == [("EVIDENCE_MISSING", "json-pointer:/total_count")]


def test_an_empty_list_is_not_clean():
    extraction = extract(b'{"total_count": 0, "workflow_runs": []}', FORMAT)
    assert [code for code, _ in problems(extraction)] == ["EVIDENCE_EMPTY"]


def test_an_unknown_member_is_not_understood():
    extraction = extract(changed(NAME, lambda page: page["workflow_runs"][0].update(ring="eu")), FORMAT)
    assert not_understood(extraction) == ["/workflow_runs/*/ring"]


def test_drift_is_told():
    each = ("id", "head_sha", "status", "conclusion", "repository")
    assert_drift_is_told(NAME, {"/total_count", "/workflow_runs", *(f"/workflow_runs/*/{key}" for key in each)})


def test_the_corpus_is_read():
    assert_corpus_is_read(FORMAT, "ci/github-actions-runs", least=7, told=["EVIDENCE_MISSING"])
