"""GitHub Actions workflow runs: ``GET /repos/{owner}/{repo}/actions/runs``, one page (REST API 2022-11-28).

Every run is a row, and claims what it ran on: a list over several commits speaks of several candidates, and says so. The subject of a
verdict is the id of its run. Words and traps are those of ``github_actions_run``.
"""

from __future__ import annotations

from release_staging.evidence.pipeline_runs.github_actions_run import read_run, run_drops
from release_staging.evidence.pipeline_runs.runs import Claims, paged
from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree


def recognise(head: Head) -> str | None:
    return "" if head.has("total_count", "workflow_runs") else None


def read(tree: Tree, out: Extract) -> None:
    claims = Claims(out)
    for run in paged(tree.root, "workflow_runs", out):
        read_run(run, claims, run.scalar("id"))


READER = Reader(
    source="pipeline_runs",
    format="github-actions-runs",
    title="GitHub Actions workflow runs, a page of the list",
    reference="GitHub REST API, List workflow runs for a repository",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    revision=2,
    drops=run_drops("/workflow_runs/*"),
)
