"""What the readers of Kubernetes objects of this source share: an object with a status, several as YAML documents, or a list of them.

An object without a status is what somebody asked for, not what came of it: no evidence, and not recognised.
"""

from __future__ import annotations

from collections.abc import Iterator

from release_staging.evidence.reader import Head, Tree
from release_staging.evidence.tree import Node


def recognised(head: Head, group: str, kind: str) -> str | None:
    """API version without its group of the first object of this kind that has a status; None where there is none."""
    return next((version for item in head.objects() if (version := _version(item, group, kind)) is not None), None)


def objects(tree: Tree, group: str, kind: str) -> list[tuple[Node, str | None]]:
    """The objects of this kind that have a status; each with its name where there are several, to tell them apart."""
    found = [node for root in tree.roots for node in _members(root) if _version(node.raw, group, kind) is not None]
    for node in found:
        node.text("kind")
        node.text("apiVersion")
    return [(node, node["metadata"].text("name") if len(found) > 1 else None) for node in found]


def anywhere(*patterns: str) -> tuple[str, ...]:
    """Loss patterns for an object on its own, and in a list."""
    return tuple(prefix + pattern for prefix in ("", "/items/*") for pattern in patterns)


METADATA = anywhere(
    *(
        f"/metadata/{key}"
        for key in (
            *("annotations/**", "creationTimestamp", "deletionTimestamp", "finalizers/**", "generateName", "generation", "labels/**"),
            *("managedFields/**", "name", "namespace", "ownerReferences/**", "resourceVersion", "selfLink", "uid"),
        )
    ),
    "/metadata/continue",
)


def _members(root: Node) -> Iterator[Node]:
    if str(root["kind"].raw).endswith("List") and root["items"].exists:
        root.text("kind")
        root.text("apiVersion")
        yield from root.items("items")
    else:
        yield root


def _version(item: object, group: str, kind: str) -> str | None:
    if not isinstance(item, dict) or item.get("kind") != kind or not isinstance(item.get("status"), dict) or not item["status"]:
        return None
    said = item.get("apiVersion")
    return said.removeprefix(f"{group}/") if isinstance(said, str) and said.startswith(f"{group}/") else None
