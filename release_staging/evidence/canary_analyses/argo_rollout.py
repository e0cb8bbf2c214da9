"""Argo Rollouts Rollout with a status (``argoproj.io/v1alpha1``).

That a rollout is ``Healthy`` is no result of an analysis: a rollout without any analysis gets there too. So its phase is a row
without a status, and never a verdict. The verdict is what its status says of the analysis runs of this revision, in words of
``argo-phase``; where it names none, there is none. A rollout that was aborted although all of them were successful contradicts
itself.

The images of the pod template are what is being rolled out. Their digests, and the hashes of the template, name no image.
"""

from __future__ import annotations

from collections.abc import Iterator

from release_staging.evidence.canary_analyses.kubernetes_objects import METADATA, anywhere, objects, recognised
from release_staging.evidence.reader import JSON, YAML, Extract, Head, Reader, Tree
from release_staging.evidence.tree import Node
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code

_GROUP, _KIND = "argoproj.io", "Rollout"
_VOCABULARY = "argo-phase"
_RUNS = (
    ("canary", "currentStepAnalysisRunStatus"),
    ("canary", "currentBackgroundAnalysisRunStatus"),
    ("blueGreen", "prePromotionAnalysisRunStatus"),
    ("blueGreen", "postPromotionAnalysisRunStatus"),
)
_COUNTS = ("HPAReplicas", "replicas", "updatedReplicas", "readyReplicas", "availableReplicas")


def recognise(head: Head) -> str | None:
    return recognised(head, _GROUP, _KIND)


def read(tree: Tree, out: Extract) -> None:
    for rollout, subject in objects(tree, _GROUP, _KIND):
        _rollout(rollout, subject, out)


def _rollout(rollout: Node, subject: str | None, out: Extract) -> None:
    status = rollout.object("status", required=True)
    if phase := status.text("phase"):
        out.row("metrics", status["phase"], name=subject or "rollout", statistic="phase", value=phase)
    runs = list(_runs(status))
    for run in runs:
        name = run.text("name", required=True)
        out.claim("verdict", run["status"], required=True, vocabulary=_VOCABULARY, subject=name)
        out.row("metrics", run, name=name, statistic="analysis run", status=run.text("status"), vocabulary=_VOCABULARY)
    if status.flag("abort") and runs and all(run["status"].raw == "Successful" for run in runs):
        what = "the rollout was aborted, but every analysis run that it names is Successful"
        out.problem(Code.CONTRADICTION, what, status["abort"], subject="verdict", expected="Successful", found="aborted")
    _template(rollout, out)
    changes = [
        place for condition in status.items("conditions") if (place := condition["lastUpdateTime"]) and out.scalar(place, required=True)
    ]
    if changes:
        last = max(changes, key=lambda place: str(place.raw))
        loss = "time of the last change of a condition"
        out.claim("produced_at", last, subject=subject, confidence=Confidence.DERIVED, loss=loss)


def _runs(status: Node) -> Iterator[Node]:
    """What the status says of analysis runs of this revision."""
    for strategy, key in _RUNS:
        run = status.object(strategy).object(key)
        if type(run.raw) is dict:
            yield run


def _template(rollout: Node, out: Extract) -> None:
    pod = rollout.object("spec").object("template").object("spec")
    for container in (*pod.items("containers"), *pod.items("initContainers")):
        out.claim("artifact.reference", container["image"], subject=container.text("name"))


_CONTAINER = (
    *("args", "command", "env", "envFrom", "imagePullPolicy", "livenessProbe", "readinessProbe", "startupProbe", "lifecycle", "ports"),
    *("resources", "securityContext", "volumeMounts", "workingDir", "terminationMessagePath", "terminationMessagePolicy"),
)
_STATUS = (
    *("currentPodHash", "currentStepHash", "currentStepIndex", "stableRS", "observedGeneration", "selector", "restartedAt", "message"),
    *("workloadObservedGeneration", "controllerPause", "pauseConditions/**", "promoteFull", "abortedAt", "collisionCount", "conditions/**"),
    *("canary", "canary/weights/**", "canary/currentExperiment", "canary/stablePingPong", "canary/*/message"),
    *("blueGreen", "blueGreen/activeSelector", "blueGreen/previewSelector", "blueGreen/scaleUpPreviewCheckPoint", "blueGreen/*/message"),
    *("alb/**", "albs/**"),
)

READER = Reader(
    source="canary_analyses",
    format="argo-rollout",
    title="Argo Rollouts Rollout",
    reference="argoproj/argo-rollouts pkg/apis/rollouts/v1alpha1/types.go",
    encodings=(JSON, YAML),
    media_type="application/yaml",
    recognise=recognise,
    read=read,
    together=True,
    versions=("v1alpha1",),
    drops={
        "object-metadata": (*METADATA, *anywhere("/spec/template/metadata/**")),
        # Environment values and arguments: they may hold secrets.
        "pod-configuration": anywhere(
            *(f"/spec/template/spec/{kind}/*/{key}/**" for kind in ("containers", "initContainers") for key in _CONTAINER),
            *(f"/spec/template/spec/{key}/**" for key in ("volumes", "affinity", "tolerations", "securityContext", "imagePullSecrets")),
            *(f"/spec/template/spec/{key}/**" for key in ("nodeSelector", "topologySpreadConstraints", "serviceAccountName")),
            *(f"/spec/template/spec/{key}" for key in ("dnsPolicy", "restartPolicy", "schedulerName", "terminationGracePeriodSeconds")),
        ),
    },
    summarises={
        "rollout-strategy": anywhere(
            *("/spec/strategy/**", "/spec/selector/**", "/spec/analysis/**", "/spec/workloadRef/**", "/spec/rollbackWindow/**"),
            *(
                f"/spec/{key}"
                for key in (
                    *("replicas", "revisionHistoryLimit", "minReadySeconds", "progressDeadlineSeconds", "progressDeadlineAbort"),
                    *("paused", "restartAt"),
                )
            ),
        ),
        "rollout-state": anywhere(*(f"/status/{key}" for key in (*_STATUS, *_COUNTS))),
    },
)
