"""GitHub Actions jobs: ``GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs``, or a single job (REST API 2022-11-28).

A list is one page of a run's jobs: ``total_count`` says how many there are. A job whose step failed under ``continue-on-error`` ends
in ``success``; the rows of its steps show it. Words of ``status`` and ``conclusion`` share one vocabulary, as in ``github_actions_run``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from release_staging.evidence.pipeline_runs.github_actions_run import VOCABULARY, word_of
from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.tree import SCALARS, Node
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code

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
    root = tree.root
    jobs = list(_jobs(root, out))
    said: set[tuple[str, str]] = set()
    for job in jobs:
        _identity(job, out, said)
        _rows(job, out)
    _times(jobs, out)
    if not root["jobs"].exists:
        out.claim("verdict", word_of(root), subject=root.text("name"), vocabulary=VOCABULARY, required=True)


def _jobs(root: Node, out: Extract) -> Iterator[Node]:
    """The jobs of a page, or the only one; what the page leaves out is told."""
    if not root["jobs"].exists:
        yield root
        return
    jobs, total = list(root.items("jobs", required=True)), root.integer("total_count", required=True)
    if total is not None and total != len(jobs):
        out.problem(
            Code.EVIDENCE_MISSING,
            f"the document holds {len(jobs)} of the {total} jobs of its run: add the other pages",
            root["total_count"],
            expected=f"{total} jobs",
            found=f"{len(jobs)} jobs",
        )
    yield from jobs


def _identity(job: Node, out: Extract, said: set[tuple[str, str]]) -> None:
    def once(field: str, text: str | None) -> bool:
        new = text is not None and (field, text) not in said
        said.update([(field, text)] if text is not None else [])
        return new

    for field, (key, required) in _IDENTITY.items():
        if once(field, job.scalar(key, required=required)):
            out.claim(field, job[key], accept=SCALARS)
    page = _PAGE.match(job.text("html_url") or "")
    for field, part in (("repository.url", "repository"), ("build.url", "run")) if page else ():
        if page and once(field, page[part]):
            loss = f"the address of the job is cut down to its {part}"
            out.claim(field, job["html_url"], value=page[part], confidence=Confidence.DERIVED, loss=loss)


def _times(jobs: list[Node], out: Extract) -> None:
    """From the first start to the last end, where every job has ended. GitHub writes them all in UTC, so text order is time order."""
    starts = [job for job in jobs if job.text("started_at")]
    ends = [job for job in jobs if job.text("completed_at")]
    if starts:
        first = min(starts, key=lambda job: job.text("started_at") or "")
        out.claim("started_at", first["started_at"], loss=_among(jobs, "first"))
    if ends and len(ends) == len(jobs):
        last = max(ends, key=lambda job: job.text("completed_at") or "")
        out.claim("finished_at", last["completed_at"], loss=_among(jobs, "last"))


def _among(jobs: list[Node], which: str) -> str | None:
    return f"the {which} of {len(jobs)} jobs" if len(jobs) > 1 else None


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
