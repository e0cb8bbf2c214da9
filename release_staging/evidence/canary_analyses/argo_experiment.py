"""Argo Rollouts Experiment with a status (``argoproj.io/v1alpha1``): pod templates run side by side, and analyses of them.

Its phase, a word of ``argo-phase``, is the verdict. An experiment without any analysis is ``Successful`` when its pods ran for their
time: nothing was compared, and such a success contradicts itself here, as does one over an analysis run that was not successful.
The image of a template is claimed under the template's name: which of them is the candidate is for its author to know.
"""

from __future__ import annotations

from release_staging.evidence.canary_analyses.kubernetes_objects import METADATA, anywhere, objects, recognised
from release_staging.evidence.reader import JSON, YAML, Extract, Head, Reader, Tree
from release_staging.evidence.tree import Node
from release_staging.model.exceptions import Code

_GROUP, _KIND = "argoproj.io", "Experiment"
_VOCABULARY = "argo-phase"


def recognise(head: Head) -> str | None:
    return recognised(head, _GROUP, _KIND)


def read(tree: Tree, out: Extract) -> None:
    for experiment, subject in objects(tree, _GROUP, _KIND):
        _experiment(experiment, subject, out)


def _experiment(experiment: Node, subject: str | None, out: Extract) -> None:
    status = experiment.object("status", required=True)
    out.claim("verdict", status["phase"], required=True, vocabulary=_VOCABULARY, subject=subject)
    out.claim("started_at", status["availableAt"], subject=subject)
    runs = list(status.items("analysisRuns"))
    for run in runs:
        run.text("name")
        name, phase = run.text("analysisRun", required=True), run.text("phase", required=True)
        out.row("metrics", run, name=name, statistic="analysis run", status=phase, vocabulary=_VOCABULARY)
    for template in experiment.object("spec").items("templates"):
        name = template.text("name", required=True)
        for container in template.object("template").object("spec").items("containers"):
            container.text("name")
            out.claim("artifact.reference", container["image"], subject=name)
    if status["phase"].raw == "Successful":
        _recount(status, runs, out)


def _recount(status: Node, runs: list[Node], out: Extract) -> None:
    reasons = [(run["phase"], "an analysis run that is not Successful") for run in runs if run["phase"].raw != "Successful"]
    if not runs:
        reasons = [(status["phase"], "no analysis run at all")]
    for place, what in reasons:
        message = f"the experiment is Successful at {status['phase'].locator}, but {place.locator} shows {what}"
        out.problem(Code.CONTRADICTION, message, place, subject="verdict", expected="Successful", found=what)


READER = Reader(
    source="canary_analyses",
    format="argo-experiment",
    title="Argo Rollouts Experiment",
    reference="argoproj/argo-rollouts pkg/apis/rollouts/v1alpha1/experiment_types.go",
    encodings=(JSON, YAML),
    media_type="application/yaml",
    recognise=recognise,
    read=read,
    together=True,
    versions=("v1alpha1",),
    drops={
        "object-metadata": (*METADATA, *anywhere("/spec/templates/*/template/metadata/**")),
        # Environment values and arguments: they may hold secrets.
        "pod-configuration": anywhere(
            *(
                f"/spec/templates/*/template/spec/containers/*/{key}/**"
                for key in (
                    *("args", "command", "env", "envFrom", "imagePullPolicy", "livenessProbe", "readinessProbe", "ports", "resources"),
                    *("securityContext", "volumeMounts", "terminationMessagePath", "terminationMessagePolicy"),
                )
            ),
            *(
                f"/spec/templates/*/template/spec/{key}/**"
                for key in ("dnsPolicy", "restartPolicy", "schedulerName", "securityContext", "terminationGracePeriodSeconds", "volumes")
            ),
            "/spec/analyses/*/args/**",
        ),
    },
    summarises={
        "experiment-setup": anywhere(
            *(f"/spec/templates/*/{key}/**" for key in ("replicas", "minReadySeconds", "selector", "service", "metadata")),
            *("/spec/duration", "/spec/progressDeadlineSeconds", "/spec/terminate"),
            *(f"/spec/analyses/*/{key}" for key in ("name", "templateName", "clusterScope", "requiredForCompletion")),
        ),
        "experiment-state": anywhere(
            "/status/templateStatuses/**", "/status/conditions/**", "/status/message", "/status/analysisRuns/*/message"
        ),
    },
)
