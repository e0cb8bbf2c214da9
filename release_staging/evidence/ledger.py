"""The loss ledger: every element of a document, by path shape, is mapped, summarised, dropped by rule or not understood.

An element is a leaf: a JSON or YAML scalar or empty container, an XML attribute or text, a line of text that is not
blank. A shape is its path with ``*`` for every array position (``/runs/*/results/*/level``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import translate
from typing import Any

from release_staging.model.locators import token_text
from release_staging.parsing.columns import Column
from release_staging.parsing.json_stream import Array

NOT_UNDERSTOOD, MAPPED, SUMMARISED, DROPPED = range(4)

_SEPARATOR = "\x00"  # between segments, where rules are matched: a key may hold a slash
_MOST_SEGMENT, _MOST_PATH = 200, 500  # characters of a key, and of a path shape, that are shown
_MOST_SHAPES = 100_000  # of one document; from then on every new key is "*" too
_CONTAINERS = {dict, list, Array}  # which are no elements themselves, but where they are empty
_MOST_KEYS = 256  # an object with more distinct keys at one shape is a map; its keys become "*"


class Shape:
    """A node of the tree of path shapes. ``use`` holds for the whole subtree unless a node below says otherwise.

    ``empty`` is the use of the places here that hold nothing (an empty container, a null where a container may stand): an
    empty list in one element says nothing of the elements of the list in another.
    """

    __slots__ = ("children", "concealed", "count", "empty", "joined", "keyed", "made", "parent", "root", "rule", "segment", "use")

    def __init__(self, segment: str = "", parent: Shape | None = None) -> None:
        self.segment, self.parent = segment, parent
        self.root: Shape = parent.root if parent is not None else self
        self.made = 0  # shapes below the root, counted there
        self.children: dict[str, Shape] = {}
        self.count = 0
        self.keyed: bool = parent is not None and parent.concealed
        self.concealed: bool = self.keyed
        self.joined: Shape | None = None  # the shape that this one was absorbed by
        self.use = self.empty = NOT_UNDERSTOOD
        self.rule: str | None = None

    def child(self, segment: str) -> Shape:
        """The shape below; once this shape is a map (``keyed``) every key is ``*``."""
        found = self.children.get(segment)
        if found is None:
            if self.keyed or len(self.children) >= _MOST_KEYS or self.root.made >= _MOST_SHAPES:
                segment = "*"
                found = self.children.get(segment)
            if found is None:
                found = self.children[segment] = Shape(segment, self)
                self.root.made += 1
        return found

    def as_map(self) -> Shape:
        """The shape of every member of an object whose keys are data: ``*``. What was counted key by key before joins it."""
        if not self.keyed:
            self.keyed = True
            by_key, self.children = self.children, {}
            for shape in by_key.values():
                self.child("*")._absorb(shape)
        return self.child("*")

    def conceal(self) -> None:
        """All keys from here down are data, and may be secret: each is ``*``, of what was counted and of what will be."""
        self.keyed = self.concealed = True
        by_key, self.children = self.children, {}
        for shape in by_key.values():
            self.child("*")._absorb(shape)

    def _absorb(self, other: Shape) -> None:
        other.joined = self
        self.count += other.count
        self.empty = self.empty or other.empty
        if self.use == NOT_UNDERSTOOD:
            self.mark(other.use, other.rule)
        for segment, shape in other.children.items():
            self.child(segment)._absorb(shape)

    def mark(self, use: int, rule: str | None = None) -> None:
        """Says what became of the elements of this shape."""
        self.use, self.rule = use, rule

    def count_tree(self, value: Any) -> list[Array]:
        """Adds every leaf of a parsed JSON or YAML value below this shape.

        Returns the arrays too large to hold within it: they are counted as they are read, and are to be finished.
        """
        return self.count_column(Column([value]))

    def count_column(self, column: Column) -> list[Array]:
        """Adds every leaf of values that all stand at this shape."""
        if self.joined is not None:
            return self.joined.count_column(column)
        self.count += len(column.values)
        held = column.kinds & _CONTAINERS
        if not held:
            return []
        self.count -= sum(sum(map(bool, column.of(kind))) for kind in held)
        unread = []
        for key, below in column.members.items():
            unread += (self.children.get(key) or self.child(key)).count_column(below)
        further: dict[Shape, list[Any]] = {}
        for key, value in column.rest:
            further.setdefault(self.child(key), []).append(value)
        for shape, values in further.items():
            unread += shape.count_column(Column(values))
        if column.items is not None:
            unread += self.child("*").count_column(column.items)
        if Array in column.kinds:
            for array in filter(None, column.of(Array)):
                array.watch(self.child("*").count_column)
                unread.append(array)
        return unread


@dataclass(frozen=True)
class LossRule:
    """A named rule of a reader: what matches ``pattern`` (of a whole path) is dropped or summarised."""

    use: int
    name: str
    pattern: re.Pattern[str]


def loss_rules(drops: Mapping[str, Sequence[str]], summaries: Mapping[str, Sequence[str]]) -> tuple[LossRule, ...]:
    """The rules of a reader, drops first. Both map a rule's name to path patterns: shell wildcards in a segment, ``**`` for any tail."""
    rules = [LossRule(DROPPED, name, _pattern(patterns)) for name, patterns in drops.items()]
    return (*rules, *(LossRule(SUMMARISED, name, _pattern(patterns)) for name, patterns in summaries.items()))


def _pattern(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(_path, patterns)), re.DOTALL)


def _path(pattern: str) -> str:
    *above, last = pattern.strip("/").split("/")
    if last == "**":
        return "".join(map(_segment, above)) + f"(?:{_SEPARATOR}.*)?"
    return "".join(map(_segment, (*above, last)))


def _segment(pattern: str) -> str:
    whole = translate(pattern).removeprefix("(?s:").removesuffix(")\\Z")
    return _SEPARATOR + whole.replace(".*", f"[^{_SEPARATOR}]*")


def rows(root: Shape, rules: Sequence[LossRule]) -> list[dict[str, Any]]:
    """The ledger of a document: one row a shape that holds elements, in path order. Rules apply to shapes the reader did not use."""
    return sorted(_rows(root, "", "", NOT_UNDERSTOOD, None, rules), key=lambda row: row["path"])


def _rows(shape: Shape, path: str, whole: str, use: int, rule: str | None, rules: Sequence[LossRule]) -> Iterator[dict[str, Any]]:
    """``path`` is what is shown of the place of ``shape``, ``whole`` what rules match; both are cut, since keys may be long."""
    if shape.use != NOT_UNDERSTOOD:
        use, rule = shape.use, shape.rule
    if shape.count:
        final, why = (shape.empty, None) if use == NOT_UNDERSTOOD else (use, rule)
        if final == NOT_UNDERSTOOD:
            final, why = next(((one.use, one.name) for one in rules if one.pattern.fullmatch(whole)), (NOT_UNDERSTOOD, None))
        counts = [0, 0, 0, 0]
        counts[final] = shape.count
        yield {
            "path": path or "/",
            "mapped": counts[MAPPED],
            "summarised": counts[SUMMARISED],
            "dropped": counts[DROPPED],
            "not_understood": counts[NOT_UNDERSTOOD],
            "rule": why,
        }
    for segment, child in shape.children.items():
        segment = segment[:_MOST_SEGMENT]
        below = f"{path}/{token_text(segment)}"[:_MOST_PATH]
        yield from _rows(child, below, whole + _SEPARATOR + segment, use, rule, rules)
