"""Members that a format does not know, where a fact stands on another member's absence: the stranger may be that member, renamed."""

from __future__ import annotations

from collections.abc import Set

from release_staging.evidence.tree import Node
from release_staging.model.exceptions import Code


def tell(node: Node, known: Set[str], without: str) -> None:
    """Tells each member of the object that is not among ``known``; ``without`` says what is read where none is missing."""
    if type(node.raw) is dict and not node.raw.keys() <= known:
        for key in sorted(node.raw.keys() - known):
            message = f"{node[key].locator} is a member that the format does not know; {without}"
            node.out.problem(Code.SCHEMA_DRIFT, message, node[key], expected="a member of the format")
