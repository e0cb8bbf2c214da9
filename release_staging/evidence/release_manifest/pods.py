"""Container images in a Kubernetes pod specification (``core/v1`` PodSpec), wherever one is embedded."""

from __future__ import annotations

from collections.abc import Iterator

from release_staging.evidence.addresses import claim_reference
from release_staging.evidence.extract import Extract
from release_staging.evidence.tree import Node
from release_staging.model.exceptions import Code

_PLACEHOLDERS = ("{{", "${", "$(", "<")


def containers(pod: Node) -> Iterator[Node]:
    """Every container of a pod; one without regular containers is drift."""
    yield from pod.items("initContainers")
    yield from pod.items("containers", required=True)
    yield from pod.items("ephemeralContainers")


def image(node: Node, key: str, name: str | None, out: Extract, *, required: bool = True) -> None:
    """Claims the image reference at ``key``, and the digest in it where it is pinned; adds its row. A placeholder names nothing."""
    reference = node.text(key, required=required)
    if reference is None:
        return
    place = node[key]
    if any(mark in reference for mark in _PLACEHOLDERS):
        message = f"{place.locator} holds a template placeholder and names no image: send the manifest as it was rendered"
        out.problem(Code.SCHEMA_DRIFT, message, place, expected="an image reference", found="a template placeholder")
        return
    claim_reference(place, out, subject=name)
    digest = reference.partition("@")[2] or None
    out.row("artifacts", node, role="declared", kind="container-image", name=name, reference=reference, digest=digest)


_CONTAINER = (
    *("command", "args", "env", "envFrom", "ports", "resources", "volumeMounts", "volumeDevices", "livenessProbe", "readinessProbe"),
    *("startupProbe", "lifecycle", "securityContext", "imagePullPolicy", "workingDir", "stdin", "stdinOnce", "tty", "restartPolicy"),
    *("terminationMessagePath", "terminationMessagePolicy", "resizePolicy", "targetContainerName"),
)
_POD = (
    *("volumes", "serviceAccountName", "serviceAccount", "nodeSelector", "affinity", "tolerations", "securityContext", "imagePullSecrets"),
    *("restartPolicy", "terminationGracePeriodSeconds", "dnsPolicy", "dnsConfig", "hostNetwork", "hostPID", "hostIPC", "hostAliases"),
    *("hostname", "subdomain", "schedulerName", "priorityClassName", "priority", "topologySpreadConstraints", "enableServiceLinks"),
    *("automountServiceAccountToken", "shareProcessNamespace", "nodeName", "runtimeClassName", "activeDeadlineSeconds"),
    *("preemptionPolicy", "readinessGates", "setHostnameAsFQDN", "os", "overhead", "hostUsers"),
)


def drops(*pods: str) -> tuple[str, ...]:
    """Ledger patterns for what pod specifications at these paths say of how to run, not of what."""
    lists = ("containers", "initContainers", "ephemeralContainers")
    return (
        *(f"{pod}/{containers}/*/{key}/**" for pod in pods for containers in lists for key in _CONTAINER),
        *(f"{pod}/{key}/**" for pod in pods for key in _POD),
    )
