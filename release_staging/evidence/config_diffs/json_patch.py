"""JSON Patch (RFC 6902), also written in YAML as Kustomize does.

Each operation is a row: ``key`` is its JSON Pointer as it stands. A move is a removal and an addition; ``test`` changes nothing.
A patch says neither which document it changes nor which environment. Values are never read.
"""

from __future__ import annotations

from release_staging.evidence.reader import JSON, YAML, Extract, Head, Reader, Tree
from release_staging.evidence.tree import Node

_ACTIONS = {"add": "added", "remove": "removed", "replace": "changed", "copy": "added", "move": "added", "test": None}
_MEMBERS = {"op", "path", "value", "from"}


def recognise(head: Head) -> str | None:
    """An array of nothing but operations: a member that RFC 6902 does not know makes it something else."""
    operations = head.root
    return "" if isinstance(operations, list) and operations and all(map(_is_operation, operations)) else None


def _is_operation(value: object) -> bool:
    if not isinstance(value, dict) or not value.keys() <= _MEMBERS:
        return False
    op, path = value.get("op"), value.get("path")
    return isinstance(op, str) and op in _ACTIONS and isinstance(path, str) and (not path or path.startswith("/"))


def read(tree: Tree, out: Extract) -> None:
    for root in tree.roots:
        for operation in root.items(required=True):
            _read_operation(operation, out)


def _read_operation(operation: Node, out: Extract) -> None:
    op, key = operation.text("op", required=True), operation.text("path")
    action = _ACTIONS.get(op or "")
    if op in ("move", "copy"):
        source = operation.text("from", required=True)
        if op == "move":
            out.row("config_changes", operation, key=source, action="removed")
    if op in ("add", "replace", "test") and not operation["value"].exists:
        out.drift(operation["value"], "a value")
    if action is not None:
        out.row("config_changes", operation, key=key, action=action)
    value = operation["value"].shape
    while value.children:  # keys inside values are data: in the ledger they are "*"
        value = value.as_map()


READER = Reader(
    source="config_diffs",
    format="json-patch",
    title="JSON Patch",
    reference="RFC 6902",
    encodings=(JSON, YAML),
    media_type="application/json-patch+json",
    recognise=recognise,
    read=read,
    together=True,
    drops={"configuration-value": ("/*/value/**",)},
)
