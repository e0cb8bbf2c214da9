"""Konflux ``Snapshot`` and ``Release`` (``appstudio.redhat.com/v1alpha1``): the images of an application, and the release of a snapshot.

A component of a snapshot names its image and the revision it was built from; commit and repository are claimed where all
components agree on them. A ``Release`` names the snapshot, and in ``status.conditions`` how its pipeline ended; "Succeeded" there
says that the pipeline ran, nothing of the candidate: it is no verdict, and not read.
"""

from __future__ import annotations

from release_staging.evidence.addresses import claim_address
from release_staging.evidence.reader import JSON, YAML, Extract, Head, Reader, Tree
from release_staging.evidence.release_manifest import pods
from release_staging.evidence.tree import Node

_API = "appstudio.redhat.com/"


def recognise(head: Head) -> str | None:
    api = head.text("apiVersion")
    return api.removeprefix(_API) if api.startswith(_API) and head.text("kind") in ("Snapshot", "Release") else None


def read(tree: Tree, out: Extract) -> None:
    entity = tree.root
    entity.text("apiVersion", required=True)
    kind = entity.text("kind", required=True)
    name = entity.object("metadata", required=True).text("name", required=True)
    spec = entity.object("spec", required=kind == "Snapshot")
    if kind == "Release":
        status = entity.object("status")
        out.claim("started_at", status["startTime"])
        out.claim("finished_at", status["completionTime"])
        out.row("artifacts", entity, role="declared", kind="release", name=name, reference=spec.text("snapshot", required=True))
        return
    out.claim("service.name", spec["application"], required=True)
    sources = [_component(component, out) for component in spec.items("components", required=True)]
    revisions, addresses = _said(sources, "revision", out), _said(sources, "url", out)
    if len({place.raw for place in revisions}) == 1:
        out.claim("candidate.commit", revisions[0])
    if len({place.raw for place in addresses}) == 1:
        claim_address("repository.url", addresses[0], out)


def _said(sources: list[Node], key: str, out: Extract) -> list[Node]:
    return [source[key] for source in sources if out.scalar(source[key]) is not None]


def _component(component: Node, out: Extract) -> Node:
    pods.image(component, "containerImage", component.text("name", required=True), out)
    return component.object("source").object("git")


_OBJECT = ("namespace", "uid", "resourceVersion", "generation", "creationTimestamp", "labels", "annotations", "ownerReferences")
_STATUS = (
    *("conditions", "attribution", "automated", "target", "artifacts", "expirationTime", "collectorsProcessing", "tenantProcessing"),
    *("managedProcessing", "finalProcessing", "validation", "processing", "postActionsExecution"),
)

READER = Reader(
    source="release_manifest",
    format="konflux-snapshot",
    title="Konflux snapshot or release",
    reference="Konflux, release-service and application-api custom resources v1alpha1",
    encodings=(YAML, JSON),
    media_type="application/yaml",
    recognise=recognise,
    read=read,
    versions=("v1alpha1",),
    drops={
        "object-detail": tuple(f"/metadata/{key}/**" for key in (*_OBJECT, "finalizers", "managedFields", "generateName")),
        "build-input": tuple(f"/spec/components/*/source/git/{key}" for key in ("context", "dockerfileUrl", "devfileUrl")),
        "display-name": ("/spec/displayName", "/spec/displayDescription", "/spec/artifacts/**"),
        "release-process": ("/spec/releasePlan", "/spec/gracePeriodDays", "/spec/data/**", *(f"/status/{key}/**" for key in _STATUS)),
    },
)
