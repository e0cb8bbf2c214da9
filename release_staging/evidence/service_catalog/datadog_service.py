"""Datadog service definition, schema v2, v2.1, v2.2 and entity definition v3: who owns a service, its tier and where its source is.

A document may define several services or, from v3 on, systems, datastores and queues. Each is a row. Claims are made where just one
service is defined: of several, nothing says which is the candidate. The subject of every claim is the service's name. No version of the
service is ever named.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from release_staging.evidence.addresses import claim_address, holds_credentials, repository_of
from release_staging.evidence.reader import JSON, YAML, Extract, Head, Reader, Tree
from release_staging.evidence.tree import SCALARS, Node
from release_staging.model.exceptions import Code

_V3 = "v3"


def recognise(head: Head) -> str | None:
    if head.has("schema-version", "dd-service"):
        return head.text("schema-version")
    return _V3 if head.text("apiVersion") == _V3 and head.has("kind", "metadata") else None


@dataclass(frozen=True)
class _Entity:
    """Where a definition says what, in whichever schema it is written."""

    node: Node
    kind: str
    name: Node
    owner: Node
    tier: Node
    lifecycle: Node
    system: Node
    repositories: tuple[Node, ...]


def read(tree: Tree, out: Extract) -> None:
    entities = [_entity(root) for root in tree.roots if _known(root, out)]
    services = [entity for entity in entities if entity.kind == "service"]
    for entity in entities:
        repository = next((text for place in entity.repositories if (text := out.scalar(place))), None)
        out.row(
            "catalog_entities",
            entity.node,
            kind=entity.kind,
            name=out.scalar(entity.name, required=True),
            owner=out.scalar(entity.owner),
            tier=out.scalar(entity.tier, accept=SCALARS),
            lifecycle=out.scalar(entity.lifecycle),
            system=out.scalar(entity.system),
            repository=(repository_of(repository) or repository) if repository and not holds_credentials(repository) else None,
        )
    if len(services) == 1:
        _claims(services[0], out)


def _claims(service: _Entity, out: Extract) -> None:
    name = out.scalar(service.name)
    out.claim("service.name", service.name, subject=name)
    out.claim("service.owner", service.owner, subject=name)
    out.claim("service.tier", service.tier, subject=name, accept=SCALARS)
    if len(service.repositories) == 1:
        claim_address("repository.url", service.repositories[0], out, subject=name)


def _known(root: Node, out: Extract) -> bool:
    if recognise(Head("", root.raw)) is not None:
        return True
    message = f"{root.locator} is no service definition and is not read: send it as a document of its own"
    out.problem(Code.EVIDENCE_UNRECOGNISED, message, root)
    return False


def _entity(root: Node) -> _Entity:
    if root["schema-version"].exists:
        root.text("schema-version", required=True)
        addresses = (*(repo["url"] for repo in root.items("repos")), *_links(root))
        name, owner, tier, lifecycle, system = (root[key] for key in ("dd-service", "team", "tier", "lifecycle", "application"))
        return _Entity(root, "service", name, owner, tier, lifecycle, system, addresses)
    root.text("apiVersion", required=True)
    kind = root.text("kind", required=True) or ""
    metadata, spec = root.object("metadata", required=True), root.object("spec")
    code = root.object("datadog").items("codeLocations")
    addresses = (*(location["repositoryURL"] for location in code), *_links(metadata))
    systems = list(spec.items("componentOf"))
    system = systems[0] if systems else metadata["inheritFrom"]
    return _Entity(root, kind, metadata["name"], metadata["owner"], spec["tier"], spec["lifecycle"], system, addresses)


def _links(node: Node) -> Iterator[Node]:
    for link in node.items("links"):
        if link.text("type", required=True) == "repo":
            yield link["url"]


_LINK = ("name", "provider", "url", "type")
_DATADOG = (*(f"/datadog/{key}/**" for key in ("events", "logs", "performanceData", "pipelines")), "/datadog/codeLocations/*/paths/**")

READER = Reader(
    source="service_catalog",
    format="datadog-service",
    title="Datadog service definition",
    reference="Datadog, Software Catalog, service definition schema v2, v2.1, v2.2 and entity definition schema v3",
    encodings=(YAML, JSON),
    media_type="application/yaml",
    recognise=recognise,
    read=read,
    together=True,
    versions=("v2", "v2.1", "v2.2", _V3),
    drops={
        "description": (
            *("/description", "/type", "/languages/**", "/tags/**", "/metadata/displayName", "/metadata/description", "/metadata/tags/**"),
            *("/metadata/namespace", "/metadata/id", "/spec/type", "/spec/languages/**", "/repos/*/name", "/repos/*/provider"),
        ),
        "link": tuple(f"{at}/{key}" for at in ("/links/*", "/metadata/links/*", "/docs/*") for key in _LINK),
        "account-detail": ("/contacts/**", "/metadata/contacts/**", "/dd-team", "/metadata/additionalOwners/**"),
        "tool-setting": ("/extensions/**", "/integrations/**", "/ci-pipeline-fingerprints/**", *_DATADOG),
        "relation": ("/spec/dependsOn/**", "/spec/componentOf/*", "/spec/components/**", "/spec/implementedBy/**", "/spec/interface/**"),
    },
)
