"""What the readers of Tekton share: objects and lists, the condition that says how a run ended, results and annotations that identify.

A run ends with the condition ``Succeeded``. Its ``status`` is True, False or Unknown; its ``reason`` says more: ``Completed`` is a pipeline
that succeeded with tasks skipped, ``FailureIgnored`` a task that failed and may. The word of a run is its reason where that is one this
project knows, else the status; a success with a reason that is not known is never one.

Results, parameters and annotations identify by convention (Tekton Chains type hinting, Pipelines as Code). What stands in
``status.provenance.refSource`` is the revision of the pipeline's definition, not of the candidate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from release_staging.evidence.pipeline_runs.runs import Claims
from release_staging.evidence.tree import Node
from release_staging.model.confidence import Confidence

VOCABULARY = "tekton-reason"
VERSIONS = ("v1alpha1", "v1beta1", "v1")
_GROUP = "tekton.dev/"
_REASONS = frozenset(
    (
        *("Failed", "FailureIgnored", "Running", "Started", "Pending", "PipelineRunPending", "ResolvingPipelineRef", "ResolvingTaskRef"),
        *("ToBeRetried", "Cancelled", "PipelineRunCancelled", "TaskRunCancelled", "CancelledRunningFinally", "StoppedRunningFinally"),
        *("PipelineRunTimeout", "TaskRunTimeout", "PipelineRunStopping", "TaskRunImagePullFailed"),
    )
)
_IDENTITY = {"CHAINS-GIT_COMMIT": "candidate.commit", "CHAINS-GIT_URL": "repository.url"}
_ANNOTATIONS = {
    "pipelinesascode.tekton.dev/sha": "candidate.commit",
    "pipelinesascode.tekton.dev/repo-url": "repository.url",
    "build.appstudio.redhat.com/commit_sha": "candidate.commit",
}
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?\Z")
_DIGEST = re.compile(r"sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128})\Z")
_IMAGE = re.compile(r"(?P<reference>[^\s,@]+)@(?P<digest>sha(?:256:[0-9a-f]{64}|512:[0-9a-f]{128}))")
_ONE_IMAGE = re.compile(r"(?P<stem>(?:.+[-_])?IMAGE)_(?P<part>URL|DIGEST)\Z")
_OUTPUT = re.compile(r".*ARTIFACT_OUTPUTS\Z")


def version_of(value: object, kind: str, marks: frozenset[str]) -> str | None:
    """The API version of a run of this kind that has begun; a dump without kind is known by the ``marks`` in its status."""
    if not isinstance(value, dict) or not isinstance(value.get("spec"), dict):
        return None
    status, api = value.get("status"), value.get("apiVersion")
    if not isinstance(status, dict) or not status.get("conditions"):
        return None
    if value.get("kind") is not None:
        known = value["kind"] == kind and isinstance(api, str) and api.startswith(_GROUP)
        return str(api).removeprefix(_GROUP) if known else None
    old = {"pipelineResults", "taskResults"} & status.keys()
    return ("v1beta1" if old else "v1") if marks & status.keys() else None


def runs_of(root: Node) -> Iterator[Node]:
    """The objects of a Kubernetes list, or the one."""
    if root["items"].exists:
        root.text("kind")
        root.text("apiVersion")
        yield from root.items("items")
    else:
        yield root


def word_of(status: Node, *, required: bool = True) -> Node:
    """The place of the word that says how a run stands: the reason or the status of its condition ``Succeeded``."""
    for condition in status.items("conditions", required=required):
        if condition.text("type", required=True) == "Succeeded":
            told, reason = condition.text("status", required=True), condition.text("reason", required=True)
            return condition["reason"] if reason and (told == "True" or reason in _REASONS) else condition["status"]
    return status["conditions"]["Succeeded"]


def claim_identity(run: Node, status: Node, claims: Claims) -> None:
    """What the run's name, annotations, parameters and results say of the candidate."""
    metadata = run.object("metadata", required=True)
    _claim_run(metadata, claims)
    for holder in ("annotations", "labels"):
        for key, field in _ANNOTATIONS.items():
            claims.claim(field, metadata.object(holder)[key])
    images: dict[str, tuple[str | None, Node | None]] = {}
    for results in (run.object("spec")["params"], status["pipelineResults"], status["taskResults"], status["results"]):
        for result in results.items():
            _result(result, images, claims)
    for stem, (reference, digest) in images.items():
        if digest is not None:
            value = str(digest.raw).strip()
            claims.claim("artifact.digest", digest, value=value, subject=reference or stem)


