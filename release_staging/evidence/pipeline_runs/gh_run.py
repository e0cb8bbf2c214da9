"""GitHub Actions workflow runs as the GitHub CLI writes them: ``gh run view --json ...``, or the array of ``gh run list --json ...``.

Whoever asks chooses the fields: a run without its commit, status and conclusion is not read. ``conclusion`` is empty until the run is
completed. Words and traps are those of ``github_actions_run``; of several runs the subject of a verdict is the id of its run.
"""

from __future__ import annotations

import re
from typing import Any

from release_staging.evidence import times
from release_staging.evidence.pipeline_runs.github_actions_run import VOCABULARY
from release_staging.evidence.pipeline_runs.runs import Claims, first_node
from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.tree import SCALARS, Node

_KEYS = {"headSha", "status", "conclusion"}
_PAGE = re.compile(r"(?P<repository>https://[^/]+/[^/]+/[^/]+)/actions/runs/\d+")


def recognise(head: Head) -> str | None:
    runs = head.first() if isinstance(head.root, list) else [head.root]
    return "" if runs and all(map(_is_run, runs)) else None


def _is_run(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() >= _KEYS


def read(tree: Tree, out: Extract) -> None:
    claims = Claims(out)
    runs = list(tree.root.items()) if isinstance(tree.root.raw, list) else [tree.root]
    for run in runs:
        _run(run, claims, run.scalar("databaseId") if len(runs) > 1 else None)


def _run(run: Node, claims: Claims, subject: str | None) -> None:
    out = claims.out
    claims.claim("build.id", run["databaseId"], accept=SCALARS)
    claims.claim("build.url", run["url"])
    claims.part("repository.url", run["url"], _PAGE, "repository")
    claims.claim("build.attempt", run["attempt"], accept=SCALARS)
    merged = run.text("event") == "pull_request"
    claims.claim("candidate.commit", run["headSha"], required=True, loss="the run checked out a trial merge of it" if merged else None)
    claims.claim("candidate.branch", run["headBranch"])
    started = times.text(run, "startedAt")
    if started is not None:
        claims.claim("started_at", run["startedAt"])
    claims.claim("produced_at", run["updatedAt"])
    completed = run.text("status", required=True) == "completed"
    word = _word(run)
    claims.claim("verdict", word, required=True, vocabulary=VOCABULARY, subject=subject)
    if completed:
        claims.claim("finished_at", run["updatedAt"], loss="the run says when it last changed, not when it ended")
    name = run.text("workflowName") or run.text("name")
    ended = run.text("updatedAt") if completed else None
    out.row(
        *("jobs", run),
        kind="run",
        name=name,
        status=out.scalar(word),
        vocabulary=VOCABULARY,
        attempt=run.integer("attempt"),
        started_at=started,
        finished_at=ended,
    )
    for job in run.items("jobs"):
        job_name = job.text("name", required=True)
        _part(job, "job", job_name, name, out)
        for step in job.items("steps", required=True):
            _part(step, "step", step.text("name", required=True), job_name, out)


def _part(node: Node, kind: str, name: str | None, parent: str | None, out: Extract) -> None:
    node.text("status", required=True)
    out.row(
        *("jobs", node),
        kind=kind,
        name=name,
        parent=parent,
        status=out.scalar(_word(node), required=True),
        vocabulary=VOCABULARY,
        started_at=times.text(node, "startedAt"),
        finished_at=times.text(node, "completedAt"),
    )


def _word(node: Node) -> Node:
    """The place of the word that says how a run, a job or a step stands: its conclusion, or its status while there is none."""
    node["conclusion"].holds(str, True)
    return first_node(node["conclusion"], node["status"])


READER = Reader(
    source="pipeline_runs",
    format="gh-run",
    title="GitHub Actions workflow run, from the GitHub CLI",
    reference="cli/cli, pkg/cmd/run/shared: Run.ExportData",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    drops={
        rule: tuple(start + pattern for start in ("", "/*") for pattern in patterns)
        for rule, patterns in {
            "run-detail": ("/name", "/displayTitle", "/number", "/workflowDatabaseId", "/createdAt"),
            "job-detail": ("/jobs/*/databaseId", "/jobs/*/url", "/jobs/*/steps/*/number"),
        }.items()
    },
)
