"""Azure DevOps build: ``GET {project}/_apis/build/builds/{buildId}``, or a list of builds (REST API 5.0 to 7.2).

``status`` says whether a build is over, ``result`` how it ended; while there is no result the status is the word (``azure-devops-build``
holds the words of both). ``partiallySucceeded`` is a build in which steps failed that may fail. The build of a pull request
(``refs/pull/…/merge``) works on a trial merge. ``id`` identifies a build; ``buildNumber`` is a name that a pipeline may choose.
"""

from __future__ import annotations

import re

from release_staging.evidence.pipeline_runs.runs import Claims, first_node, prefixed
from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.tree import SCALARS, Node
from release_staging.model.confidence import Confidence

_VOCABULARY = "azure-devops-build"
_SLUG = re.compile(r"[\w.-]+/[\w.-]+\Z")


def recognise(head: Head) -> str | None:
    build = head.get("value", 0) if head.has("count", "value") else head.root
    known = isinstance(build, dict) and {"buildNumber", "definition", "sourceVersion", "status"} <= build.keys()
    return "" if known else None


def read(tree: Tree, out: Extract) -> None:
    root, claims = tree.root, Claims(out)
    listed = root["value"].exists
    if listed:
        root.integer("count")
    for build in root.items("value", required=True) if listed else [root]:
        _build(build, claims, build.scalar("id") if listed else None)


def _build(build: Node, claims: Claims, subject: str | None) -> None:
    out = claims.out
    claims.claim("build.id", build["id"], required=True, accept=SCALARS)
    claims.claim("build.url", build.object("_links").object("web")["href"])
    claims.commit(build["sourceVersion"], build.text("sourceBranch", required=True))
    claims.ref(build["sourceBranch"])
    _repository(build.object("repository", required=True), claims)
    claims.claim("started_at", build["startTime"])
    claims.claim("finished_at", build["finishTime"])
    over = build.text("status", required=True) == "completed"
    verdict = build["result"] if over else first_node(build["result"], build["status"])
    claims.claim("verdict", verdict, required=True, vocabulary=_VOCABULARY, subject=subject)
    out.row(
        "jobs",
        build,
        kind="run",
        name=build.object("definition", required=True).text("name"),
        status=out.scalar(verdict),
        vocabulary=_VOCABULARY,
        started_at=build.text("startTime"),
        finished_at=build.text("finishTime"),
    )


def _repository(repository: Node, claims: Claims) -> None:
    """The address of the repository; a build of a GitHub repository may give no more than its owner and name."""
    slug = repository.scalar("id", required=True) or ""
    if repository["url"].exists:
        claims.claim("repository.url", repository["url"])
    elif repository.text("type") == "GitHub" and _SLUG.match(slug):
        value, loss = f"https://github.com/{slug}", "owner and name of a repository on GitHub, written as its address"
        claims.claim("repository.url", repository["id"], value=value, confidence=Confidence.DERIVED, loss=loss)


_DETAIL = (
    *("uri", "buildNumber", "buildNumberRevision", "queueTime", "lastChangedDate", "priority", "reason", "retainedByRelease", "deleted"),
    *("keepForever", "quality", "appendCommitMessageToRunName", "queuePosition", "deletedDate", "deletedReason", "demands/**"),
    *("plans/**", "orchestrationPlan/**", "queue/**", "logs/**", "tags", "tags/*", "triggeredByBuild", "triggeredByBuild/**"),
    *("validationResults/**", "controller/**", "agentSpecification/**", "queueOptions", "azureBoardsIntegration*"),
)

READER = Reader(
    source="pipeline_runs",
    format="azure-devops-build",
    title="Azure DevOps build",
    reference="Azure DevOps REST API, Build, Builds - Get",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    drops={
        rule: prefixed(("", "/value/*"), *patterns)
        for rule, patterns in {
            "account-detail": ("/requestedFor/**", "/requestedBy/**", "/lastChangedBy/**", "/deletedBy/**"),
            "api-link": ("/url", *(f"/_links/{key}/**" for key in ("self", "timeline", "badge", "sourceVersionDisplayUri", "webhook*"))),
            # They may hold secrets; what triggered a build is told by its ref.
            "build-parameters": ("/parameters", "/templateParameters/**", "/properties/**", "/triggerInfo/**"),
            "build-detail": tuple(f"/{key}" for key in _DETAIL),
            "definition-detail": tuple(
                f"/definition/{key}"
                for key in ("drafts/**", "id", "url", "uri", "path", "type", "queueStatus", "revision", "project/**", "createdDate")
            ),
            "project-detail": ("/project/**",),
            "repository-detail": tuple(
                f"/repository/{key}"
                for key in ("id", "name", "type", "defaultBranch", "clean", "checkoutSubmodules", "properties/**", "rootFolder")
            ),
        }.items()
    },
)
