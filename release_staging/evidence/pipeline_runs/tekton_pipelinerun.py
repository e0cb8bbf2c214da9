"""Tekton PipelineRun with a status (``tekton.dev`` v1alpha1, v1beta1, v1): one, several, a Kubernetes list, or a dump without kind.

A run without a condition in its status has not begun and is not this format. v1beta1 holds the status of each task (``taskRuns``); v1
only refers to it (``childReferences``): those tasks' own documents say how they ended. Skipped tasks are rows, ``Skipped``. See ``tekton``
for the words.
"""

from __future__ import annotations

from release_staging.evidence.pipeline_runs import tekton
from release_staging.evidence.pipeline_runs.runs import Claims, borne_out
from release_staging.evidence.pipeline_runs.tekton import VOCABULARY
from release_staging.evidence.reader import JSON, YAML, Extract, Head, Reader, Tree
from release_staging.evidence.tree import Node

_KIND = "PipelineRun"
_MARKS = frozenset({"pipelineSpec", "childReferences", "pipelineResults", "taskRuns"})
_SKIPPED = "Skipped"
_PASSED, _FAILED = ("Succeeded", "Completed"), ("Failed", "False", "TaskRunTimeout")  # a failure that is ignored has a word of its own


def recognise(head: Head) -> str | None:
    return next((version for item in head.objects() if (version := tekton.version_of(item, _KIND, _MARKS)) is not None), None)


def read(tree: Tree, out: Extract) -> None:
    runs = [run for root in tree.roots for run in tekton.runs_of(root) if tekton.version_of(run.raw, _KIND, _MARKS) is not None]
    claims = Claims(out)
    for run in runs:
        _run(run, claims, run.object("metadata").text("name") if len(runs) > 1 else None)


def _run(run: Node, claims: Claims, subject: str | None) -> None:
    out = claims.out
    run.text("kind")
    run.text("apiVersion")
    status = run.object("status", required=True)
    tekton.claim_identity(run, status, claims)
    word = tekton.word_of(status)
    claims.claim("verdict", word, required=True, vocabulary=VOCABULARY, subject=subject)
    claims.claim("started_at", status["startTime"], subject=subject)
    claims.claim("finished_at", status["completionTime"], subject=subject)
    name = run["metadata"].text("name", required=True)
    _row(run, status, word, "run", name, None, out)
    failed: Node | None = None
    for key, task in status.entries("taskRuns"):
        below = task.object("status")
        ended = tekton.word_of(below, required=False)
        _row(task, below, ended, "job", task.text("pipelineTaskName", required=True) or key, name, out)
        if ended.raw in _FAILED:
            failed = failed or task
    borne_out(word, word.raw in _PASSED, failed)
    for task in status.items("skippedTasks"):
        out.row("jobs", task, kind="job", name=task.text("name", required=True), parent=name, status=_SKIPPED, vocabulary=VOCABULARY)


def _row(node: Node, status: Node, word: Node, kind: str, name: str | None, parent: str | None, out: Extract) -> None:
    out.row(
        "jobs",
        node,
        kind=kind,
        name=name,
        parent=parent,
        status=out.scalar(word),
        vocabulary=VOCABULARY,
        started_at=status.text("startTime"),
        finished_at=status.text("completionTime"),
    )


_CHILDREN = ("", "/items/*")

READER = Reader(
    source="pipeline_runs",
    format="tekton-pipelinerun",
    title="Tekton PipelineRun",
    reference="tektoncd/pipeline docs/pipelineruns.md, Monitoring execution status; tektoncd/chains docs/config.md, type hinting",
    encodings=(JSON, YAML),
    media_type="application/yaml",
    recognise=recognise,
    read=read,
    revision=2,
    together=True,
    versions=tekton.VERSIONS,
    drops={
        **tekton.drops(
            *(f"/status/taskRuns/*/status/{key}" for key in ("podName", "provenance/**", "taskSpec/**", "retriesStatus/**", "sidecars/**")),
            *(f"/status/taskRuns/*/status/conditions/*/{key}" for key in ("lastTransitionTime", "message")),
            *(f"/status/taskRuns/*/{key}" for key in ("whenExpressions/**",)),
            *(f"/status/skippedTasks/*/{key}" for key in ("reason", "whenExpressions/**")),
        ),
        "task-results": tuple(f"{prefix}/status/taskRuns/*/status/{key}/**" for prefix in _CHILDREN for key in ("taskResults", "results")),
    },
    summarises={
        "steps-of-tasks": tuple(prefix + "/status/taskRuns/*/status/steps/**" for prefix in _CHILDREN),
        "tasks-referred-to": tuple(prefix + "/status/childReferences/**" for prefix in _CHILDREN),
    },
)
