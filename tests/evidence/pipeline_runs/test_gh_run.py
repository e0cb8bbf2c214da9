"""Workflow runs as ``gh run view --json`` and ``gh run list --json`` write them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.evidence import drift
from tests.evidence.pipeline_runs.support import COMMIT, REPOSITORY, claimed, jobs
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

FORMAT = "gh-run"
URL = f"{REPOSITORY}/actions/runs/7714620931"
STEP = {"name": "test", "status": "completed", "conclusion": "success", "number": 1}
JOB = {
    "databaseId": 21,
    "name": "unit",
    "status": "completed",
    "conclusion": "success",
    "startedAt": "2026-11-20T10:00:10Z",
    "completedAt": "2026-11-20T10:03:00Z",
    "steps": [STEP],
    "url": f"{URL}/job/21",
}


def run(**changes: Any) -> dict[str, Any]:
    told = {"databaseId": 7714620931, "number": 42, "attempt": 2, "event": "push", "workflowName": "release", "displayTitle": "t"}
    where = {"headBranch": "main", "headSha": COMMIT, "url": URL, "status": "completed", "conclusion": "failure"}
    times = {"createdAt": "2026-11-20T10:00:00Z", "startedAt": "2026-11-20T10:00:00Z", "updatedAt": "2026-11-20T10:03:01Z"}
    return {**told, **where, **times, "jobs": [JOB], **changes}


def read(value: Any) -> Any:
    return extract(drift.as_json(value), FORMAT)


def test_a_run_says_what_it_ran_on_and_how_it_ended() -> None:
    extraction = read(run())
    assert recognised(drift.as_json(run())) == [FORMAT]
    assert [claims(extraction, field) for field in ("build.id", "build.attempt", "candidate.commit", "candidate.branch", "verdict")] == [
        *(["7714620931"], ["2"], [COMMIT], ["main"], ["failure"])
    ]
    assert (claims(extraction, "repository.url"), claims(extraction, "finished_at")) == ([REPOSITORY], ["2026-11-20T10:03:01Z"])
    assert jobs(extraction) == [
        ("run", None, "release", "failure"),
        ("job", "release", "unit", "success"),
        ("step", "unit", "test", "success"),
    ]
    assert problems(extraction) == not_understood(extraction) == []


def test_a_run_that_goes_on_has_no_conclusion_and_no_end() -> None:
    waits = JOB | {"status": "queued", "conclusion": "", "startedAt": "0001-01-01T00:00:00Z", "completedAt": None, "steps": []}
    extraction = read(run(status="in_progress", conclusion="", jobs=[waits]))
    assert (claims(extraction, "verdict"), claims(extraction, "finished_at")) == (["in_progress"], [])
    assert [(row["status"], row["started_at"], row["finished_at"]) for row in rows(extraction, "jobs")] == [
        ("in_progress", "2026-11-20T10:00:00Z", None),
        ("queued", None, None),
    ]
    assert problems(extraction) == not_understood(extraction) == []


def test_the_verdicts_of_a_list_are_each_of_their_run() -> None:
    extraction = read([run(), run(databaseId=5, conclusion="success", event="pull_request")])
    assert [(row["subject"], row["value"]) for row in rows(extraction, "claims") if row["field"] == "verdict"] == [
        ("7714620931", "failure"),
        ("5", "success"),
    ]
    assert claimed(read(run(event="pull_request")), "candidate.commit") == [(COMMIT, "exact", "the run checked out a trial merge of it")]


@pytest.mark.parametrize("fields", [("headSha", "status"), ("status", "conclusion"), ()])
def test_fields_that_do_not_say_what_ran_or_how_it_ended_are_left(fields: tuple[str, ...]) -> None:
    assert recognised(drift.as_json({key: run()[key] for key in fields})) == []


def test_an_unknown_member_is_not_understood() -> None:
    assert not_understood(read(run(ring="eu"))) == ["/ring"]


def test_drift_is_told() -> None:
    each = {f"/jobs/*/{key}" for key in ("name", "status", "conclusion", "steps")}
    steps = {f"/jobs/*/steps/*/{key}" for key in ("name", "status", "conclusion")}
    drift.assert_drift_is_told(drift.as_json(run()), {"/headSha", "/status", "/conclusion", *each, *steps}, joined={"name", "parent"})
