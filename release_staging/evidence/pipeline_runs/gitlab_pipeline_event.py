"""GitLab webhook event ``pipeline``: a pipeline and its jobs as they stood when the event was sent.

The jobs stand in ``builds``, ``parent`` of their rows is the stage. ``detailed_status`` ("passed with warnings") is a text for people; that
a job failed which may fail is seen in its row. Values of pipeline variables are never read.
"""

from __future__ import annotations

from release_staging.evidence.pipeline_runs.gitlab import VOCABULARY, claim_ref
from release_staging.evidence.pipeline_runs.runs import Claims, borne_out
from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.tree import SCALARS, Node


def recognise(head: Head) -> str | None:
    return "" if head.text("object_kind") == "pipeline" and head.has("object_attributes") else None


def read(tree: Tree, out: Extract) -> None:
    event, claims = tree.root, Claims(out)
    event.text("object_kind")
    pipeline = event.object("object_attributes", required=True)
    claims.claim("build.id", pipeline["id"], required=True, accept=SCALARS)
    claims.claim("build.url", pipeline["url"])
    claims.claim("repository.url", event.object("project", required=True)["web_url"], required=True)
    claims.commit(pipeline["sha"], claim_ref(claims, pipeline))
    claims.claim("started_at", pipeline["created_at"], loss="the event says when the pipeline was created, not when it began")
    claims.claim("finished_at", pipeline["finished_at"])
    claims.claim("verdict", pipeline["status"], required=True, vocabulary=VOCABULARY)
    name = pipeline.text("name")
    _row(pipeline, "run", name, None, out)
    failed: Node | None = None
    for job in event.items("builds", required=True):
        _row(job, "job", job.text("name", required=True), job.text("stage", required=True), out)
        if job["status"].raw == "failed" and job.flag("allow_failure") is False:
            failed = failed or job
    borne_out(pipeline["status"], pipeline["status"].raw == "success", failed)


def _row(node: Node, kind: str, name: str | None, parent: str | None, out: Extract) -> None:
    out.row(
        "jobs",
        node,
        kind=kind,
        name=name,
        parent=parent,
        status=node.text("status", required=True),
        vocabulary=VOCABULARY,
        started_at=node.text("started_at"),
        finished_at=node.text("finished_at"),
    )


READER = Reader(
    source="pipeline_runs",
    format="gitlab-pipeline-event",
    title="GitLab webhook event pipeline",
    reference="GitLab documentation, Webhook events, Pipeline events",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    revision=2,
    drops={
        "account-detail": ("/user/**", "/builds/*/user/**"),
        "commit-detail": ("/commit/**", "/merge_request/**"),
        "pipeline-variables": ("/object_attributes/variables/**",),
        "pipeline-detail": tuple(
            f"/object_attributes/{key}"
            for key in (
                *("iid", "before_sha", "source", "detailed_status", "stages", "stages/*", "duration", "queued_duration"),
                *("protected_ref",),
            )
        ),
        "other-pipeline": ("/source_pipeline/**",),
        "project-detail": ("/project/**",),
        "job-detail": tuple(
            f"/builds/*/{key}"
            for key in (
                *("id", "created_at", "duration", "queued_duration", "failure_reason", "when", "manual", "allow_failure"),
                *("runner/**", "artifacts_file/**", "environment/**"),
            )
        ),
    },
)
