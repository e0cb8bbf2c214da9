"""Jenkins pipeline stages: ``<build>/wfapi/describe`` of a build, or ``…/execution/node/<n>/wfapi/describe`` of one stage
(Pipeline Stage View plugin).

It names no commit. A single stage has the number of its build only in its own address. A status of null says nothing and is told. Times
are milliseconds since 1970.
"""

from __future__ import annotations

import re

from release_staging.evidence.pipeline_runs.runs import Claims, prefixed, utc
from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.tree import SCALARS, Node

_VOCABULARY = "jenkins-wfapi-status"
_MILLISECONDS = 1000
_OVER = ("SUCCESS", "FAILED", "UNSTABLE", "ABORTED")
_STAGE = re.compile(r".*/(?P<number>\d+)/execution/node/\d+/wfapi/describe\Z")


def recognise(head: Head) -> str | None:
    known = head.has("_links", "name", "status", "startTimeMillis", "durationMillis")
    return "" if known and (head.has("stages") or head.has("execNode")) else None


def read(tree: Tree, out: Extract) -> None:
    node, claims = tree.root, Claims(out)
    build = node["stages"].exists
    if build:
        claims.claim("build.id", node["id"], required=True, accept=SCALARS)
    else:
        own = node.object("_links", required=True).object("self", required=True)
        own.text("href", required=True)
        claims.part("build.id", own["href"], _STAGE, "number")
    name = node.text("name", required=True)
    claims.claim("verdict", node["status"], required=True, vocabulary=_VOCABULARY, subject=None if build else name)
    claims.epoch("started_at", node["startTimeMillis"], unit=_MILLISECONDS)
    if (later := _duration(node)) is not None:
        loss = "start plus duration"
        claims.epoch("finished_at", node["startTimeMillis"], unit=_MILLISECONDS, later=later, loss=loss)
    _row(node, "run" if build else "job", name, None, out)
    for stage in node.items("stages", required=True) if build else ():
        _row(stage, "job", stage.text("name", required=True), name, out)
        _steps(stage, out)
    if not build:
        _steps(node, out)


def _steps(stage: Node, out: Extract) -> None:
    for step in stage.items("stageFlowNodes"):
        _row(step, "step", step.text("name", required=True), stage.text("name"), out)


def _duration(node: Node) -> int | None:
    duration = node.integer("durationMillis")
    return duration if node["status"].raw in _OVER else None


def _row(node: Node, kind: str, name: str | None, parent: str | None, out: Extract) -> None:
    later = _duration(node)
    out.row(
        "jobs",
        node,
        kind=kind,
        name=name,
        parent=parent,
        status=node.text("status", required=True),
        vocabulary=_VOCABULARY,
        started_at=utc(node["startTimeMillis"], unit=_MILLISECONDS),
        finished_at=None if later is None else utc(node["startTimeMillis"], unit=_MILLISECONDS, later=later),
    )


_NODES = ("", "/stages/*", "/stageFlowNodes/*", "/stages/*/stageFlowNodes/*")

READER = Reader(
    source="pipeline_runs",
    format="jenkins-wfapi",
    title="Jenkins pipeline stages (wfapi)",
    reference="Jenkins Pipeline REST API plugin, wfapi/describe",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    revision=2,
    drops={
        "api-link": prefixed(_NODES, "/_links/**"),
        "node-detail": prefixed(
            _NODES, "/id", "/execNode", "/pauseDurationMillis", "/queueDurationMillis", "/endTimeMillis", "/parentNodes/**"
        ),
        # What a step was told to do, and what went wrong with it: may hold secrets.
        "step-text": prefixed(_NODES, "/error/**", "/parameterDescription"),
    },
)
