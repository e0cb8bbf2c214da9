"""Canary judgements: Argo Rollouts, Kayenta, Flagger."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from release_staging.evaluation.documents import Written, fine, json_document, yaml_document, z
from release_staging.evaluation.worlds import World

_SOURCE = "canary_analyses"
_COUNT, _EVERY = 6, 5  # measurements, and minutes between them


def argo_analysisrun(world: World) -> Written:
    start = world.after(120)
    hashed, name = world.hex("pod template", 10), world.service.name
    metrics = {"success-rate": ("result[0] >= 0.995", "[0.9994]"), "latency-p95": ("result[0] <= 0.4", "[0.2617]")}
    tree = {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "AnalysisRun",
        "metadata": {
            "annotations": {"rollout.argoproj.io/revision": "57"},
            "creationTimestamp": z(start),
            "generation": 9,
            "labels": {
                "app.kubernetes.io/name": name,
                "app.kubernetes.io/version": world.version.text,
                "rollout-type": "Background",
                "rollouts-pod-template-hash": hashed,
            },
            "name": f"{name}-{hashed}-57",
            "namespace": "apps",
            "resourceVersion": "88120443",
            "uid": world.uuid("analysis run"),
        },
        "spec": {
            "args": [
                {"name": "service-name", "value": name},
                {"name": "canary-version", "value": world.version.text},
                {"name": "stable-version", "value": world.previous.text},
            ],
            "metrics": [
                {
                    "name": metric,
                    "count": _COUNT,
                    "failureLimit": 1,
                    "interval": f"{_EVERY}m",
                    "successCondition": condition,
                    "provider": {"prometheus": {"address": "https://prometheus.example.com", "query": f"job:{metric}:rate5m"}},
                }
                for metric, (condition, _) in metrics.items()
            ],
        },
        "status": {
            "completedAt": z(start + timedelta(minutes=_EVERY * _COUNT)),
            "dryRunSummary": {},
            "metricResults": [
                {
                    "name": metric,
                    "count": _COUNT,
                    "phase": "Successful",
                    "successful": _COUNT,
                    "measurements": [
                        {
                            "phase": "Successful",
                            "startedAt": z(start + timedelta(minutes=_EVERY * number)),
                            "finishedAt": z(start + timedelta(minutes=_EVERY * number, seconds=1)),
                            "value": value,
                        }
                        for number in range(_COUNT)
                    ],
                }
                for metric, (_, value) in metrics.items()
            ],
            "phase": "Successful",
            "runSummary": {"count": 2, "successful": 2},
            "startedAt": z(start),
        },
    }
    made = yaml_document(
        world.path("canary", "analysisrun.yaml"),
        _SOURCE,
        "argo-analysisrun",
        tree,
        version="/spec/args/1/value",
        time=("/status/completedAt", "/status/startedAt"),
        verdict="/status/phase",
        status="/status/metricResults/0/phase",
        measured="/status/metricResults/1",
        format="/apiVersion",
    )
    return made.said(environment=world.targets[0])


def kayenta_execution(world: World) -> Written:
    """``GET /canary/{id}``: that the execution succeeded is not its judgement."""
    start = world.after(120)
    hour = {"start": z(start), "end": z(start + timedelta(hours=1)), "step": 60, "location": "eu-west-1"}
    number = world.number("server group", 40, 400)
    score = float(world.number("score", 96, 100))
    tree = {
        "application": world.service.name,
        "parentPipelineExecutionId": world.hex("parent pipeline", 26).upper(),
        "metricSetPairListId": world.uuid("metrics"),
        "pipelineId": world.hex("kayenta", 26).upper(),
        "stageStatus": {"judge": "succeeded", "mixMetrics": "succeeded"},
        "complete": True,
        "status": "succeeded",
        "config": {"name": world.service.name, "classifier": {"scoreThresholds": {"pass": 95, "marginal": 75}}, "metrics": []},
        "canaryExecutionRequest": {
            "scopes": {
                "default": {
                    "controlScope": {"scope": f"{world.service.name}-v{number:03}", **hour},
                    "experimentScope": {"scope": f"{world.service.name}-v{number + 1:03}", **hour},
                }
            },
            "thresholds": {"pass": 95, "marginal": 75},
        },
        "result": {
            "parentPipelineExecutionId": world.hex("parent pipeline", 26).upper(),
            "judgeResult": {
                "judgeName": "NetflixACAJudge-v1.0",
                "results": [_kayenta(world, metric) for metric in ("errors", "latency")],
                "groupScores": [{"name": "system", "score": score, "classification": "", "classificationReason": ""}],
                "score": {"score": score, "classification": "Pass", "classificationReason": ""},
            },
            "canaryDuration": "PT1H",
        },
        "buildTimeIso": fine(start),
        "startTimeIso": fine(start),
        "endTimeIso": fine(start + timedelta(minutes=4)),
        "storageAccountName": "canary-storage",
    }
    made = json_document(
        world.path("canary", "kayenta.json"),
        _SOURCE,
        "kayenta-execution",
        tree,
        service="/application",
        time=("/endTimeIso", "/startTimeIso"),
        verdict="/result/judgeResult/score/classification",
        status="/result/judgeResult/results/0/classification",
    )
    return made.said(environment=world.targets[0])


def flagger_canary(world: World) -> Written:
    end = z(world.after(150))
    hashed = world.hex("pod template", 10)
    tree = {
        "apiVersion": "flagger.app/v1beta1",
        "kind": "Canary",
        "metadata": {"name": world.service.name, "namespace": "apps", "generation": 3},
        "spec": {
            "provider": "istio",
            "progressDeadlineSeconds": 60,
            "targetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": world.service.name},
            "service": {"port": 80},
            "skipAnalysis": False,
            "analysis": {
                "interval": "1m",
                "threshold": 10,
                "maxWeight": 50,
                "stepWeight": 5,
                "metrics": [{"name": "request-success-rate", "interval": "1m", "thresholdRange": {"min": 99}}],
            },
        },
        "status": {
            "phase": "Succeeded",
            "failedChecks": 0,
            "canaryWeight": 0,
            "iterations": 0,
            "lastAppliedSpec": hashed,
            "lastPromotedSpec": hashed,
            "lastTransitionTime": end,
            "conditions": [
                {
                    "type": "Promoted",
                    "status": "True",
                    "reason": "Succeeded",
                    "message": "Canary analysis completed successfully, promotion finished.",
                    "lastUpdateTime": end,
                    "lastTransitionTime": end,
                }
            ],
        },
    }
    made = yaml_document(
        world.path("canary", "flagger.yaml"),
        _SOURCE,
        "flagger-canary",
        tree,
        time="/status/lastTransitionTime",
        verdict="/status/phase",
        format="/apiVersion",
    )
    return made.said(environment=world.targets[0])


def _kayenta(world: World, metric: str) -> dict[str, Any]:
    stats = {"count": 60, "mean": 1.5, "min": 0.5, "max": 2.5, "median": 1.5}
    return {
        "name": metric,
        "id": world.uuid(f"metric {metric}"),
        "tags": {},
        "classification": "Pass",
        "groups": ["system"],
        "experimentMetadata": {"stats": stats},
        "controlMetadata": {"stats": stats},
        "resultMetadata": {"ratio": 1.0},
    }
