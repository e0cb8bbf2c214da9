"""CircleCI jobs: ``GET /api/v2/workflow/{id}/job`` (a page), one of them, or ``GET /api/v2/project/{slug}/job/{number}`` (API v2).

The jobs of a workflow name neither commit nor run: what binds them is the packet's descriptor. The details of one job name its pipeline.
"""

from __future__ import annotations

from release_staging.evidence.pipeline_runs import circleci
from release_staging.evidence.pipeline_runs.circleci import VOCABULARY
from release_staging.evidence.pipeline_runs.runs import Claims, prefixed
from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.tree import Node


def recognise(head: Head) -> str | None:
    keys = circleci.first_item(head).keys()
    listed = {"dependencies", "project_slug", "name", "status", "type"} <= keys
    return "" if listed or {"latest_workflow", "project", "pipeline", "parallel_runs", "status"} <= keys else None


def read(tree: Tree, out: Extract) -> None:
    root, claims = tree.root, Claims(out)
    jobs = list(circleci.items(root, out))
    for job in jobs:
        _job(job, claims)
    claims.span(jobs, "started_at", "stopped_at")
    if not root["items"].exists:
        out.claim("verdict", root["status"], required=True, vocabulary=VOCABULARY, subject=root.text("name"))


def _job(job: Node, claims: Claims) -> None:
    project = job.object("project")
    circleci.claim_project(project["slug"] if project.exists else job["project_slug"], claims)
    workflow = job.object("latest_workflow")
    claims.claim("build.id", workflow["id"])
    claims.claim("build.id", job.object("pipeline")["id"])
    claims.claim("build.url", job["web_url"])
    claims.out.row(
        "jobs",
        job,
        kind="job",
        name=job.text("name", required=True),
        parent=workflow.text("name"),
        status=job.text("status", required=True),
        vocabulary=VOCABULARY,
        started_at=job.text("started_at"),
        finished_at=job.text("stopped_at"),
    )


READER = Reader(
    source="pipeline_runs",
    format="circleci-job",
    title="CircleCI jobs (API v2)",
    reference="CircleCI API v2, Get a workflow's jobs; Get job details",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    drops={
        rule: prefixed(circleci.PREFIXES, *patterns)
        for rule, patterns in {
            "job-detail": (
                *("/id", "/number", "/job_number", "/type", "/created_at", "/queued_at", "/duration", "/parallelism", "/dependencies/**"),
                *("/parallel_runs/**", "/executor/**", "/contexts/**", "/messages/**", "/organization/**", "/requires/**"),
                *("/approval_request_id",),
            ),
            "account-detail": ("/approved_by", "/canceled_by"),
            "project-detail": ("/project/id", "/project/name", "/project/external_url"),
        }.items()
    },
)
