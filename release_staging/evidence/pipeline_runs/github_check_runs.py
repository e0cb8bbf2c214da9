"""GitHub check runs: ``GET /repos/{owner}/{repo}/commits/{ref}/check-runs`` or of a check suite, or a single one (REST API 2022-11-28).

A check is what an app (GitHub Actions among them) says of a commit; it names no CI run. ``parent`` of a row is the app. A list is one
page. Words are those of ``github_actions_run``: branch protection counts ``neutral`` and ``skipped`` as passing, this project does not.
"""

from __future__ import annotations

import re

from release_staging.evidence.pipeline_runs.github_actions_run import VOCABULARY, word_of
from release_staging.evidence.pipeline_runs.runs import Claims, paged, prefixed
from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.tree import Node

_PAGE = re.compile(r"(?P<repository>https://[^/]+/[^/]+/[^/]+)/(?:actions/)?runs/\d+")


def recognise(head: Head) -> str | None:
    if head.has("total_count") and isinstance(head.get("check_runs"), list):
        return ""
    return "" if head.has("head_sha", "check_suite", "app", "output", "external_id") else None


def read(tree: Tree, out: Extract) -> None:
    root, claims = tree.root, Claims(out)
    listed = root["check_runs"].exists
    checks = list(paged(root, "check_runs", out)) if listed else [root]
    for check in checks:
        _check(check, claims)
    claims.span(checks, "started_at", "completed_at")
    if not listed:
        out.claim("verdict", word_of(root), subject=root.text("name"), vocabulary=VOCABULARY, required=True)


def _check(check: Node, claims: Claims) -> None:
    out = claims.out
    claims.claim("candidate.commit", check["head_sha"], required=True)
    claims.part("repository.url", check["html_url"], _PAGE, "repository")
    check.text("status", required=True)
    out.row(
        "jobs",
        check,
        kind="job",
        name=check.text("name", required=True),
        parent=check.object("app").text("name"),
        status=out.scalar(word_of(check), required=True),
        vocabulary=VOCABULARY,
        started_at=check.text("started_at"),
        finished_at=check.text("completed_at"),
    )


READER = Reader(
    source="pipeline_runs",
    format="github-check-runs",
    title="GitHub check runs",
    reference="GitHub REST API, List check runs for a Git reference",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    drops={
        rule: prefixed(("", "/check_runs/*"), *patterns)
        for rule, patterns in {
            "api-link": ("/url", "/details_url", "/check_suite/url"),
            "check-detail": ("/id", "/node_id", "/external_id", "/check_suite/**", "/pull_requests/**", "/deployment/**"),
            "app-detail": tuple(
                f"/app/{key}"
                for key in (
                    *("id", "slug", "node_id", "client_id", "description", "external_url", "html_url", "created_at", "updated_at"),
                    *("owner/**", "permissions/**", "events/**"),
                )
            ),
            "output-text": tuple(f"/output/{key}" for key in ("title", "summary", "text", "annotations_count", "annotations_url")),
        }.items()
    },
)
