"""Kayenta standalone canary analysis (``GET /standalone_canary_analysis/{id}``): several judgements in a row, see
``kayenta_judgement``.

The verdict is ``didPassThresholds``, true or false in the vocabulary ``kayenta-thresholds``. It looks at the last score only, and
is true, too, where the request names no thresholds: a pass that nothing bears out contradicts itself. ``stageStatus`` is a list
here. An application that nobody named is called ``ad-hoc`` and is no service.
"""

from __future__ import annotations

from decimal import Decimal

from release_staging.evidence.canary_analyses.kayenta_judgement import below, compared, judged, judgement_losses
from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.tree import NUMBERS, Node
from release_staging.model.exceptions import Code
from release_staging.parsing.json import text_of

_NOBODY = "ad-hoc"


def recognise(head: Head) -> str | None:
    known = head.has("pipelineId", "executionStatus", "complete") and isinstance(head.get("stageStatus"), list)
    return "" if known else None


def read(tree: Tree, out: Extract) -> None:
    analysis = tree.root
    if analysis.text("application") != _NOBODY:
        out.claim("service.name", analysis["application"])
    out.claim("started_at", analysis["startTimeIso"], required=True)
    out.claim("finished_at", analysis["endTimeIso"], required=analysis["complete"].raw is True)
    complete, status = analysis.flag("complete", required=True), analysis.text("executionStatus", required=True)
    result = analysis.object("canaryAnalysisExecutionResult", required=bool(complete) and status == "SUCCEEDED")
    request = analysis.object("canaryAnalysisExecutionRequest")
    thresholds = request.object("thresholds")
    if type(result.raw) is dict:
        out.claim("verdict", result["didPassThresholds"], required=True, accept=(bool,), vocabulary="kayenta-thresholds")
        for execution in result.items("canaryExecutionResults"):
            name = execution.text("executionId", required=True)
            judgement = execution.object("result").object("judgeResult")
            if type(judgement.raw) is dict:
                judged(judgement, thresholds, out, verdict=False, subject=name)
        _recount(result, thresholds, out)
    else:
        out.claim("verdict", analysis["executionStatus"], required=True, vocabulary="kayenta-status")
    for scope in request.items("scopes"):
        name, offset = scope.text("scopeName") or "default", scope.integer("controlOffsetInMinutes")
        scope.text("controlScope")
        scope.text("experimentScope")
        if scope["controlLocation"].raw == scope["experimentLocation"].raw and not offset:
            compared(name, scope["controlScope"], scope["experimentScope"], out)


def _recount(result: Node, thresholds: Node, out: Extract) -> None:
    """Notes why thresholds that were passed cannot have been."""
    scores = [place for place in result.items("canaryScores") if out.scalar(place, accept=NUMBERS) is not None]
    wanted = thresholds["pass"]
    if result["didPassThresholds"].raw is not True:
        return
    if not scores:
        reason = (result["canaryScores"], "no score at all")
    elif type(wanted.raw) not in NUMBERS:
        reason = (thresholds, "no threshold that could be passed")
    elif Decimal(text_of(scores[-1].raw)) < Decimal(text_of(wanted.raw)):
        reason = (scores[-1], f"a last score below the {text_of(wanted.raw)} that it takes to pass")
    else:
        return
    place, what = reason
    message = f"the thresholds were passed at {result['didPassThresholds'].locator}, but {place.locator} shows {what}"
    out.problem(Code.CONTRADICTION, message, place, subject="verdict", expected="true", found=what)


_RESULT, _EACH = "/canaryAnalysisExecutionResult", "/canaryAnalysisExecutionResult/canaryExecutionResults/*"
_TIMES = tuple(
    f"{moment}Time{form}" for moment in ("build", "start", "end", "judgementStart", "judgementEnd") for form in ("Millis", "Iso")
)

READER = Reader(
    source="canary_analyses",
    format="kayenta-standalone",
    title="Kayenta standalone canary analysis",
    reference="spinnaker/kayenta kayenta-standalone-canary-analysis CanaryAnalysisExecutionStatusResponse",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    drops={
        # Queries, filters and addresses, and the stack traces of what went wrong.
        "canary-configuration": ("/canaryConfig/**",),
        "exception-detail": ("/exception/**", f"{_EACH}/exception/**", f"{_EACH}/warnings/**"),
        "account-detail": ("/user",),
    },
    summarises={
        "execution-detail": (
            *below("", "pipelineId", "parentPipelineExecutionId", "canaryConfigId", "stageStatus/**", "status", *_TIMES),
            *below("", "storageAccountName", "metricsAccountName", "configurationAccountName"),
            *below(_RESULT, "canaryScoreMessage", "hasWarnings", *_TIMES),
            *below(_EACH, "executionStatus", "metricSetPairListId", "storageAccountName", "configurationAccountName", *_TIMES),
            *below(f"{_EACH}/result", "parentPipelineExecutionId", "canaryDuration"),
        ),
        "request-detail": (
            *below(
                "/canaryAnalysisExecutionRequest/scopes/*", "controlLocation", "experimentLocation", "startTimeIso", "endTimeIso", "step"
            ),
            "/canaryAnalysisExecutionRequest/scopes/*/extendedScopeParams/**",
            *below("/canaryAnalysisExecutionRequest", "lifetimeDurationMins", "analysisIntervalMins", "beginAfterMins", "lookbackMins"),
            *below("/canaryAnalysisExecutionRequest", "siteLocal/**", "thresholds/pass", "thresholds/marginal"),
        ),
        "judgement-detail": judgement_losses(f"{_EACH}/result/judgeResult"),
    },
)
