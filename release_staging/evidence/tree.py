"""Reading JSON and YAML: nodes that know where they stand and note in the ledger what was used of them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from release_staging.evidence.extract import MISSING, Extract
from release_staging.evidence.ledger import DROPPED, MAPPED, NOT_UNDERSTOOD, SUMMARISED, Shape
from release_staging.model import locators
from release_staging.parsing import json
from release_staging.parsing.columns import Column
from release_staging.parsing.json_stream import Array
from release_staging.parsing.limits import Unreadable

SCALARS: tuple[type, ...] = (str, int, json.Number, bool)
_AT_ONCE = 256  # roots that are counted
NUMBERS: tuple[type, ...] = (int, json.Number)


class Node:
    """A value of a JSON or YAML document, or the place where one is missing.

    ``node["a"]["b"]`` and ``node.at("a", "b", 0)`` step down and never fail: what is not there is a node whose ``raw``
    is MISSING. The reading methods (``text``, ``integer``, ``flag`` ...) take a key, mark it as used, and note drift
    where the type is another.
    """

    __slots__ = ("_place", "base", "key", "out", "parent", "raw", "shape")

    def __init__(self, out: Extract, raw: Any, shape: Shape, parent: Node | None = None, key: str | int = "", base: str = "") -> None:
        self.out, self.raw, self.shape, self.parent, self.key, self.base = out, raw, shape, parent, key, base
        self._place: str | None = None

    @property
    def pointer(self) -> str:
        """RFC 6901 pointer from the root of this tree."""
        return "" if self.parent is None else f"{self.parent.pointer}/{locators.token_text(self.key)}"

    @property
    def locator(self) -> str:
        place = self._place  # made once: it begins those of all below
        if place is None:
            above, key = self.parent, self.key
            if above is None:
                place = f"{self.base}json-pointer:"
            else:
                place = f"{above.locator}/{key if type(key) is int else locators.escape(locators.token_text(key))}"
            self._place = place
        return place

    @property
    def exists(self) -> bool:
        """Whether something stands here; a null counts as something."""
        return self.raw is not MISSING

    def mark(self) -> None:
        self.shape.mark(MAPPED)

    def __getitem__(self, key: str | int) -> Node:
        raw = self.raw
        if type(raw) is dict:
            below = raw.get(key, MISSING)
        elif isinstance(raw, list) and type(key) is int and -len(raw) <= key < len(raw):
            below = raw[key]
        else:
            below = MISSING
        return Node(self.out, below, self.shape.child("*" if type(key) is int else str(key)), self, key, self.base)

    def at(self, *keys: str | int) -> Node:
        node = self
        for key in keys:
            node = node[key]
        return node

    def object(self, key: str, *, required: bool = False) -> Node:
        """The object at ``key``. Something else there is drift, where stepping down with ``[key]`` would only find nothing."""
        node = self[key]
        node.holds(dict, required)
        return node

    def items(self, key: str | None = None, *, required: bool = False) -> Iterator[Node]:
        """The elements of the array at ``key`` (of this node without one). Not an array: drift, and nothing."""
        node = self if key is None else self[key]
        if node.holds(list, required):
            shape = node.shape.child("*")
            for index, raw in enumerate(node.raw):
                yield Node(self.out, raw, shape, node, index, self.base)

    def entries(self, key: str | None = None, *, required: bool = False) -> Iterator[tuple[str, Node]]:
        """The members of an object whose keys are data, not structure: in path shapes they are ``*``."""
        node = self if key is None else self[key]
        shape = node.shape.as_map()
        if node.holds(dict, required):
            for name, raw in node.raw.items():
                yield name, Node(self.out, raw, shape, node, name, self.base)

    def text(self, key: str, *, required: bool = False) -> str | None:
        """The text at ``key``; None where it is missing, null or empty."""
        raw = self.raw
        if type(raw) is dict:  # the common cases, without a node
            value = raw.get(key)
            if type(value) is str and value:
                (self.shape.children.get(key) or self.shape.child(key)).use = MAPPED
                return value
            if value is None and not required and key not in raw:
                return None
        return self.out.scalar(self[key], required=required)

    def scalar(self, key: str, *, required: bool = False) -> str | None:
        """The text of any scalar at ``key``: for identifiers that some writers make numbers."""
        return self.leaf(key, SCALARS, required=required)

    def number(self, key: str, *, required: bool = False) -> str | None:
        """The number at ``key``, as its own text."""
        return self.leaf(key, NUMBERS, required=required)

    def integer(self, key: str, *, required: bool = False) -> int | None:
        text = self.leaf(key, (int,), required=required)
        if text is None:
            return None
        value = int(text)
        if abs(value) >= 2**63:
            self.out.drift(self[key], "a whole number of 64 bits")
            return None
        return value

    def flag(self, key: str, *, required: bool = False) -> bool | None:
        text = self.leaf(key, (bool,), required=required)
        return None if text is None else text == "true"

    def summarise(self, *keys: str, rule: str | None = None) -> None:
        """Notes that everything at these keys (here, without one) is only counted or condensed."""
        for shape in [self.shape.child(key) for key in keys] or [self.shape]:
            shape.mark(SUMMARISED, rule)

    def drop(self, *keys: str, rule: str) -> None:
        """Notes that everything at these keys is left out, by a named rule."""
        for key in keys:
            self.shape.child(key).mark(DROPPED, rule)

    def decoded(self, key: str) -> tuple[bytes, Node] | None:
        """The bytes encoded in base64 at ``key`` and, parsed as JSON, the tree in them. Drift, and None, where it is not that."""
        node = self[key]
        text = self.text(key, required=True)
        if text is None:
            return None
        try:
            data = unbase64(text)
            value = json.parse(data)
        except (ValueError, binascii.Error):
            self.out.drift(node, "base64 of a JSON text")
            return None
        node.shape.use, node.shape.empty = NOT_UNDERSTOOD, MAPPED  # the text was used; of what it encodes nothing is, yet
        shape = node.shape.child("base64")
        shape.count_tree(value)
        return data, Node(self.out, value, shape, base=f"{node.locator};base64;")

    def leaf(self, key: str, accept: tuple[type, ...], *, required: bool = False) -> str | None:
        """The text of the scalar at ``key``, which is of one of these types."""
        raw = self.raw.get(key, MISSING) if type(self.raw) is dict else MISSING
        if type(raw) is str and raw and str in accept:  # the common case, without a node
            self.shape.child(key).use = MAPPED
            return raw
        return self.out.scalar(self[key], required=required, accept=accept)

    def holds(self, kind: type, required: bool) -> bool:
        """Whether this is an array (list) or an object (dict); something else, or nothing where it is required, is drift."""
        if isinstance(self.raw, kind):
            if not self.raw:
                self.shape.empty = MAPPED
            return True
        if required or (self.raw is not MISSING and self.raw is not None):
            self.out.drift(self, "an array" if kind is list else "an object")
        elif self.raw is None:
            self.shape.empty = MAPPED
        return False


def unbase64(text: str) -> bytes:
    """Decodes RFC 4648 base64 in either alphabet, padded or not. Raises ValueError."""
    standard = "".join(text.split()).replace("-", "+").replace("_", "/").rstrip("=")
    return base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True)


@dataclass(frozen=True)
class Tree:
    """A JSON, JSON Lines or YAML document: one root, or several. ``unread`` are the arrays that are counted as they are read."""

    roots: tuple[Node, ...]
    unread: tuple[Array, ...] = ()

    @property
    def root(self) -> Node:
        """The first root; readers of formats with one root use this, and what else stands there is not understood."""
        return self.roots[0]

    def finish(self) -> None:
        """Reads what the reader left out, so that the ledger adds up; called once, when the reader is done. Raises Unreadable."""
        for array in self.unread:
            array.finish()


def open_tree(values: list[tuple[str, Any]], out: Extract) -> Tree:
    """Makes nodes of parsed values; each comes with the locator steps that lead to it."""
    if not values:
        raise Unreadable("the document is empty")
    unread: list[Array] = []
    for start in range(0, len(values), _AT_ONCE):
        unread += out.shapes.count_column(Column([value for _, value in values[start : start + _AT_ONCE]]))
    return Tree(tuple(Node(out, value, out.shapes, base=base) for base, value in values), tuple(unread))
