"""GitHub Actions jobs: ``GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs``, or a single job (REST API 2022-11-28).

A list is one page of a run's jobs: ``total_count`` says how many there are. A job whose step failed under ``continue-on-error`` ends
in ``success``; the rows of its steps show it. Words of ``status`` and ``conclusion`` share one vocabulary, as in ``github_actions_run``.
"""

from __future__ import annotations

import re

from release_staging.evidence.pipeline_runs.github_actions_run import VOCABULARY, word_of
from release_staging.evidence.pipeline_runs.runs import Claims, paged
from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.tree import SCALARS, Node

# The page of a job begins with its repository, and since 2021 with its run: before, the number after /runs/ was the job's own.
_PAGE = re.compile(r"(?P<run>(?P<repository>https://[^/]+/[^/]+/[^/]+)/actions/runs/\d+)/jobs?/")

# Claims that every job of a run makes alike; one that differs from the others is claimed beside them.
_IDENTITY = {
    "build.id": ("run_id", True),
    "build.attempt": ("run_attempt", False),
    "candidate.commit": ("head_sha", True),
    "candidate.branch": ("head_branch", False),
}


def recognise(head: Head) -> str | None:
    jobs = head.get("jobs")
    job = head.get("jobs", 0) if head.has("total_count") and isinstance(jobs, list) else head.root
    return "" if isinstance(job, dict) and {"run_id", "head_sha", "steps", "run_url"} <= job.keys() else None


def read(tree: Tree, out: Extract) -> None:
    root, claims = tree.root, Claims(out)
    jobs = list(paged(root, "jobs", out)) if root["jobs"].exists else [root]
    for job in jobs:
        _identity(job, claims)
        _rows(job, out)
    claims.span(jobs, "started_at", "completed_at")
    if not root["jobs"].exists:
        out.claim("verdict", word_of(root), subject=root.text("name"), vocabulary=VOCABULARY, required=True)


def _identity(job: Node, claims: Claims) -> None:
    for field, (key, required) in _IDENTITY.items():
        claims.claim(field, job[key], accept=SCALARS, required=required)
    claims.part("repository.url", job["html_url"], _PAGE, "repository")
    claims.part("build.url", job["html_url"], _PAGE, "run")


def _rows(job: Node, out: Extract) -> None:
    name = job.text("name", required=True)
    _row(job, "job", name, job.text("workflow_name"), out)
    for step in job.items("steps", required=True):
        _row(step, "step", step.text("name", required=True), name, out)


def _row(node: Node, kind: str, name: str | None, parent: str | None, out: Extract) -> None:
    node.text("status", required=True)
    out.row(
        "jobs",
        node,
        kind=kind,
        name=name,
        parent=parent,
        status=out.scalar(word_of(node), required=True),
        vocabulary=VOCABULARY,
        attempt=node.integer("run_attempt"),
        started_at=node.text("started_at"),
        finished_at=node.text("completed_at"),
    )


READER = Reader(
    source="pipeline_runs",
    format="github-actions-jobs",
    title="GitHub Actions jobs of a workflow run",
    reference="GitHub REST API, List jobs for a workflow run",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    drops={
        rule: tuple(prefix + key for prefix in ("", "/jobs/*") for key in keys)
        for rule, keys in {
            "api-link": ("/url", "/run_url", "/check_run_url"),
            "runner-detail": ("/runner_id", "/runner_name", "/runner_group_id", "/runner_group_name", "/labels", "/labels/*"),
            "job-detail": ("/id", "/node_id", "/created_at", "/steps/*/number"),
        }.items()
    },
)
