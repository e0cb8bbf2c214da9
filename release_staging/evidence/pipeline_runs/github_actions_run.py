"""GitHub Actions workflow run: ``GET /repos/{owner}/{repo}/actions/runs/{run_id}`` (REST API 2022-11-28).

A run says which commit it ran on and how it ended; never which artifact it built. ``conclusion`` is null until the run is completed:
its ``status`` then is the word of the verdict (``github-conclusion`` holds the words of both). ``head_repository`` is another one than
``repository`` where the commit comes from a fork, so both are claimed. An attempt above 1 hides how the attempts before it ended.
A run of the event ``pull_request`` names the head of the pull request, and has checked out a trial merge of it.
Its workflow, and those that it called, are claimed together or not at all: where the run does not list what it called (older API), a
provenance by a workflow that it does not name proves nothing.
"""

from __future__ import annotations

from release_staging.evidence import workflows
from release_staging.evidence.pipeline_runs.runs import Claims, prefixed
from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.tree import SCALARS, Node
from release_staging.model.confidence import Confidence

VOCABULARY = "github-conclusion"
_REPOSITORIES = ("repository", "head_repository")


def recognise(head: Head) -> str | None:
    return "" if head.has("head_sha", "run_number", "workflow_id", "event") else None


def read(tree: Tree, out: Extract) -> None:
    read_run(tree.root, Claims(out))


def read_run(run: Node, claims: Claims, subject: str | None = None) -> None:
    """One run; ``subject`` tells its verdict from those of others in the document."""
    out = claims.out
    claims.claim("build.id", run["id"], required=True, accept=SCALARS)
    claims.claim("build.url", run["html_url"])
    claims.claim("build.attempt", run["run_attempt"], accept=SCALARS)
    merged = run.text("event") == "pull_request"
    claims.claim("candidate.commit", run["head_sha"], required=True, loss="the run checked out a trial merge of it" if merged else None)
    head = run.object("head_commit")["id"]  # the same commit again; one that differs is claimed beside it, and contradicts it
    if out.scalar(head) != run["head_sha"].raw:
        claims.claim("candidate.commit", head)
    claims.claim("candidate.branch", run["head_branch"])
    for name in _REPOSITORIES:
        claims.claim("repository.url", run.object(name, required=name == "repository")["html_url"])
    _workflows(run, claims)
    claims.claim("started_at", run["run_started_at"])
    claims.claim("produced_at", run["updated_at"])
    verdict = word_of(run)
    claims.claim("verdict", verdict, required=True, vocabulary=VOCABULARY, subject=subject)
    completed = run.text("status", required=True) == "completed"
    if completed:
        claims.claim("finished_at", run["updated_at"], loss="the run says when it last changed, not when it ended")
    out.row(
        "jobs",
        run,
        kind="run",
        name=run.text("name"),
        status=out.scalar(verdict),
        vocabulary=VOCABULARY,
        attempt=run.integer("run_attempt"),
        started_at=run.text("run_started_at"),
        finished_at=run.text("updated_at") if completed else None,
    )


def _workflows(run: Node, claims: Claims) -> None:
    """The workflow of the run and those that it called, where it lists them."""
    repository, path = run["repository"].text("html_url") or "", run.text("path") or ""
    every = list(run.items("referenced_workflows"))
    if type(run["referenced_workflows"].raw) is list:
        _workflow(run["path"], workflows.in_repository(repository, path), claims)
    for called in every:
        _workflow(called["path"], workflows.called(repository, called.text("path") or ""), claims)


def _workflow(place: Node, workflow: str | None, claims: Claims) -> None:
    if workflow is not None:
        loss = "host and repository added, the revision taken off"
        claims.claim("build.workflow", place, value=workflow, confidence=Confidence.DERIVED, loss=loss)


def word_of(node: Node) -> Node:
    """The place of the word that says how a run, a job or a step stands: its conclusion, or its status while there is none."""
    conclusion = node["conclusion"]
    if conclusion.raw is None:
        conclusion.mark()
        return node["status"]
    return conclusion


def run_drops(prefix: str = "") -> dict[str, tuple[str, ...]]:
    """What is left out of a run that stands at ``prefix``."""
    return {
        rule: prefixed((prefix,), *patterns)
        for rule, patterns in {
            "api-link": ("/*_url", "/url", *(f"/{name}/{key}" for name in _REPOSITORIES for key in ("url", "*_url"))),
            "account-detail": (
                *("/actor/**", "/triggering_actor/**", "/head_commit/author/**", "/head_commit/committer/**"),
                *(f"/{name}/owner/**" for name in _REPOSITORIES),
            ),
            "repository-detail": tuple(
                f"/{name}/{key}"
                for name in _REPOSITORIES
                for key in ("id", "node_id", "name", "full_name", "private", "description", "fork")
            ),
            "commit-detail": tuple(f"/head_commit/{key}" for key in ("tree_id", "message", "timestamp")),
            "run-detail": (
                *("/node_id", "/check_suite_id", "/check_suite_node_id", "/display_title", "/path", "/run_number", "/head_repository_id"),
                *("/workflow_id", "/created_at", "/pull_requests/**"),
            ),
            "reusable-workflow": tuple(f"/referenced_workflows{key}" for key in ("", "/*/path", "/*/sha", "/*/ref")),
        }.items()
    }


READER = Reader(
    source="pipeline_runs",
    format="github-actions-run",
    title="GitHub Actions workflow run",
    reference="GitHub REST API, Get a workflow run",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    revision=3,
    drops=run_drops(),
)
