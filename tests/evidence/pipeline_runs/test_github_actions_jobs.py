from pathlib import Path

from release_staging.parsing import json
from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "jobs.json").read_bytes()
FORMAT = "github-actions-jobs"
COMMIT = "9f2c4e1b7a6d5c3f8e0b1a2d4c6e8f0a1b3c5d7e"


def page():
    return json.parse(SAMPLE)


def read(value):
    return extract(drift.as_json(value), FORMAT)


def test_jobs_and_their_steps_are_rows():
    jobs = rows(extract(SAMPLE, FORMAT), "jobs")
    assert [(row["kind"], row["parent"], row["name"], row["status"], row["locator"]) for row in jobs] == [
        ("job", "release", "test (3.12)", "success", "json-pointer:/jobs/0"),
        ("step", "test (3.12)", "Set up job", "success", "json-pointer:/jobs/0/steps/0"),
        ("step", "test (3.12)", "Run the slow tests", "failure", "json-pointer:/jobs/0/steps/1"),
        ("job", "release", "build", "success", "json-pointer:/jobs/1"),
        ("step", "build", "Build and push", "success", "json-pointer:/jobs/1/steps/0"),
    ]
    assert jobs[0]["finished_at"] == "2026-11-20T08:36:10Z"


def test_what_every_job_says_alike_is_claimed_once():
    extraction = extract(SAMPLE, FORMAT)
    assert claims(extraction, "build.id") == ["7714620931"]
    assert claims(extraction, "candidate.commit") == [COMMIT]
    assert claims(extraction, "candidate.branch") == ["release/4.12"]
    assert claims(extraction, "repository.url") == ["https://github.com/acme-pay/billing-api"]
    assert claims(extraction, "build.url") == ["https://github.com/acme-pay/billing-api/actions/runs/7714620931"]
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_a_job_on_another_commit_is_claimed_beside_the_others():
    value = page()
    value["jobs"][1]["head_sha"] = "0" * 40
    assert claims(read(value), "candidate.commit") == [COMMIT, "0" * 40]


def test_the_jobs_span_from_the_first_start_to_the_last_end():
    said = {claim["field"]: (claim["value"], claim["locator"]) for claim in rows(extract(SAMPLE, FORMAT), "claims")}
    assert said["started_at"] == ("2026-11-20T08:31:30Z", "json-pointer:/jobs/0/started_at")
    assert said["finished_at"] == ("2026-11-20T08:40:59Z", "json-pointer:/jobs/1/completed_at")


def test_while_a_job_runs_there_is_no_end_and_its_status_is_its_word():
    value = page()
    value["jobs"][1] |= {"status": "in_progress", "conclusion": None, "completed_at": None}
    extraction = read(value)
    assert claims(extraction, "finished_at") == []
    assert rows(extraction, "jobs")[3]["status"] == "in_progress"
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_a_list_has_no_verdict_of_its_own():
    assert claims(extract(SAMPLE, FORMAT), "verdict") == []


def test_a_single_job_has_a_verdict():
    extraction = read(page()["jobs"][0])
    [verdict] = [claim for claim in rows(extraction, "claims") if claim["field"] == "verdict"]
    assert (verdict["subject"], verdict["value"], verdict["locator"]) == ("test (3.12)", "success", "json-pointer:/conclusion")
    assert len(rows(extraction, "jobs")) == 3
    assert not_understood(extraction) == []


def test_a_page_that_leaves_jobs_out_is_told():
    extraction = read(page() | {"total_count": 31})
    [problem] = rows(extraction, "problems")
    assert (problem["code"], problem["locator"]) == ("EVIDENCE_MISSING", "json-pointer:/total_count")
    assert "2 of the 31 jobs" in problem["message"]


def test_the_number_in_the_address_of_an_old_job_is_not_that_of_its_run():
    value = page()["jobs"][0] | {"html_url": "https://github.com/acme-pay/billing-api/runs/20545727758?check_suite_focus=true"}
    assert claims(read(value), "build.url") == []


def test_an_unknown_member_is_not_understood():
    value = page()
    value["jobs"][0]["steps"][0]["cpu_seconds"] = 3
    assert not_understood(read(value)) == ["/jobs/*/steps/*/cpu_seconds"]


def test_a_run_and_the_jobs_of_other_systems_are_something_else():
    assert recognised(b'{"total_count": 0, "jobs": []}') == []
    assert recognised(b'{"jobs": [{"name": "a", "status": "passed"}], "total_count": 1}') == []


def test_drift_is_told():
    each = ("run_id", "head_sha", "name", "status", "conclusion", "steps", "steps/*/name", "steps/*/status", "steps/*/conclusion")
    drift.assert_drift_is_told(
        SAMPLE,
        {"/total_count", "/jobs", *(f"/jobs/*/{key}" for key in each)},
        joined={"started_at", "finished_at"},  # of the claims: the first and last of all jobs
    )


def test_the_corpus_is_read_whole():
    for path, extractions in corpus.read_all("ci/github-actions-job", "ci/github-actions-jobs").items():
        assert [extraction.format for extraction in extractions] == [FORMAT], path
        assert extractions[0].loss()["not_understood"] == 0, path
        assert problems(extractions[0]) == [], path
