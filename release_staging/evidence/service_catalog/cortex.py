"""Cortex entity descriptor (``cortex.yaml``): an OpenAPI document whose ``info`` holds ``x-cortex-*``.

``x-cortex-tag`` identifies the entity, ``title`` is for display. Owners are groups or addresses of persons: only groups are read. A tier is
by custom a group named ``tier-N``. The repository is named by path, at a provider whose host is not told.
"""

from __future__ import annotations

import re

from release_staging.evidence.reader import JSON, YAML, Extract, Head, Reader, Tree
from release_staging.evidence.tree import Node
from release_staging.model.confidence import Confidence

_TAG = "x-cortex-tag"
_GROUPS = ("x-cortex-groups", "x-cortex-service-groups")
_TIER = re.compile(r"tier[-_: ]?\d\Z", re.IGNORECASE)
_HOSTS = {"github": "https://github.com/", "gitlab": "https://gitlab.com/", "bitbucket": "https://bitbucket.org/"}


def recognise(head: Head) -> str | None:
    return head.text("openapi").rpartition(".")[0] if head.text("openapi") and head.text("info", _TAG) else None


def read(tree: Tree, out: Extract) -> None:
    root = tree.root
    root.text("openapi", required=True)
    info = root.object("info", required=True)
    name = info.text(_TAG, required=True)
    kind = info.text("x-cortex-type") or "service"
    owners = _owners(info)
    tiers = [place for key in _GROUPS for place in info.items(key) if _TIER.match(out.scalar(place) or "")]
    repository = _repository(info)
    if kind == "service":
        out.claim("service.name", info[_TAG], subject=name)
        if len(owners) == 1:
            out.claim("service.owner", owners[0], subject=name)
        if len(tiers) == 1:
            out.claim("service.tier", tiers[0], subject=name, confidence=Confidence.LOW, loss="a group that is named like a tier")
        if repository is not None:
            place, value = repository
            loss = "the host is the public one of the provider"
            out.claim("repository.url", place, value=value, subject=name, confidence=Confidence.LOW, loss=loss)
    out.row(
        "catalog_entities",
        root,
        kind=kind,
        name=name,
        owner=", ".join(str(owner.raw) for owner in owners) or None,
        tier=str(tiers[0].raw) if len(tiers) == 1 else None,
        repository=repository[1] if repository else None,
    )


def _owners(info: Node) -> list[Node]:
    owners = []
    for owner in info.items("x-cortex-owners"):
        kind = (owner.text("type", required=True) or "").lower()
        if kind == "group" and owner.text("name", required=True) is not None:
            owners.append(owner["name"])
    return owners


def _repository(info: Node) -> tuple[Node, str] | None:
    git = info.object("x-cortex-git")
    for provider, host in _HOSTS.items():
        path = git.object(provider).text("repository", required=git[provider].exists)
        if path is not None:
            return git[provider]["repository"], host + path
    return None


_DETAILS = (
    *("title", "description", "x-cortex-link/**", "x-cortex-links/**", "x-cortex-custom-metadata/**", "x-cortex-dependency/**"),
    *("x-cortex-parents/**", "x-cortex-children/**", "x-cortex-definition/**", "x-cortex-team/**", "x-cortex-domain-parents/**"),
)
_TOOLS = (
    "oncall",
    "apm",
    "issues",
    "slos",
    "sentry",
    "snyk",
    "sonarqube",
    "slack",
    "static-analysis",
    "k8s",
    "dashboards",
    "alerts",
    "bugsnag",
)

READER = Reader(
    source="service_catalog",
    format="cortex",
    title="Cortex entity descriptor",
    reference="Cortex documentation, Entity descriptor",
    encodings=(YAML, JSON),
    media_type="application/yaml",
    recognise=recognise,
    read=read,
    versions=("3.0", "3.1"),
    drops={
        "description": tuple(f"/info/{key}" for key in _DETAILS),
        "account-detail": tuple(f"/info/x-cortex-owners/*/{key}" for key in ("email", "description", "provider", "inheritance")),
        "tool-setting": tuple(f"/info/x-cortex-{tool}/**" for tool in _TOOLS),
        "repository-detail": ("/info/x-cortex-git/*/basepath", "/info/x-cortex-git/*/alias"),
        "programming-interface": ("/paths/**", "/servers/**", "/components/**"),
    },
)