def _claim_run(metadata: Node, claims: Claims) -> None:
    """The run's uid; of a task that a pipeline runs its owner's; a run that no cluster made goes by its name."""
    for owner in metadata.items("ownerReferences"):
        if owner.text("kind") == "PipelineRun" and owner["uid"].exists:
            claims.claim("build.id", owner["uid"], required=True)
            return
    if any(metadata[key].exists for key in ("uid", "creationTimestamp", "resourceVersion")):
        claims.claim("build.id", metadata["uid"], required=True)
    else:
        claims.claim("build.id", metadata["name"], required=True, confidence=Confidence.LOW, loss="the name of a run that has no uid")


def _result(result: Node, images: dict[str, tuple[str | None, Node | None]], claims: Claims) -> None:
    """One named value. Names outside the conventions are data of the pipeline, and not read."""
    name, place = result.text("name", required=True) or "", result["value"]
    field, image = _IDENTITY.get(name), _ONE_IMAGE.match(name)
    if field is None and image is None and name != "IMAGES":
        if _OUTPUT.match(name):
            _output(result.object("value", required=True), claims)
        return
    text = (claims.out.scalar(place) or "").strip()
    if field == "repository.url" or (field is not None and _COMMIT.match(text)):
        claims.claim(field, place, value=text)
    elif image is not None and text:
        reference, digest = images.get(image["stem"], (None, None))
        if image["part"] == "URL":
            claims.claim("artifact.reference", place, value=text)
            images[image["stem"]] = (text, digest)
        elif _DIGEST.match(text):
            images[image["stem"]] = (reference, place)
    elif name == "IMAGES":
        for one in _IMAGE.finditer(text):
            for part, subject in (("reference", None), ("digest", one["reference"])):
                loss = "one of a list of images"
                claims.claim(f"artifact.{part}", place, value=one[part], subject=subject, confidence=Confidence.DERIVED, loss=loss)


def _output(place: Node, claims: Claims) -> None:
    uri, digest = place.text("uri", required=True), place.text("digest", required=True)
    if uri and digest and _DIGEST.match(digest):
        claims.claim("artifact.reference", place["uri"], value=uri.strip())
        claims.claim("artifact.digest", place["digest"], subject=uri.strip())


def drops(*more: str) -> dict[str, tuple[str, ...]]:
    """What is left out of an object of Tekton, on its own and in a list."""
    metadata = ("creationTimestamp", "generation", "generateName", "labels/**", "annotations/**", "managedFields/**", "name", "namespace")
    ours = {
        "object-metadata": (*(f"/metadata/{key}" for key in metadata), "/metadata/resourceVersion", "/metadata/selfLink"),
        "object-owners": ("/metadata/ownerReferences/**", "/metadata/finalizers/**", "/metadata/uid", "/metadata/deletion*"),
        # Parameters and results are data of the pipeline; those that identify are read.
        "pipeline-data": ("/spec/params/*/value", "/spec/params/*/value/**"),
        "other-results": tuple(
            f"/status/{key}/*/{part}" for key in ("results", "pipelineResults", "taskResults") for part in ("type", "value", "value/**")
        ),
        "run-specification": (
            *("/spec/pipelineRef/**", "/spec/pipelineSpec/**", "/spec/taskRef/**", "/spec/taskSpec/**", "/spec/taskRunTemplate/**"),
            *("/spec/serviceAccountName", "/spec/podTemplate/**", "/spec/timeout", "/spec/timeouts/**", "/spec/workspaces/**"),
            *("/spec/resources/**", "/spec/taskRunSpecs/**", "/spec/status", "/spec/computeResources/**"),
            *("/spec/managedBy", "/spec/debug/**", "/spec/retries", "/spec/stepSpecs/**", "/spec/sidecarSpecs/**"),
        ),
        "definition": ("/status/pipelineSpec/**", "/status/taskSpec/**", "/status/provenance/**"),
        "condition-detail": tuple(f"/status/conditions/*/{key}" for key in ("lastTransitionTime", "message", "severity")),
        "run-detail": (
            "/status/podName",
            "/status/observedGeneration",
            "/status/finallyStartTime",
            "/status/annotations/**",
            "/status/spanContext/**",
            *more,
        ),
    }
    return {rule: (*patterns, *("/items/*" + pattern for pattern in patterns)) for rule, patterns in ours.items()} | {
        "list-metadata": ("/metadata/resourceVersion", "/metadata/selfLink", "/metadata/continue")
    }
