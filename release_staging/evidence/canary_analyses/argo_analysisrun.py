"""Argo Rollouts AnalysisRun with a status (``argoproj.io/v1alpha1``): one, several as YAML documents, or a Kubernetes list.

The words of ``argo-phase`` are those of ``status.phase``: Pending, Running, Successful, Failed, Error, Inconclusive. A metric
of a dry run, which decides nothing, has the statistic ``dry run`` instead of ``analysis``.

``Successful`` is not proof: it is what a run gets whose metrics were terminated, and controllers have written it over failed
measurements. ``argo_recount`` therefore judges each successful run again by its own numbers.
"""

from __future__ import annotations

from collections.abc import Iterator

from release_staging.evidence.canary_analyses.argo_recount import PHASES, recount
from release_staging.evidence.reader import JSON, YAML, Extract, Head, Reader, Tree
from release_staging.evidence.tree import SCALARS, Node
from release_staging.model.confidence import Confidence

_GROUP = "argoproj.io/"
_LISTS = ("List", "AnalysisRunList")
_LONGEST_VALUE = 200  # a measurement is a number or a short list; a longer text is a body that a provider returned

# Arguments whose name says that they name the candidate.
_ARGUMENTS = {
    **dict.fromkeys(("version", "app-version", "canary-version", "release-version", "image-tag"), "candidate.version"),
    **dict.fromkeys(("commit", "git-commit", "git-sha", "revision"), "candidate.commit"),
    **dict.fromkeys(("baseline-version", "stable-version"), "baseline.version"),
    **dict.fromkeys(("environment", "env"), "environment.observed"),
}


def recognise(head: Head) -> str | None:
    items = head.get("items") if head.text("kind") in _LISTS else [head.root]
    found = [version for item in items or () if (version := _version(item)) is not None] if isinstance(items, list) else []
    return found[0] if found else None


def _version(item: object) -> str | None:
    if not isinstance(item, dict) or item.get("kind") != "AnalysisRun" or not item.get("status"):
        return None
    group = item.get("apiVersion")
    return group.removeprefix(_GROUP) if isinstance(group, str) and group.startswith(_GROUP) else None


def read(tree: Tree, out: Extract) -> None:
    runs = [run for root in tree.roots for run in _runs(root) if _version(run.raw) is not None]
    for run in runs:
        _run(run, out, run["metadata"].text("name") if len(runs) > 1 else None)


def _runs(root: Node) -> Iterator[Node]:
    if root["kind"].raw in _LISTS:
        root.text("kind")
        root.text("apiVersion")
        yield from root.items("items")
    else:
        yield root


def _run(run: Node, out: Extract, subject: str | None) -> None:
    run.text("kind")
    run.text("apiVersion")
    status = run.object("status", required=True)
    out.claim("verdict", status["phase"], required=True, vocabulary="argo-phase", subject=subject)
    out.claim("started_at", status["startedAt"], subject=subject)
    for argument in run.object("spec").items("args"):
        if field := _ARGUMENTS.get(argument.text("name") or ""):
            out.claim(field, argument["value"], subject=subject, accept=SCALARS)
    conditions = {name: metric for metric in run["spec"].items("metrics") if (name := metric.text("name"))}
    results = list(status.items("metricResults"))
    for result in results:
        _metric(result, conditions.get(result.text("name", required=True) or ""), out)
    _finished(status, results, subject, out)
    if status["phase"].raw == "Successful":
        recount(run, conditions, results, out)


def _metric(result: Node, specification: Node | None, out: Extract) -> None:
    measurements = list(result.items("measurements"))
    value = measurements[-1].text("value") if measurements else None
    threshold = specification.text("successCondition") or specification.text("failureCondition") if specification else None
    phase = result.text("phase", required=True)
    for counter in ("successful", "failed", "inconclusive", "error", "consecutiveError"):
        result.integer(counter)
    for measurement in measurements:
        measurement.text("phase", required=True)
        measurement.text("value")
        measurement.text("startedAt")
    out.row(
        "metrics",
        result,
        name=result.text("name"),
        statistic="dry run" if result.flag("dryRun") else "analysis",
        value=value if value is not None and len(value) <= _LONGEST_VALUE else None,
        threshold=threshold,
        status=phase,
        vocabulary="argo-phase",
        samples=result.integer("count"),
    )


def _finished(status: Node, results: list[Node], subject: str | None, out: Extract) -> None:
    """When the run completed; older controllers do not say it, then when its last measurement ended, if it has ended at all."""
    if status["completedAt"].exists:
        out.claim("finished_at", status["completedAt"], subject=subject)
        return
    ends = [place for result in results for measurement in result.items("measurements") if (place := measurement["finishedAt"]).exists]
    for place in ends:
        out.scalar(place)
    last = max(ends, key=lambda place: str(place.raw), default=None)
    if last is not None and status.text("phase") in PHASES - {"Running", "Pending"}:
        loss = "end of the last measurement; the run does not say when it completed"
        out.claim("finished_at", last, subject=subject, confidence=Confidence.DERIVED, loss=loss)


def _anywhere(*patterns: str) -> tuple[str, ...]:
    """Patterns for a run on its own, and in a list."""
    return tuple(prefix + pattern for prefix in ("", "/items/*") for pattern in patterns)


_OBJECT = (
    *("annotations/**", "creationTimestamp", "deletionTimestamp", "finalizers/**", "generateName", "generation", "labels/**"),
    *("managedFields/**", "name", "namespace", "ownerReferences/**", "resourceVersion", "selfLink", "uid"),
)
_SPEC = (
    *("successCondition", "failureCondition", "count", "failureLimit", "inconclusiveLimit", "consecutiveErrorLimit"),
    *("consecutiveSuccessLimit", "interval", "initialDelay"),
)
_RESULT = (*("consecutiveSuccess", "message", "measurements/*/message", "measurements/*/resumeAt", "measurements/*/finishedAt"),)

READER = Reader(
    source="canary_analyses",
    format="argo-analysisrun",
    title="Argo Rollouts AnalysisRun",
    reference="argoproj/argo-rollouts pkg/apis/rollouts/v1alpha1/analysis_types.go",
    encodings=(JSON, YAML),
    media_type="application/yaml",
    recognise=recognise,
    read=read,
    versions=("v1alpha1",),
    drops={
        "object-metadata": _anywhere(*(f"/metadata/{key}" for key in _OBJECT)),
        # Addresses, queries, headers and arguments: they may hold secrets.
        "provider-configuration": _anywhere("/spec/metrics/*/provider/**", "/spec/args/*/value", "/spec/args/*/valueFrom/**"),
        "provider-output": _anywhere("/status/metricResults/*/metadata/**", "/status/metricResults/*/measurements/*/metadata/**"),
    },
    summarises={
        "metric-limits": _anywhere(*(f"/spec/metrics/*/{key}" for key in _SPEC), "/spec/dryRun/**", "/spec/measurementRetention/**"),
        "result-counters": _anywhere(*(f"/status/metricResults/*/{key}" for key in _RESULT)),
        "run-summary": _anywhere(
            "/status/message", "/status/runSummary/**", "/status/dryRunSummary/**", "/spec/terminate", "/spec/ttlStrategy/**"
        ),
    },
)
