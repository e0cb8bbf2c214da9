"""Kubernetes manifests: the images of the workloads that a release deploys (one object, a ``List``, or a stream of objects).

Only workloads of Kubernetes itself are read; the other objects of a stream (services, configuration, roles) name no artifact. An image
that is pinned by digest claims the digest too. The recommended labels ``app.kubernetes.io/name`` and ``version`` are claimed
where all workloads that carry them agree: where a chart renders others along with the candidate, they do not say which is which.
A namespace is not an environment, and ``status`` is what runs, not what is declared: neither is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from release_staging.evidence.reader import JSON, YAML, Extract, Head, Reader, Tree
from release_staging.evidence.release_manifest import pods
from release_staging.evidence.tree import Node
from release_staging.model.exceptions import Code

_TEMPLATE = ("spec", "template", "spec")
_PODS: dict[str, tuple[str, ...]] = {
    "Pod": ("spec",),
    "CronJob": ("spec", "jobTemplate", "spec", "template", "spec"),
    **dict.fromkeys(("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job"), _TEMPLATE),
}
_GROUPS = re.compile(r"(?:(?:apps|batch|extensions)/)?v[0-9][0-9a-z]*\Z")
_LABELS = {"service.name": "app.kubernetes.io/name", "candidate.version": "app.kubernetes.io/version"}


def recognise(head: Head) -> str | None:
    return "" if any(map(_is_workload, head.objects())) else None


def _is_workload(value: Any) -> bool:
    if not isinstance(value, dict) or not {"metadata", "spec"} <= value.keys():
        return False
    kind, api = value.get("kind"), value.get("apiVersion")
    return isinstance(kind, str) and kind in _PODS and isinstance(api, str) and _GROUPS.match(api) is not None


def read(tree: Tree, out: Extract) -> None:
    labelled: dict[str, list[Node]] = {field: [] for field in _LABELS}
    for entity in _objects(tree):
        kind, api = entity.text("kind", required=True), entity.text("apiVersion", required=True)
        if kind in _PODS and api and _GROUPS.match(api):
            _workload(entity, _PODS[kind], out)
            for field, label in _LABELS.items():
                place = entity["metadata"]["labels"][label]
                if out.scalar(place) is not None:
                    labelled[field].append(place)
        elif entity.at(*_TEMPLATE, "containers").exists:
            message = f"{entity.locator} is of another tool and names images that are not read: send it as a document of its own"
            out.problem(Code.EVIDENCE_UNRECOGNISED, message, entity)
    for field, places in labelled.items():
        if len({place.raw for place in places}) == 1:
            out.claim(field, places[0])


def _objects(tree: Tree) -> Iterator[Node]:
    for root in tree.roots:
        if root["items"].exists:
            root.text("kind", required=True)
            root.text("apiVersion", required=True)
            root.object("metadata")
            yield from root.items("items")
        else:
            yield root


def _workload(entity: Node, path: tuple[str, ...], out: Extract) -> None:
    metadata = entity.object("metadata", required=True)
    metadata.text("name", required=True)
    metadata.object("labels")
    pod = entity
    for key in path:
        pod = pod.object(key, required=True)
    for container in pods.containers(pod):
        pods.image(container, "image", container.text("name", required=True), out)


_SPEC = (
    *("replicas", "selector", "strategy", "updateStrategy", "revisionHistoryLimit", "progressDeadlineSeconds", "minReadySeconds"),
    *("podManagementPolicy", "serviceName", "volumeClaimTemplates", "persistentVolumeClaimRetentionPolicy", "paused", "ordinals"),
    *("backoffLimit", "completions", "parallelism", "ttlSecondsAfterFinished", "activeDeadlineSeconds", "suspend", "completionMode"),
    *("manualSelector", "podFailurePolicy", "schedule", "timeZone", "concurrencyPolicy", "startingDeadlineSeconds"),
    *(
        "successfulJobsHistoryLimit",
        "failedJobsHistoryLimit",
        "template/metadata",
        "jobTemplate/metadata",
        "jobTemplate/spec/template/metadata",
    ),
    *(f"jobTemplate/spec/{key}" for key in ("backoffLimit", "completions", "parallelism", "ttlSecondsAfterFinished", "suspend")),
)
_METADATA = (
    *("namespace", "annotations", "generateName", "uid", "resourceVersion", "generation", "creationTimestamp", "ownerReferences"),
    *("finalizers", "managedFields", "selfLink"),
)
_OTHER_LABELS = (
    *("app", "tier", "component", "release", "chart", "heritage", "k8s-app", "name", "helm.sh?chart"),
    *(f"app.kubernetes.io?{key}" for key in ("instance", "component", "part-of", "managed-by")),
)
# What the objects that accompany a workload hold: Service, Ingress, ConfigMap, Secret, roles, policies, autoscalers, volumes.
_ACCOMPANYING = (
    *("data/**", "stringData/**", "binaryData/**", "immutable", "type", "rules/**", "roleRef/**", "subjects/**", "secrets/**"),
    *("imagePullSecrets/**", "automountServiceAccountToken", "provisioner", "parameters/**"),
    *(f"spec/{key}/**" for key in ("ports", "clusterIP", "clusterIPs", "type", "sessionAffinity", "externalTrafficPolicy", "ipFamilies")),
    *(f"spec/{key}/**" for key in ("ipFamilyPolicy", "internalTrafficPolicy", "rules", "tls", "ingressClassName", "defaultBackend")),
    *(f"spec/{key}/**" for key in ("podSelector", "policyTypes", "ingress", "egress", "minAvailable", "maxUnavailable", "behavior")),
    *(f"spec/{key}/**" for key in ("scaleTargetRef", "minReplicas", "maxReplicas", "metrics", "accessModes", "storageClassName")),
    *(f"spec/{key}/**" for key in ("resources", "volumeMode", "volumeName", "finalizers", "hard")),
)


def _everywhere(*patterns: str) -> tuple[str, ...]:
    return tuple(f"{prefix}/{pattern}" for prefix in ("", "/items/*") for pattern in patterns)


READER = Reader(
    source="release_manifest",
    format="kubernetes-manifest",
    title="Kubernetes manifests of workloads",
    reference="Kubernetes API, workload resources and PodSpec",
    encodings=(YAML, JSON),
    media_type="application/yaml",
    recognise=recognise,
    read=read,
    together=True,
    drops={
        "process-configuration": pods.drops(*(f"{prefix}/{'/'.join(path)}" for prefix in ("", "/items/*") for path in {*_PODS.values()})),
        "workload-configuration": _everywhere(*(f"spec/{key}/**" for key in _SPEC)),
        "object-detail": (
            *_everywhere(*(f"metadata/{key}/**" for key in _METADATA), *(f"metadata/labels/{label}" for label in _OTHER_LABELS)),
            *("/metadata/continue", "/metadata/remainingItemCount"),
        ),
        "live-state": _everywhere("status/**"),
        "accompanying-object": _everywhere(*_ACCOMPANYING),
    },
)
