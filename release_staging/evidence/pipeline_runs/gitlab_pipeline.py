"""GitLab pipelines: ``GET /projects/:id/pipelines/:pipeline_id``, or their list (REST API v4).

A pipeline whose jobs failed that may fail says ``success``; only ``detailed_status.group`` says ``success-with-warnings``, and that is
then the word of the verdict. The commit of a merged-results pipeline (``refs/merge-requests/…/merge``) is a trial merge.
"""

from __future__ import annotations

from release_staging.evidence.pipeline_runs.gitlab import PAGE, VOCABULARY, claim_ref
from release_staging.evidence.pipeline_runs.runs import Claims, prefixed
from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.tree import SCALARS, Node

_WARNED = "success-with-warnings"


def recognise(head: Head) -> str | None:
    pipeline = head.get(0) if isinstance(head.root, list) else head.root
    if not isinstance(pipeline, dict) or not {"id", "sha", "ref", "status", "web_url"} <= pipeline.keys():
        return None
    return "" if "/pipelines/" in str(pipeline["web_url"]) and not {"stage", "commit", "pipeline"} & pipeline.keys() else None


def read(tree: Tree, out: Extract) -> None:
    claims = Claims(out)
    listed = isinstance(tree.root.raw, list)
    for pipeline in tree.root.items() if listed else [tree.root]:
        _pipeline(pipeline, claims, pipeline.scalar("id") if listed else None)


def _pipeline(pipeline: Node, claims: Claims, subject: str | None) -> None:
    out = claims.out
    claims.claim("build.id", pipeline["id"], required=True, accept=SCALARS)
    claims.claim("build.url", pipeline["web_url"])
    claims.part("repository.url", pipeline["web_url"], PAGE, "repository")
    claims.commit(pipeline["sha"], claim_ref(claims, pipeline, flagged=pipeline["before_sha"].exists))
    claims.claim("produced_at", pipeline["updated_at"])
    claims.claim("started_at", pipeline["started_at"])
    claims.claim("finished_at", pipeline["finished_at"])
    verdict = _verdict(pipeline)
    claims.claim("verdict", verdict, required=True, vocabulary=VOCABULARY, subject=subject)
    out.row(
        "jobs",
        pipeline,
        kind="run",
        name=pipeline.text("name"),
        status=out.scalar(verdict),
        vocabulary=VOCABULARY,
        started_at=pipeline.text("started_at"),
        finished_at=pipeline.text("finished_at"),
    )


def _verdict(pipeline: Node) -> Node:
    """The place of the pipeline's status, or of what it hides."""
    status, detailed = pipeline.text("status", required=True), pipeline.object("detailed_status")
    group = detailed.text("group", required=detailed.exists)
    return detailed["group"] if status == "success" and group == _WARNED else pipeline["status"]


READER = Reader(
    source="pipeline_runs",
    format="gitlab-pipeline",
    title="GitLab pipeline, or a list of pipelines",
    reference="GitLab REST API v4, Pipelines",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    drops={
        rule: prefixed(("", "/*"), *patterns)
        for rule, patterns in {
            "account-detail": ("/user/**",),
            "pipeline-detail": tuple(
                f"/{key}"
                for key in (
                    *("iid", "project_id", "before_sha", "source", "created_at", "committed_at", "duration", "queued_duration"),
                    *("coverage", "yaml_errors", "archived"),
                )
            ),
            "status-display": tuple(
                f"/detailed_status/{key}"
                for key in ("icon", "text", "label", "tooltip", "has_details", "details_path", "illustration", "illustration/**", "favicon")
            ),
        }.items()
    },
)
