"""Buildkite build: ``GET /v2/organizations/{org}/pipelines/{pipeline}/builds/{number}``, or a list of builds (REST API v2).

A build that waits at a block step says ``passed`` with ``blocked: true``: ``blocked`` is then its word. A job that may fail and failed
(``soft_failed``) is ``soft_failed`` here, and its build passes all the same. ``commit`` may be ``HEAD``, which names none. Waiters and
blocks have no state of a job; retried jobs are rows too.
"""

from __future__ import annotations

from release_staging.evidence.pipeline_runs.runs import Claims, borne_out, prefixed
from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.tree import Node

_VOCABULARY = "buildkite-state"
_BLOCKED, _SOFT_FAILED = "blocked", "soft_failed"
_FAILED = ("failed", "timed_out")
_RUNS_NOTHING = ("waiter", "manual")


def recognise(head: Head) -> str | None:
    build = head.get(0) if isinstance(head.root, list) else head.root
    known = isinstance(build, dict) and {"web_url", "number", "state", "blocked", "commit", "jobs", "pipeline"} <= build.keys()
    return "" if known else None


def read(tree: Tree, out: Extract) -> None:
    claims = Claims(out)
    listed = isinstance(tree.root.raw, list)
    for build in tree.root.items() if listed else [tree.root]:
        _build(build, claims, build.text("id") if listed else None)


def _build(build: Node, claims: Claims, subject: str | None) -> None:
    out = claims.out
    claims.claim("build.id", build["id"], required=True)
    claims.claim("build.url", build["web_url"])
    claims.commit(build["commit"])
    claims.claim("candidate.branch", build["branch"])
    claims.claim("candidate.tag", build["tag"])
    pipeline = build.object("pipeline", required=True)
    claims.claim("repository.url", pipeline["repository"])
    claims.claim("started_at", build["started_at"])
    claims.claim("finished_at", build["finished_at"])
    state, blocked = build.text("state", required=True), build.flag("blocked", required=True)
    waits = state == "passed" and blocked is not False
    word = _BLOCKED if waits else state
    if waits:
        claims.claim("verdict", build["blocked"], value=word, vocabulary=_VOCABULARY, subject=subject, accept=(bool,))
    else:
        claims.claim("verdict", build["state"], vocabulary=_VOCABULARY, subject=subject)
    name = pipeline.text("name")
    _row(build, "run", name, None, word, out)
    failed: Node | None = None
    for job in build.items("jobs", required=True):
        if job.text("type", required=True) not in _RUNS_NOTHING:
            word = _word(job)
            _row(job, "job", job.text("name") or job.text("step_key"), name, word, out)
            if word in _FAILED and job.flag("retried") is not True:
                failed = failed or job
    borne_out(build["state"], state == "passed", failed)


def _word(job: Node) -> str | None:
    state = job.text("state", required=True)
    return _SOFT_FAILED if job.flag("soft_failed", required=job["type"].raw == "script") and state in ("passed", "failed") else state


def _row(node: Node, kind: str, name: str | None, parent: str | None, word: str | None, out: Extract) -> None:
    out.row(
        "jobs",
        node,
        kind=kind,
        name=name,
        parent=parent,
        status=word,
        vocabulary=_VOCABULARY,
        started_at=node.text("started_at"),
        finished_at=node.text("finished_at"),
    )


_JOB = (
    *("id", "graphql_id", "step/**", "group_key", "agent_query_rules/**", "web_url", "log_url", "raw_log_url", "artifacts_url", "command"),
    *("exit_status", "artifact_paths", "agent", "agent/**", "created_at", "scheduled_at", "runnable_at", "expired_at", "retried"),
    *("retried_in_job_id", "retries_count", "retry_source", "retry_source/**", "retry_type", "parallel_group_*", "matrix", "matrix/**"),
    *("cluster_*", "signal", "signal_reason", "cancel_reason", "unblock*", "unblocked_by/**", "priority/**", "triggered_build/**"),
    *("build_url", "promised_exit_status*", "async", "step_key", "label", "fields/**"),
)
_BUILD = (
    *("graphql_id", "number", "cancel_reason", "message", "source", "created_at", "scheduled_at", "failing_at", "pull_request"),
    *("pull_request/**", "merge_queue", "merge_queue/**", "rebuilt_from", "rebuilt_from/**", "job_state_counts/**", "cluster_*"),
    *("triggered_from", "triggered_from/**", "test_engine/**", "annotations_url", "retried_jobs_count", "cluster/**"),
)

READER = Reader(
    source="pipeline_runs",
    format="buildkite-build",
    title="Buildkite build",
    reference="Buildkite REST API v2, Builds",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    revision=2,
    drops={
        rule: prefixed(("", "/*"), *patterns)
        for rule, patterns in {
            "account-detail": ("/creator/**", "/author/**"),
            "api-link": ("/url",),
            # They may hold secrets.
            "build-environment": ("/env/**", "/meta_data/**"),
            "build-detail": tuple(f"/{key}" for key in _BUILD),
            "job-detail": tuple(f"/jobs/*/{key}" for key in _JOB),
            "pipeline-detail": tuple(
                f"/pipeline/{key}"
                for key in (
                    *("id", "graphql_id", "url", "web_url", "slug", "provider/**", "*_builds*", "builds_url", "badge_url", "created_by/**"),
                    *("*_jobs_count", "archived_at", "created_at", "env", "env/**", "description", "default_*", "visibility", "tags/**"),
                    *(
                        "cluster_*",
                        "steps/**",
                        "configuration",
                        "emoji",
                        "color",
                        "allow_rebuilds",
                        "pipeline_template_uuid",
                        "branch_configuration",
                    ),
                )
            ),
        }.items()
    },
)
