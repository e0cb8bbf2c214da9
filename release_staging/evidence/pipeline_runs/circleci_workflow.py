"""CircleCI workflow: ``GET /api/v2/workflow/{id}``, or the page of a pipeline's workflows (API v2).

It names no commit, only its pipeline. ``on_hold`` waits for a person; ``unauthorized`` did not run.
"""

from __future__ import annotations

from release_staging.evidence.pipeline_runs import circleci
from release_staging.evidence.pipeline_runs.circleci import VOCABULARY
from release_staging.evidence.pipeline_runs.runs import Claims, prefixed
from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.tree import Node


def recognise(head: Head) -> str | None:
    return "" if {"id", "pipeline_id", "pipeline_number", "project_slug", "status"} <= circleci.first_item(head).keys() else None


def read(tree: Tree, out: Extract) -> None:
    claims = Claims(out)
    for workflow in circleci.items(tree.root, out):
        _workflow(workflow, claims)


def _workflow(workflow: Node, claims: Claims) -> None:
    claims.claim("build.id", workflow["id"], required=True)
    claims.claim("build.id", workflow["pipeline_id"], required=True)
    circleci.claim_project(workflow["project_slug"], claims)
    claims.claim("started_at", workflow["created_at"])
    claims.claim("finished_at", workflow["stopped_at"])
    name = workflow.text("name", required=True)
    claims.claim("verdict", workflow["status"], required=True, vocabulary=VOCABULARY, subject=name)
    claims.out.row(
        "jobs",
        workflow,
        kind="run",
        name=name,
        status=workflow.text("status"),
        vocabulary=VOCABULARY,
        started_at=workflow.text("created_at"),
        finished_at=workflow.text("stopped_at"),
    )


READER = Reader(
    source="pipeline_runs",
    format="circleci-workflow",
    title="CircleCI workflow (API v2)",
    reference="CircleCI API v2, Workflow",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    drops={
        "account-detail": prefixed(circleci.PREFIXES, "/started_by", "/canceled_by", "/errored_by"),
        "workflow-detail": prefixed(circleci.PREFIXES, "/pipeline_number", "/tag", "/auto_rerun_number", "/max_auto_reruns"),
    },
)
