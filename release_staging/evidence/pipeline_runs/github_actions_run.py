"""GitHub Actions workflow run: ``GET /repos/{owner}/{repo}/actions/runs/{run_id}`` (REST API 2022-11-28)."""

from __future__ import annotations

from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.tree import SCALARS


def recognise(head: Head) -> str | None:
    return "" if head.has("head_sha", "run_number", "workflow_id", "event") else None


def read(tree: Tree, out: Extract) -> None:
    run = tree.root
    out.claim("build.id", run["id"], required=True, accept=SCALARS)
    out.claim("build.url", run["html_url"])
    out.claim("build.attempt", run["run_attempt"], accept=SCALARS)
    out.claim("candidate.commit", run["head_sha"], required=True)
    out.claim("candidate.branch", run["head_branch"])
    out.claim("repository.url", run["repository"]["html_url"])
    out.claim("started_at", run["run_started_at"])
    out.claim("finished_at", run["updated_at"])
    out.claim("produced_at", run["updated_at"])
    # `conclusion` is null until the run completed; then its status says how far it is.
    verdict = run["conclusion"] if run["conclusion"].raw is not None else run["status"]
    out.claim("verdict", verdict, required=True, vocabulary="github-conclusion")
    run.text("status")
    out.row(
        "jobs",
        run,
        kind="run",
        name=run.text("name"),
        status=out.scalar(verdict),
        vocabulary="github-conclusion",
        attempt=run.integer("run_attempt"),
        started_at=run.text("run_started_at"),
        finished_at=run.text("updated_at"),
    )


READER = Reader(
    source="pipeline_runs",
    format="github-actions-run",
    title="GitHub Actions workflow run",
    reference="GitHub REST API, Get a workflow run",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    drops={
        "api-link": ("/*_url", "/url", "/repository/*_url", "/head_repository/*_url"),
        "account-detail": ("/actor/**", "/triggering_actor/**", "/repository/owner/**", "/head_repository/owner/**"),
        "run-detail": (
            "/node_id",
            "/check_suite*",
            "/display_title",
            "/path",
            "/run_number",
            "/workflow_id",
            "/created_at",
            "/pull_requests/**",
        ),
    },
    summarises={
        "commit-detail": ("/head_commit/**",),
        "repository-detail": ("/repository/**", "/head_repository/**"),
        "workflow-detail": ("/event", "/referenced_workflows/**"),
    },
)
