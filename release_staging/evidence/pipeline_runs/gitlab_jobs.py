"""GitLab jobs: ``GET /projects/:id/pipelines/:pipeline_id/jobs`` (or ``/bridges``), or a single job (REST API v4).

``parent`` of a row is the stage. A job that may fail (``allow_failure``) and failed is ``failed``. A list has no verdict of its own. What
started a downstream pipeline (a bridge) speaks of another project: that pipeline is not read.
"""

from __future__ import annotations

from release_staging.evidence.pipeline_runs.gitlab import PAGE, VOCABULARY, claim_ref
from release_staging.evidence.pipeline_runs.runs import Claims, prefixed
from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.tree import SCALARS, Node


def recognise(head: Head) -> str | None:
    job = head.get(0) if isinstance(head.root, list) else head.root
    known = isinstance(job, dict) and {"id", "name", "stage", "status", "ref", "commit", "pipeline"} <= job.keys()
    return "" if known and isinstance(job["pipeline"], dict) else None


def read(tree: Tree, out: Extract) -> None:
    claims = Claims(out)
    listed = isinstance(tree.root.raw, list)
    jobs = list(tree.root.items()) if listed else [tree.root]
    for job in jobs:
        _job(job, claims)
    claims.span(jobs, "started_at", "finished_at")
    if not listed:
        out.claim("verdict", tree.root["status"], required=True, vocabulary=VOCABULARY, subject=tree.root.text("name"))


def _job(job: Node, claims: Claims) -> None:
    pipeline = job.object("pipeline", required=True)
    claims.claim("build.id", pipeline["id"], required=True, accept=SCALARS)
    claims.claim("build.url", pipeline["web_url"])
    claims.part("repository.url", pipeline["web_url"], PAGE, "repository")
    ref = claim_ref(claims, job)
    claims.commit(job.object("commit", required=True)["id"], pipeline.text("ref") or ref)
    claims.out.row(
        "jobs",
        job,
        kind="job",
        name=job.text("name", required=True),
        parent=job.text("stage", required=True),
        status=job.text("status", required=True),
        vocabulary=VOCABULARY,
        started_at=job.text("started_at"),
        finished_at=job.text("finished_at"),
    )


READER = Reader(
    source="pipeline_runs",
    format="gitlab-jobs",
    title="GitLab jobs of a pipeline",
    reference="GitLab REST API v4, Jobs",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    revision=2,
    drops={
        rule: prefixed(("", "/*"), *patterns)
        for rule, patterns in {
            "account-detail": ("/user/**",),
            "commit-detail": tuple(
                f"/commit/{key}"
                for key in (
                    *("short_id", "created_at", "parent_ids", "parent_ids/*", "title", "message", "author_*", "authored_date"),
                    *("committer_*", "committed_date", "web_url", "trailers/**", "extended_trailers/**"),
                )
            ),
            "job-detail": tuple(
                f"/{key}"
                for key in (
                    *("id", "web_url", "created_at", "erased_at", "duration", "queued_duration", "coverage", "allow_failure"),
                    *("failure_reason", "tag_list", "tag_list/*", "artifacts_expire_at", "archived", "source", "project/**"),
                )
            ),
            "pipeline-detail": tuple(
                f"/pipeline/{key}" for key in ("iid", "project_id", "sha", "status", "source", "created_at", "updated_at")
            ),
            "runner-detail": ("/runner/**", "/runner_manager/**"),
            "job-files": ("/artifacts/**", "/artifacts_file/**"),
            "downstream-pipeline": ("/downstream_pipeline/**",),
        }.items()
    },
)
