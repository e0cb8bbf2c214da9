"""CircleCI pipeline: ``GET /api/v2/pipeline/{id}``, or a page of them (API v2).

A pipeline names the commit, and says no more than that its workflows were created: ``created`` is not a success. How they ended stands in
its workflows. A pipeline whose configuration could not be read (``errored``) may have no ``vcs``.
"""

from __future__ import annotations

from release_staging.evidence.pipeline_runs import circleci
from release_staging.evidence.pipeline_runs.runs import Claims, prefixed
from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.tree import Node

_VOCABULARY = "circleci-pipeline-state"


def recognise(head: Head) -> str | None:
    return "" if {"id", "project_slug", "state", "number", "trigger"} <= circleci.first_item(head).keys() else None


def read(tree: Tree, out: Extract) -> None:
    claims = Claims(out)
    for pipeline in circleci.items(tree.root, out):
        _pipeline(pipeline, claims)


def _pipeline(pipeline: Node, claims: Claims) -> None:
    out = claims.out
    claims.claim("build.id", pipeline["id"], required=True)
    circleci.claim_project(pipeline["project_slug"], claims)
    begun = pipeline.text("state", required=True) != "errored"
    source = pipeline.object("vcs", required=begun)
    claims.commit(source["revision"], required=begun)
    claims.claim("repository.url", source["target_repository_url"])
    claims.claim("repository.url", source["origin_repository_url"])
    claims.claim("candidate.branch", source["branch"])
    claims.claim("candidate.tag", source["tag"])
    claims.claim("started_at", pipeline["created_at"])
    claims.claim("produced_at", pipeline["updated_at"])
    claims.claim("verdict", pipeline["state"], vocabulary=_VOCABULARY, subject=pipeline.text("id"))
    out.row(
        "jobs",
        pipeline,
        kind="run",
        status=pipeline.text("state"),
        vocabulary=_VOCABULARY,
        started_at=pipeline.text("created_at"),
    )


READER = Reader(
    source="pipeline_runs",
    format="circleci-pipeline",
    title="CircleCI pipeline (API v2)",
    reference="CircleCI API v2, Pipeline",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    drops={
        rule: prefixed(circleci.PREFIXES, *patterns)
        for rule, patterns in {
            "what-started-it": ("/trigger/**", "/trigger_parameters/**"),
            "commit-detail": ("/vcs/commit/**", "/vcs/provider_name", "/vcs/review_id", "/vcs/review_url"),
            "pipeline-detail": ("/number", "/errors/**", "/warnings/**"),
        }.items()
    },
)
