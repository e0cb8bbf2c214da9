from pathlib import Path

import pytest

from release_staging.parsing import json
from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "run.json").read_bytes()
FORMAT = "github-actions-run"
REPOSITORY = "https://github.com/acme-pay/billing-api"


def read(**changes):
    return extract(drift.as_json(json.parse(SAMPLE) | changes), FORMAT)


def test_a_run_says_what_it_ran_on_and_how_it_ended():
    extraction = extract(SAMPLE, FORMAT)
    said = {
        claim["field"]: (claim["value"], claim["locator"]) for claim in rows(extraction, "claims") if claim["field"] != "build.workflow"
    }
    assert said == {
        "build.id": ("7714620931", "json-pointer:/id"),
        "build.url": (f"{REPOSITORY}/actions/runs/7714620931", "json-pointer:/html_url"),
        "build.attempt": ("1", "json-pointer:/run_attempt"),
        "candidate.commit": ("9f2c4e1b7a6d5c3f8e0b1a2d4c6e8f0a1b3c5d7e", "json-pointer:/head_sha"),
        "candidate.branch": ("release/4.12", "json-pointer:/head_branch"),
        "repository.url": (REPOSITORY, "json-pointer:/head_repository/html_url"),
        "started_at": ("2026-11-20T08:31:20Z", "json-pointer:/run_started_at"),
        "produced_at": ("2026-11-20T08:41:02Z", "json-pointer:/updated_at"),
        "finished_at": ("2026-11-20T08:41:02Z", "json-pointer:/updated_at"),
        "verdict": ("success", "json-pointer:/conclusion"),
    }
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_a_run_names_its_workflow_and_those_that_it_called():
    found = {claim["value"]: claim["locator"] for claim in rows(extract(SAMPLE, FORMAT), "claims") if claim["field"] == "build.workflow"}
    assert found == {
        "github.com/acme-pay/billing-api/.github/workflows/release.yml": "json-pointer:/path",
        "github.com/acme-pay/ci/.github/workflows/build.yml": "json-pointer:/referenced_workflows/0/path",
    }


def test_a_run_that_does_not_list_what_it_called_names_no_workflow():
    without = json.parse(SAMPLE)
    del without["referenced_workflows"]
    assert claims(extract(drift.as_json(without), FORMAT), "build.workflow") == []


def test_the_run_is_a_row():
    [run] = rows(extract(SAMPLE, FORMAT), "jobs")
    assert run == {
        "locator": "json-pointer:",
        "kind": "run",
        "name": "release",
        "parent": None,
        "status": "success",
        "vocabulary": "github-conclusion",
        "attempt": 1,
        "started_at": "2026-11-20T08:31:20Z",
        "finished_at": "2026-11-20T08:41:02Z",
    }


@pytest.mark.parametrize(
    "conclusion", ["failure", "cancelled", "skipped", "neutral", "timed_out", "action_required", "stale", "startup_failure"]
)
def test_a_conclusion_is_carried_as_the_word_it_is(conclusion):
    extraction = read(conclusion=conclusion)
    assert claims(extraction, "verdict") == [conclusion]
    assert rows(extraction, "jobs")[0]["status"] == conclusion


def test_a_run_in_progress_has_no_end_and_its_status_is_its_verdict():
    extraction = read(status="in_progress", conclusion=None)
    [verdict] = [claim for claim in rows(extraction, "claims") if claim["field"] == "verdict"]
    assert (verdict["value"], verdict["locator"]) == ("in_progress", "json-pointer:/status")
    assert claims(extraction, "finished_at") == []
    assert rows(extraction, "jobs")[0]["finished_at"] is None
    assert not_understood(extraction) == []


def test_a_run_whose_conclusion_is_gone_has_no_verdict():
    run = json.parse(SAMPLE)
    del run["conclusion"]
    extraction = extract(drift.as_json(run), FORMAT)
    assert claims(extraction, "verdict") == []
    assert problems(extraction) == [("SCHEMA_DRIFT", "json-pointer:/conclusion")]


def test_a_commit_of_a_fork_is_claimed_for_the_fork_too():
    fork = json.parse(SAMPLE)["head_repository"] | {"html_url": "https://github.com/someone/billing-api"}
    assert claims(read(head_repository=fork), "repository.url") == [REPOSITORY, "https://github.com/someone/billing-api"]


def test_no_person_and_no_commit_message_is_copied():
    extraction = extract(SAMPLE, FORMAT)
    copied = str([rows(extraction, table) for table in extraction.tables])
    for personal in ("dev-one", "dev.one@example.com", "Dev One", "Round invoices"):
        assert personal not in copied


def test_an_unknown_member_is_not_understood():
    repository = json.parse(SAMPLE)["repository"] | {"archived": True}
    assert not_understood(read(deployment_ring="eu", repository=repository)) == ["/deployment_ring", "/repository/archived"]


def test_a_webhook_and_a_list_of_runs_are_something_else():
    assert FORMAT not in recognised(b'{"action": "completed", "workflow_run": ' + SAMPLE + b"}")
    assert FORMAT not in recognised(b'{"total_count": 1, "workflow_runs": [' + SAMPLE + b"]}")


def test_the_run_of_a_pull_request_says_that_it_checked_out_a_trial_merge():
    extraction = read(event="pull_request")
    [commit] = [claim for claim in rows(extraction, "claims") if claim["field"] == "candidate.commit"]
    assert commit["loss"] == "the run checked out a trial merge of it"


def test_drift_is_told():
    drift.assert_drift_is_told(SAMPLE, {"/id", "/head_sha", "/conclusion", "/status", "/repository"})


def test_the_corpus_is_read_whole():
    for path, extractions in corpus.read_all("ci/github-actions-run").items():
        assert [extraction.format for extraction in extractions] == [FORMAT], path
        assert extractions[0].loss()["not_understood"] == 0, path
        assert problems(extractions[0]) == [], path


def test_a_head_commit_that_is_not_the_runs_own_is_claimed_beside_it():
    assert claims(read(head_commit={"id": "0" * 40}), "candidate.commit") == ["9f2c4e1b7a6d5c3f8e0b1a2d4c6e8f0a1b3c5d7e", "0" * 40]
