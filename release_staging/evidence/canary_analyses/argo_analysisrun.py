"""Argo Rollouts AnalysisRun with a status (``argoproj.io/v1alpha1``): one, several as YAML documents, or a Kubernetes list.

The words of ``argo-phase`` are those of ``status.phase``: Pending, Running, Successful, Failed, Error, Inconclusive. A metric
of a dry run, which decides nothing, has the statistic ``dry run`` instead of ``analysis``.

``Successful`` is not proof: it is what a run gets whose metrics were terminated, and controllers have written it over failed
measurements. ``argo_recount`` therefore judges each successful run again by its own numbers.
"""

from __future__ import annotations

from release_staging.evidence.canary_analyses.argo_recount import PHASES, recount
from release_staging.evidence.canary_analyses.kubernetes_objects import METADATA, anywhere, objects, recognised
from release_staging.evidence.reader import JSON, YAML, Extract, Head, Reader, Tree
from release_staging.evidence.tree import SCALARS, Node
from release_staging.model.confidence import Confidence

_GROUP, _KIND = "argoproj.io", "AnalysisRun"
_LONGEST_VALUE = 200  # a measurement is a number or a short list; a longer text is a body that a provider returned

# Arguments whose name says that they name the candidate.
_ARGUMENTS = {
    **dict.fromkeys(("version", "app-version", "canary-version", "release-version", "image-tag"), "candidate.version"),
    **dict.fromkeys(("commit", "git-commit", "git-sha", "revision"), "candidate.commit"),
    **dict.fromkeys(("baseline-version", "stable-version"), "baseline.version"),
    **dict.fromkeys(("environment", "env"), "environment.observed"),
}


def recognise(head: Head) -> str | None:
    return recognised(head, _GROUP, _KIND)


def read(tree: Tree, out: Extract) -> None:
    for run, subject in objects(tree, _GROUP, _KIND):
        _run(run, out, subject)


def _run(run: Node, out: Extract, subject: str | None) -> None:
    status = run.object("status", required=True)
    out.claim("verdict", status["phase"], required=True, vocabulary="argo-phase", subject=subject)
    out.claim("started_at", status["startedAt"], subject=subject)
    for argument in run.object("spec").items("args"):
        if field := _ARGUMENTS.get(argument.text("name") or ""):
            out.claim(field, argument["value"], subject=subject, accept=SCALARS)
    out.claim("candidate.version", run["metadata"]["labels"]["app.kubernetes.io/version"], subject=subject)
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
    measurements = [measurement for result in results for measurement in result.items("measurements")]
    ends = [measurement["finishedAt"] for measurement in measurements if measurement.text("finishedAt")]
    last = max(ends, key=lambda place: str(place.raw), default=None)
    if last is not None and len(ends) == len(measurements) and status.text("phase") in PHASES - {"Running", "Pending"}:
        loss = "end of the last measurement; the run does not say when it completed"
        out.claim("finished_at", last, subject=subject, confidence=Confidence.DERIVED, loss=loss)


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
    revision=3,
    together=True,
    versions=("v1alpha1",),
    drops={
        "object-metadata": METADATA,
        # Addresses, queries, headers and arguments: they may hold secrets.
        "provider-configuration": anywhere("/spec/metrics/*/provider/**", "/spec/args/*/value", "/spec/args/*/valueFrom/**"),
        "provider-output": anywhere("/status/metricResults/*/metadata/**", "/status/metricResults/*/measurements/*/metadata/**"),
    },
    summarises={
        "metric-limits": anywhere(*(f"/spec/metrics/*/{key}" for key in _SPEC), "/spec/dryRun/**", "/spec/measurementRetention/**"),
        "result-counters": anywhere(*(f"/status/metricResults/*/{key}" for key in _RESULT)),
        "run-summary": anywhere(
            "/status/message", "/status/runSummary/**", "/status/dryRunSummary/**", "/spec/terminate", "/spec/ttlStrategy/**"
        ),
    },
)
