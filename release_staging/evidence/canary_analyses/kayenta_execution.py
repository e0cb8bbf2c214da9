"""Kayenta canary execution (``GET /canary/{id}``), see ``kayenta_judgement``."""

from __future__ import annotations

from release_staging.evidence.canary_analyses.kayenta_judgement import below, compared, judged, judgement_losses
from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree


def recognise(head: Head) -> str | None:
    known = head.has("pipelineId", "stageStatus", "complete", "status") and isinstance(head.get("stageStatus"), dict)
    return "" if known and not head.has("executionStatus") else None


def read(tree: Tree, out: Extract) -> None:
    execution = tree.root
    status = execution.text("status", required=True)
    out.claim("service.name", execution["application"])
    out.claim("started_at", execution["startTimeIso"], required=True)
    out.claim("finished_at", execution["endTimeIso"], required=execution["complete"].raw is True)
    complete = execution.flag("complete", required=True)
    result = execution.object("result", required=bool(complete) and status == "succeeded")
    judgement = result.object("judgeResult", required=result.exists)
    if type(judgement.raw) is dict:
        asked = execution.object("canaryExecutionRequest").object("thresholds")
        configured = execution["config"]["classifier"]["scoreThresholds"]
        judged(judgement, asked if asked.exists else configured, out, verdict=True)
    else:
        out.claim("verdict", execution["status"], required=True, vocabulary="kayenta-status")
    # A scope is a server group, a place, a time and the rest of what chooses measurements.
    for name, scope in execution.object("canaryExecutionRequest").entries("scopes"):
        compared(name, scope["controlScope"], scope["experimentScope"], out)


READER = Reader(
    source="canary_analyses",
    format="kayenta-execution",
    title="Kayenta canary execution",
    reference="spinnaker/kayenta kayenta-core CanaryExecutionStatusResponse and CanaryResult",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    drops={
        # Queries, filters and addresses, and the stack traces of what went wrong.
        "canary-configuration": ("/config/**",),
        "exception-detail": ("/exception/**",),
    },
    summarises={
        "execution-detail": (
            *below("", "pipelineId", "parentPipelineExecutionId", "metricSetPairListId", "canaryConfigId", "stageStatus/**"),
            *below("", "storageAccountName", "metricsAccountName", "configurationAccountName", "result/parentPipelineExecutionId"),
            *(f"/{moment}Time{form}" for moment in ("build", "start", "end") for form in ("Millis", "Iso")),
            *(
                "/result/canaryDuration",
                *below("/canaryExecutionRequest", "scopes/**", "thresholds/pass", "thresholds/marginal", "siteLocal/**"),
            ),
        ),
        "judgement-detail": judgement_losses("/result/judgeResult"),
    },
)
