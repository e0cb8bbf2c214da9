"""Service catalogues: Backstage, Datadog, OpsLevel, Cortex."""

from __future__ import annotations

from typing import Any

from release_staging.evaluation.documents import Written, yaml_document
from release_staging.evaluation.worlds import World

_SOURCE = "service_catalog"


def backstage(world: World) -> Written:
    tree = {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Component",
        "metadata": {
            "name": world.service.name,
            "title": world.service.name.replace("-", " ").title(),
            "annotations": {"github.com/project-slug": world.service.slug} if "github.com" in world.service.repository else {},
            "labels": {"tier": "tier-1"},
            "tags": ["release"],
        },
        "spec": {"type": "service", "lifecycle": "production", "owner": world.service.owner, "system": "apps"},
    }
    path = world.path("catalog", "catalog-info.yaml")
    return _catalog(
        yaml_document(path, _SOURCE, "backstage-catalog", tree, service="/metadata/name", owner="/spec/owner", format="/apiVersion")
    )


def datadog(world: World) -> Written:
    tree = {
        "apiVersion": "v3",
        "kind": "service",
        "metadata": {"name": world.service.name, "owner": world.service.owner},
        "spec": {"tier": "1", "lifecycle": "production", "type": "web", "languages": ["go"]},
        "datadog": {"codeLocations": [{"repositoryURL": f"{world.service.repository}.git", "paths": ["**"]}]},
    }
    path = world.path("catalog", "entity.datadog.yaml")
    return _catalog(
        yaml_document(path, _SOURCE, "datadog-service", tree, service="/metadata/name", owner="/metadata/owner", format="/apiVersion")
    )


def opslevel(world: World) -> Written:
    tree: dict[str, Any] = {
        "version": 1,
        "service": {
            "name": world.service.name,
            "owner": world.service.owner,
            "lifecycle": "generally_available",
            "tier": "tier_1",
            "language": "Go",
        },
    }
    path = world.path("catalog", "opslevel.yml")
    return _catalog(yaml_document(path, _SOURCE, "opslevel", tree, service="/service/name", owner="/service/owner", format="/version"))


def cortex(world: World) -> Written:
    tree = {
        "openapi": "3.0.1",
        "info": {
            "title": world.service.name.replace("-", " ").title(),
            "x-cortex-tag": world.service.name,
            "x-cortex-type": "service",
            "x-cortex-owners": [{"type": "group", "name": world.service.owner, "provider": "OKTA"}],
            "x-cortex-groups": ["tier-1"],
        },
    }
    path = world.path("catalog", "cortex.yaml")
    return _catalog(
        yaml_document(path, _SOURCE, "cortex", tree, service="/info/x-cortex-tag", owner="/info/x-cortex-owners/0/name", format="/openapi")
    )


def _catalog(document: Written) -> Written:
    return document.said(by_run=False)
