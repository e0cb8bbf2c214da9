"""Parsed JSON or YAML by columns: all values at one path, and below them all values at each key.

What many like items hold is looked at key by key, by loops within the interpreter, and not item by item: several times as fast.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

_MOST_KEYS = 1024  # that have a column of their own, so that a column is little beside what it holds
_TEXTS = frozenset({str})
_KNOWN: dict[frozenset[type], frozenset[type]] = {}  # kinds that were met, each held once
_NO_MEMBERS: Mapping[str, Any] = {}


class Column:
    """Values that stand at one path, in the order of the document.

    ``members`` are the columns of what the objects among the values hold, by key in the order in which keys appear, and ``rest``
    are the members at further keys, where there are very many. ``items`` is the column of what the lists hold. Depth is bounded by
    whoever parsed them.
    """

    __slots__ = ("items", "kinds", "members", "rest", "values")

    def __init__(self, values: Sequence[Any]) -> None:
        self.values = values
        self.members: Mapping[str, Column] = _NO_MEMBERS
        self.rest: Sequence[tuple[str, Any]] = ()
        self.items: Column | None = None
        self.kinds = _kinds(values)
        if dict in self.kinds:
            self._split(self.of(dict))
        if list in self.kinds:
            items = list(chain.from_iterable(self.of(list)))
            self.items = Column(items) if items else None

    def of(self, kind: type) -> Sequence[Any]:
        """The values of this type."""
        return self.values if self.kinds == {kind} else [value for value in self.values if type(value) is kind]

    def below(self) -> Iterator[Column]:
        """The columns of everything that the values hold."""
        yield from self.members.values()
        if self.rest:
            yield Column([value for _, value in self.rest])
        if self.items is not None:
            yield self.items

    def _split(self, objects: Sequence[dict[str, Any]]) -> None:
        found = _alike(objects) or self._sorted(objects)
        self.members = {key: Column(below) for key, below in found.items()}

    def _sorted(self, objects: Sequence[dict[str, Any]]) -> dict[str, list[Any]]:
        """What objects with different keys hold, by key; what is too much goes to ``rest``."""
        found: dict[str, list[Any]] = {}
        append: dict[str, Callable[[Any], None]] = {}
        members = chain.from_iterable(map(dict.items, objects))
        while len(found) < _MOST_KEYS:
            try:
                for key, value in members:
                    append[key](value)
                return found
            except KeyError:
                found[key] = [value]
                append[key] = found[key].append
        rest = []
        for key, value in members:
            if key in found:
                append[key](value)
            else:
                rest.append((key, value))
        self.rest = rest
        return found


def _kinds(values: Sequence[Any]) -> frozenset[type]:
    try:
        "".join(values)  # the fastest way to learn that all are texts
    except TypeError:
        kinds = frozenset(map(type, values))
        return _KNOWN.setdefault(kinds, kinds)
    return _TEXTS if values else frozenset()


def _alike(objects: Sequence[dict[str, Any]]) -> dict[str, list[Any]] | None:
    """What objects that all have the same keys hold; None where they have not."""
    keys = objects[0]
    if len(keys) > _MOST_KEYS or len(keys) * len(objects) != sum(map(len, objects)):
        return None
    try:
        return {key: [one[key] for one in objects] for key in keys}
    except KeyError:
        return None
