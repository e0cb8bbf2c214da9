"""Bitbucket pipeline: ``GET /2.0/repositories/{workspace}/{repo}/pipelines/{uuid}``, its ``…/steps/``, or a page of either.

The word of a state is its result where there is one, else its stage (PAUSED, HALTED: it waits for a person), else its own name. A step
knows its pipeline, not its commit. ``run_number`` of a step above 1 hides how it ended before.
"""

from __future__ import annotations

from release_staging.evidence.pipeline_runs.runs import Claims, first_node, prefixed
from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.tree import SCALARS, Node
from release_staging.model.exceptions import Code

_VOCABULARY = "bitbucket-pipeline"
_TYPES = ("pipeline", "pipeline_step")
_REFS = {"branch": "candidate.branch", "named_branch": "candidate.branch", "tag": "candidate.tag", "annotated_tag": "candidate.tag"}


def recognise(head: Head) -> str | None:
    item = head.get("values", 0) if head.has("values") else head.root
    return "" if isinstance(item, dict) and item.get("type") in _TYPES and {"uuid", "state"} <= item.keys() else None


def read(tree: Tree, out: Extract) -> None:
    root, claims = tree.root, Claims(out)
    listed = root["values"].exists
    items = list(root.items("values", required=True)) if listed else [root]
    if listed and root.text("next") is not None:
        out.problem(Code.EVIDENCE_MISSING, "the document is one page of several: add the other pages", root["next"])
    for item in items:
        if item.text("type", required=True) == "pipeline_step":
            _step(item, claims, alone=not listed)
        else:
            _pipeline(item, claims, listed)
    if any(item["type"].raw == "pipeline_step" for item in items):
        claims.span(items, "started_on", "completed_on")


def _pipeline(pipeline: Node, claims: Claims, listed: bool) -> None:
    claims.claim("build.id", pipeline["uuid"], required=True)
    claims.claim("build.id", pipeline["build_number"], accept=SCALARS)
    target = pipeline.object("target", required=True)
    claims.commit(target.object("commit", required=True)["hash"])
    if field := _REFS.get(target.text("ref_type") or ""):
        claims.claim(field, target["ref_name"])
    claims.claim("repository.url", pipeline.object("repository").object("links").object("html")["href"])
    claims.claim("started_at", pipeline["created_on"], loss="when the pipeline was created, not when it began")
    claims.claim("finished_at", pipeline["completed_on"])
    claims.claim("verdict", _word(pipeline), required=True, vocabulary=_VOCABULARY, subject=pipeline.text("uuid") if listed else None)
    _row(pipeline, "run", None, ("created_on", "completed_on"), claims.out)


def _step(step: Node, claims: Claims, alone: bool) -> None:
    claims.claim("build.id", step.object("pipeline", required=True)["uuid"], required=True)
    if alone:
        claims.claim("verdict", _word(step), required=True, vocabulary=_VOCABULARY, subject=step.text("name"))
    _row(step, "job", step.text("name", required=True), ("started_on", "completed_on"), claims.out, step.integer("run_number"))


def _word(node: Node) -> Node:
    """The place of the word that says how a pipeline or step stands."""
    state = node.object("state", required=True)
    if state["name"].raw == "COMPLETED":
        return state.object("result", required=True)["name"]
    return first_node(state.object("result")["name"], state.object("stage")["name"], state["name"])


def _row(node: Node, kind: str, name: str | None, times: tuple[str, str], out: Extract, attempt: int | None = None) -> None:
    node["state"].text("name", required=True)
    started, finished = times
    out.row(
        "jobs",
        node,
        kind=kind,
        name=name,
        status=out.scalar(_word(node), required=True),
        vocabulary=_VOCABULARY,
        attempt=attempt,
        started_at=node.text(started),
        finished_at=node.text(finished),
    )


READER = Reader(
    source="pipeline_runs",
    format="bitbucket-pipeline",
    title="Bitbucket pipeline or its steps",
    reference="Bitbucket Cloud REST API, Pipelines",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    drops={
        rule: prefixed(("", "/values/*"), *patterns)
        for rule, patterns in {
            "account-detail": ("/creator/**",),
            "api-link": ("/links/**", "/state/url", "/repository/links/self/**", "/repository/links/avatar/**", "/target/commit/links/**"),
            "repository-detail": tuple(f"/repository/{key}" for key in ("type", "name", "full_name", "uuid")),
            "target-detail": (
                *("/target/type", "/target/selector/**", "/target/commit/type", "/target/commit/message", "/target/ref_name"),
                *("/target/source", "/target/destination", "/target/destination_commit/**", "/target/pullrequest/**"),
            ),
            "state-type": ("/state/type", "/state/result/type", "/state/stage/type", "/state/result/error/**"),
            "pipeline-detail": tuple(
                f"/{key}"
                for key in (
                    *("uuid", "trigger/**", "duration_in_seconds", "build_seconds_used", "first_successful", "expired", "has_variables"),
                    *("run_number", "variables/**", "configuration_sources/**", "labels/**", "run_creation_date"),
                )
            ),
            # Commands and images of a step: they may hold secrets.
            "step-detail": (
                *("/maxTime", "/setup_commands/**", "/script_commands/**", "/teardown_commands/**", "/image/**", "/pipeline/type"),
                *("/services/**", "/artifacts_download_enabled"),
            ),
            "page-detail": ("/page", "/pagelen", "/size", "/previous"),
        }.items()
    },
)
