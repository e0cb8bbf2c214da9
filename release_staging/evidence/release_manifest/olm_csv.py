"""OLM ClusterServiceVersion (``operators.coreos.com/v1alpha1``): an operator's version and the images it deploys and uses.

``metadata.name`` is ``package.vX``, so the service is what stands before the version. ``replaces`` names the version before.
"""

from __future__ import annotations

from release_staging.evidence.addresses import claim_address
from release_staging.evidence.reader import JSON, YAML, Extract, Head, Reader, Tree
from release_staging.evidence.release_manifest import pods
from release_staging.model.confidence import Confidence

_KIND = "ClusterServiceVersion"


def recognise(head: Head) -> str | None:
    api = head.text("apiVersion")
    return api.rpartition("/")[2] if head.text("kind") == _KIND and api.startswith("operators.coreos.com/") else None


def read(tree: Tree, out: Extract) -> None:
    csv = tree.root
    csv.text("apiVersion", required=True)
    csv.text("kind", required=True)
    metadata, spec = csv.object("metadata", required=True), csv.object("spec", required=True)
    name, version = metadata.text("name", required=True), spec.scalar("version", required=True)
    package, dot, _ = (name or "").partition(".v")
    loss = "the version at its end is cut off"
    out.claim("service.name", metadata["name"], value=package, confidence=Confidence.DERIVED if dot else Confidence.LOW, loss=loss)
    out.claim("candidate.version", spec["version"], subject=package)
    annotations = metadata.object("annotations")
    out.claim("produced_at", annotations["createdAt"])
    claim_address("repository.url", annotations["repository"], out, subject=package)
    if annotations["containerImage"].exists:
        pods.image(annotations, "containerImage", package, out)
    install = spec.object("install").object("spec")
    for deployment in install.items("deployments"):
        pod = deployment.object("spec", required=True).object("template", required=True).object("spec", required=True)
        for container in pods.containers(pod):
            pods.image(container, "image", container.text("name", required=True), out)
    for related in spec.items("relatedImages"):
        pods.image(related, "image", related.text("name", required=True), out)
    out.row("artifacts", csv, role="declared", kind="operator", name=package or None, version=version)


_POD = "/spec/install/spec/deployments/*/spec/template/spec"
_ANNOTATIONS = ("alm-examples*", "capabilities", "categories", "certified", "description", "support", "olm.*", "operatorframework.io*")
_DESCRIPTION = (
    *("displayName", "description", "icon/**", "keywords/**", "links/**", "maturity", "labels/**", "selector/**", "minKubeVersion"),
    *("installModes/**", "annotations/**", "cleanup/**"),
)

READER = Reader(
    source="release_manifest",
    format="olm-csv",
    title="OLM ClusterServiceVersion",
    reference="Operator Lifecycle Manager, ClusterServiceVersion v1alpha1",
    encodings=(YAML, JSON),
    media_type="application/yaml",
    recognise=recognise,
    read=read,
    versions=("v1alpha1",),
    drops={
        "description": (
            *(f"/spec/{key}" for key in _DESCRIPTION),
            *(f"/metadata/annotations/{key}" for key in _ANNOTATIONS),
            *("/metadata/annotations/*.openshift.io*", "/metadata/annotations/operators.*", "/metadata/labels/**", "/metadata/namespace"),
            *("/metadata/annotations/*.openshift.io*/**", "/metadata/creationTimestamp"),
        ),
        "account-detail": ("/spec/maintainers/**", "/spec/provider/**"),
        "programming-interface": ("/spec/apiservicedefinitions/**", "/spec/customresourcedefinitions/**", "/spec/webhookdefinitions/**"),
        "permission": ("/spec/install/spec/permissions/**", "/spec/install/spec/clusterPermissions/**"),
        "process-configuration": pods.drops(_POD),
        "deployment-configuration": (
            *("/spec/install/strategy", "/spec/install/spec/deployments/*/name", "/spec/install/spec/deployments/*/label/**"),
            *(f"/spec/install/spec/deployments/*/spec/{key}/**" for key in ("replicas", "selector", "strategy", "template/metadata")),
        ),
        "earlier-release": ("/spec/replaces", "/spec/skips/**", "/metadata/annotations/olm.skipRange"),
        "live-state": ("/status/**",),
    },
)
