"""OpsLevel ``opslevel.yml``, version 1: who owns a service (``service``, newer ``component``) or a repository, and its tier.

Owner, tier and lifecycle are aliases of OpsLevel, words such as ``tier_2``. Repositories are named by provider and path, never by an
address. A configuration of OpsLevel's Kubernetes import has the same root keys but another version, and names no service.
"""

from __future__ import annotations

from release_staging.evidence.reader import JSON, YAML, Extract, Head, Reader, Tree
from release_staging.evidence.tree import SCALARS, Node
from release_staging.model.confidence import Confidence

_KINDS = ("service", "component", "repository")
_TELLING = {"owner", "tier", "lifecycle"}  # of an entity, in a version that is not read yet
_HOSTS = {"github": "https://github.com/", "gitlab": "https://gitlab.com/", "bitbucket": "https://bitbucket.org/"}


def recognise(head: Head) -> str | None:
    entities = [entity for kind in _KINDS if isinstance(entity := head.get(kind), dict)]
    version = head.get("version")
    if version in (1, "1"):
        return "1" if entities else None
    told = isinstance(version, int | str) and any(entity.keys() >= _TELLING for entity in entities)
    return str(version) if told else None


def read(tree: Tree, out: Extract) -> None:
    root = tree.root
    root.scalar("version", required=True)
    for kind in _KINDS:
        if root[kind].exists:
            _entity(root.object(kind, required=True), kind, out)


def _entity(entity: Node, kind: str, out: Extract) -> None:
    name = entity.text("name", required=kind != "repository")
    repositories = [_repository(place) for place in entity.items("repositories")]
    known = [found for found in repositories if found is not None]
    if kind != "repository":
        out.claim("service.name", entity["name"], subject=name)
        out.claim("service.tier", entity["tier"], subject=name, accept=SCALARS)
        if len(repositories) == 1 and known:
            place, value = known[0]
            loss = "the host is the public one of the provider"
            out.claim("repository.url", place, value=value, subject=name, confidence=Confidence.LOW, loss=loss)
    out.claim("service.owner", entity["owner"], subject=name)
    out.row(
        "catalog_entities",
        entity,
        kind=kind,
        name=name,
        owner=entity.text("owner"),
        lifecycle=entity.text("lifecycle"),
        tier=entity.scalar("tier"),
        system=entity.text("system"),
        repository=known[0][1] if known else None,
    )


def _repository(repository: Node) -> tuple[Node, str] | None:
    """The place that names the repository (``org/name``), and its address where the provider has a public host."""
    host = _HOSTS.get((repository.text("provider") or "").lower())
    name = repository.text("name", required=True)
    return (repository["name"], host + name) if host and name else None


_DETAILS = (
    *("description", "product", "language", "framework", "type", "aliases/**", "tags/**", "tools/**", "dependencies/**", "dependents/**"),
    *("properties/**", "note", "repositories/*/display_name", "repositories/*/path", "api_document_path", "alert_sources/**"),
)

READER = Reader(
    source="service_catalog",
    format="opslevel",
    title="OpsLevel opslevel.yml",
    reference="OpsLevel documentation, Config as Code (opslevel.yml)",
    encodings=(YAML, JSON),
    media_type="application/yaml",
    recognise=recognise,
    read=read,
    versions=("1",),
    drops={"description": tuple(f"/{kind}/{key}" for kind in _KINDS for key in _DETAILS)},
)
