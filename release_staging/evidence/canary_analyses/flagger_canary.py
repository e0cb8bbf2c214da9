"""Flagger Canary with a status (``flagger.app/v1beta1``).

The phase is the verdict, a word of ``flagger-phase``. Only ``Succeeded`` and ``Failed`` say how an analysis ended: ``Initialized``
is what a canary gets before anything was analysed, and what it stays when nothing ever is. A success that nothing can have been
measured for contradicts itself: ``skipAnalysis``, or an analysis that names neither a metric nor a webhook. ``lastAppliedSpec`` is
a hash of the pod template and names no image.
"""

from __future__ import annotations

from release_staging.evidence.canary_analyses.kubernetes_objects import METADATA, anywhere, objects, recognised
from release_staging.evidence.reader import JSON, YAML, Extract, Head, Reader, Tree
from release_staging.evidence.tree import Node
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code

_GROUP, _KIND = "flagger.app", "Canary"
_ENDED = ("Succeeded", "Failed")
_COUNTERS = {"failedChecks": "failed checks", "iterations": "iterations", "canaryWeight": "canary weight"}


def recognise(head: Head) -> str | None:
    return recognised(head, _GROUP, _KIND)


def read(tree: Tree, out: Extract) -> None:
    for canary, subject in objects(tree, _GROUP, _KIND):
        _canary(canary, subject, out)


def _canary(canary: Node, subject: str | None, out: Extract) -> None:
    status = canary.object("status", required=True)
    out.claim("verdict", status["phase"], required=True, vocabulary="flagger-phase", subject=subject)
    loss = "time of the last change of phase"
    for field in ("produced_at", "finished_at") if status["phase"].raw in _ENDED else ("produced_at",):
        out.claim(field, status["lastTransitionTime"], subject=subject, required=True, confidence=Confidence.DERIVED, loss=loss)
    for key, statistic in _COUNTERS.items():
        if (value := status.number(key)) is not None:
            unit = "%" if key == "canaryWeight" else None
            out.row("metrics", status[key], name=subject or "canary", statistic=statistic, value=value, unit=unit)
    skipped = canary.object("spec").flag("skipAnalysis")
    if status["phase"].raw == "Succeeded":
        _recount(canary["spec"], status["phase"], out, skipped=bool(skipped))


def _recount(spec: Node, phase: Node, out: Extract, *, skipped: bool) -> None:
    analysis = spec.object("analysis")
    checks = [*analysis.items("metrics"), *analysis.items("webhooks")]
    if skipped:
        place, what = spec["skipAnalysis"], "that the analysis was skipped"
    elif analysis.exists and not checks:
        place, what = analysis, "an analysis that checks nothing"
    else:
        return
    message = f"the canary has Succeeded at {phase.locator}, but {place.locator} shows {what}"
    out.problem(Code.CONTRADICTION, message, place, subject="verdict", expected="Succeeded", found=what)


READER = Reader(
    source="canary_analyses",
    format="flagger-canary",
    title="Flagger Canary",
    reference="fluxcd/flagger pkg/apis/flagger/v1beta1/canary.go and status.go",
    encodings=(JSON, YAML),
    media_type="application/yaml",
    recognise=recognise,
    read=read,
    together=True,
    versions=("v1beta1",),
    drops={
        "object-metadata": METADATA,
        # Addresses, commands and headers: they may hold secrets.
        "webhooks-and-routing": anywhere("/spec/analysis/webhooks/**", "/spec/service/**", "/spec/analysis/alerts/**"),
        "session-cookies": anywhere("/status/sessionAffinityCookie", "/status/previousSessionAffinityCookie"),
    },
    summarises={
        "canary-setup": anywhere(
            *(
                f"/spec/{key}/**"
                for key in ("targetRef", "autoscalerRef", "ingressRef", "routeRef", "upstreamRef", "provider", "metricsServer")
            ),
            *(f"/spec/{key}" for key in ("progressDeadlineSeconds", "suspend", "revertOnDeletion")),
            *(
                f"/spec/analysis/{key}/**"
                for key in (
                    *("interval", "threshold", "maxWeight", "stepWeight", "stepWeights", "stepWeightPromotion", "iterations", "metrics"),
                    *("match", "mirror", "mirrorWeight", "primaryReadyThreshold", "canaryReadyThreshold", "sessionAffinity"),
                )
            ),
        ),
        "canary-state": anywhere(
            *("/status/conditions/**", "/status/lastAppliedSpec", "/status/lastPromotedSpec", "/status/trackedConfigs/**")
        ),
    },
)
