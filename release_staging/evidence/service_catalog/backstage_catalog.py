"""Backstage catalog (``catalog-info.yaml``, descriptor format ``backstage.io/v1alpha1``): who owns a component and where it lives.

A document holds several entities; each is a row, but only a ``Component`` is something that is released. A ``Template`` makes
components and is none. In the skeleton of a template the values are placeholders (``${{ values.name }}``): they name nothing.
The catalog never names a version. The subject of every claim is the component's name.
"""

from __future__ import annotations

import re

from release_staging.evidence.reader import JSON, YAML, Extract, Head, Reader, Tree
from release_staging.evidence.tree import Node
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code

_API = "backstage.io/"
_SOURCE = "backstage.io/source-location"
_LOCATION = re.compile(r"url:(https?://[^/]+/.+?)(?:/-)?(?:/(?:tree|blob|src)/.*)?/?\Z")


def recognise(head: Head) -> str | None:
    version = head.text("apiVersion")
    return version.removeprefix(_API) if version.startswith(_API) and head.has("kind", "metadata") else None


def read(tree: Tree, out: Extract) -> None:
    for entity in tree.roots:
        if (entity.text("apiVersion") or "").startswith(_API):
            _entity(entity, out)
        else:
            message = f"{entity.locator} is no Backstage entity and is not read: send it as a document of its own"
            out.problem(Code.EVIDENCE_UNRECOGNISED, message, entity)


def _entity(entity: Node, out: Extract) -> None:
    kind = entity.text("kind", required=True)
    metadata, spec = entity.object("metadata", required=True), entity.object("spec")
    component = kind == "Component"
    name = _text(metadata, "name", required=True)
    owner = _text(spec, "owner", required=component)
    repository = _repository(metadata.object("annotations"))
    if component and name is not None:
        out.claim("service.name", metadata["name"], subject=name)
        if owner is not None:
            out.claim("service.owner", spec["owner"], subject=name)
        if repository is not None:
            place, value, loss = repository
            out.claim("repository.url", place, value=value, subject=name, confidence=Confidence.DERIVED, loss=loss)
    out.row(
        "catalog_entities",
        entity,
        kind=kind,
        name=name,
        owner=owner,
        lifecycle=_text(spec, "lifecycle", required=component),
        system=_text(spec, "system"),
        repository=repository[1] if repository else None,
    )


def _repository(annotations: Node) -> tuple[Node, str, str] | None:
    """Where the source is: the place that says it, the address, and what was done to it. Backstage has no field for an address.

    A slug of GitLab may be one of an instance of one's own, so an address goes before it.
    """
    return _slug(annotations, "github.com") or _location(annotations) or _slug(annotations, "gitlab.com")


def _slug(annotations: Node, host: str) -> tuple[Node, str, str] | None:
    key = f"{host}/project-slug"
    slug, instance = _text(annotations, key), _text(annotations, f"{host}/instance")
    if slug is None:
        return None
    loss = f"{key} names owner and repository; the host is taken from {'beside it' if instance else 'its key'}"
    return annotations[key], f"https://{instance or host}/{slug}", loss


def _location(annotations: Node) -> tuple[Node, str, str] | None:
    found = _LOCATION.match(_text(annotations, _SOURCE) or "")
    return (annotations[_SOURCE], found[1], "the type of the location, and the branch and path in it, are cut off") if found else None


def _text(node: Node, key: str, *, required: bool = False) -> str | None:
    """The text at ``key``, where it is not a placeholder that a template would have filled."""
    text = node.text(key, required=required)
    if text is None or "{{" not in text:
        return text
    place = node[key]
    node.out.problem(
        Code.SCHEMA_DRIFT,
        f"{place.locator} holds a template placeholder and names nothing: send the entity that was made from the template",
        place,
        expected="a name",
        found="a template placeholder",
    )
    return None


_OWN_ANNOTATIONS = ("managed-by-*", "techdocs-*", "view-url", "edit-url", "orphan", "kubernetes-*", "adr-location")
_TOOLS = (
    *("argocd", "buildkite.com", "circleci.com", "datadoghq.com", "grafana", "jenkins.io", "jira", "opsgenie.com", "pagerduty.com"),
    *("sentry.io", "servicenow.com", "snyk.io", "sonarqube.org"),
)
_RELATIONS = ("dependsOn", "dependencyOf", "providesApis", "consumesApis", "memberOf", "members", "children")

READER = Reader(
    source="service_catalog",
    format="backstage-catalog",
    title="Backstage catalog entities",
    reference="Backstage, Descriptor Format of Catalog Entities",
    encodings=(YAML, JSON),
    media_type="application/yaml",
    recognise=recognise,
    read=read,
    together=True,
    revision=2,
    versions=("v1alpha1", "v1beta1"),
    drops={
        "description": (
            *("/metadata/title", "/metadata/description", "/metadata/namespace", "/metadata/tags/*", "/metadata/labels/*"),
            *("/metadata/links/*/url", "/metadata/links/*/title", "/metadata/links/*/icon", "/metadata/links/*/type"),
        ),
        # Annotations are the address books of other tools; those of tools not named here stay not understood.
        "tool-annotation": (
            *(f"/metadata/annotations/backstage.io?{key}" for key in _OWN_ANNOTATIONS),
            *(f"/metadata/annotations/{tool}?*" for tool in _TOOLS),
            *(f"/metadata/annotations/{key}" for key in ("github.com?team-slug", "gitlab.com?project-id", "gitlab.com?*-path")),
        ),
        "relation": (
            *("/spec/subcomponentOf", "/spec/domain", "/spec/subdomainOf", "/spec/parent"),
            *(f"/spec/{relation}{items}" for relation in _RELATIONS for items in ("", "/*")),
        ),
        "entity-type": ("/spec/type",),
        "location": ("/spec/target", "/spec/targets/*", "/spec/presence"),
        "api-definition": ("/spec/definition", "/spec/definition/**"),
        "account-detail": ("/spec/profile/**",),
        "template-body": ("/spec/parameters/**", "/spec/steps/**", "/spec/output/**", "/spec/templater", "/spec/path", "/spec/schema/**"),
    },
)
