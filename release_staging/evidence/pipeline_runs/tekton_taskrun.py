"""Tekton TaskRun with a status (``tekton.dev`` v1alpha1, v1beta1, v1): one, several, a Kubernetes list, or a dump without kind.

A run without a condition in its status has not begun and is not this format. A step may fail and be ignored (``onError: continue``), and
its container is "Completed" all the same; its exit code tells. The words of ``tekton-step`` are the reader's: exit-zero,
exit-nonzero, running, waiting. See ``tekton`` for the words of runs.
"""

from __future__ import annotations

from release_staging.evidence.pipeline_runs import tekton
from release_staging.evidence.pipeline_runs.runs import Claims
from release_staging.evidence.pipeline_runs.tekton import VOCABULARY
from release_staging.evidence.reader import JSON, YAML, Extract, Head, Reader, Tree
from release_staging.evidence.tree import Node

_KIND = "TaskRun"
_MARKS = frozenset({"taskSpec", "steps", "taskResults"})


def recognise(head: Head) -> str | None:
    return next((version for item in head.objects() if (version := tekton.version_of(item, _KIND, _MARKS)) is not None), None)


def read(tree: Tree, out: Extract) -> None:
    runs = [run for root in tree.roots for run in tekton.runs_of(root) if tekton.version_of(run.raw, _KIND, _MARKS) is not None]
    claims = Claims(out)
    for run in runs:
        _run(run, claims)


def _run(run: Node, claims: Claims) -> None:
    out = claims.out
    run.text("kind")
    run.text("apiVersion")
    status = run.object("status", required=True)
    tekton.claim_identity(run, status, claims)
    word = tekton.word_of(status)
    name = run["metadata"].text("name", required=True)
    claims.claim("verdict", word, required=True, vocabulary=VOCABULARY, subject=name)
    claims.claim("started_at", status["startTime"])
    claims.claim("finished_at", status["completionTime"])
    out.row(
        "jobs",
        run,
        kind="job",
        name=name,
        status=out.scalar(word),
        vocabulary=VOCABULARY,
        started_at=status.text("startTime"),
        finished_at=status.text("completionTime"),
    )
    for step in status.items("steps"):
        _step(step, name, out)


def _step(step: Node, parent: str | None, out: Extract) -> None:
    ended = step.object("terminated")
    out.row(
        "jobs",
        step,
        kind="step",
        name=step.text("name"),
        parent=parent,
        status=_step_word(step, ended),
        vocabulary="tekton-step",
        started_at=ended.text("startedAt"),
        finished_at=ended.text("finishedAt"),
    )


def _step_word(step: Node, ended: Node) -> str | None:
    if ended.exists:
        code = ended.integer("exitCode", required=True)
        return None if code is None else "exit-nonzero" if code else "exit-zero"
    for word in ("running", "waiting"):
        if step[word].exists:
            step.object(word)
            return word
    return None


_STEP = ("container", "imageID", "running/**", "waiting/**", "results/**", "inputs/**", "outputs/**", "provenance/**", "terminationReason")

READER = Reader(
    source="pipeline_runs",
    format="tekton-taskrun",
    title="Tekton TaskRun",
    reference="tektoncd/pipeline docs/taskruns.md, Monitoring execution status; tektoncd/chains docs/config.md, type hinting",
    encodings=(JSON, YAML),
    media_type="application/yaml",
    recognise=recognise,
    read=read,
    revision=2,
    together=True,
    versions=tekton.VERSIONS,
    drops=tekton.drops(
        *(f"/status/steps/*/{key}" for key in _STEP),
        *(f"/status/steps/*/terminated/{key}" for key in ("reason", "message", "containerID", "signal")),
        *(
            "/status/sidecars/**",
            "/status/retriesStatus/**",
            "/status/cloudEvents/**",
            "/status/resourcesResult/**",
            "/status/artifacts/**",
        ),
    ),
)
