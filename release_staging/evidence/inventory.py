"""The inventory that an array is: its elements, read many at once by a function of ``Items``, with the places where they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import chain, islice
from typing import Any, TypeVar

from release_staging.evidence.extract import Cells
from release_staging.evidence.items import Drift, Items, Texts, first, last
from release_staging.evidence.ledger import Shape
from release_staging.evidence.tree import Node
from release_staging.model.locators import escape, token_text
from release_staging.parsing.columns import Column
from release_staging.parsing.json_stream import Array

T = TypeVar("T")

_AT_ONCE = 256  # items of an array that is held as a whole


@dataclass(frozen=True)
class Neighbours:
    """Items of an array, from the one at ``start`` on: where they stand."""

    array: Node
    start: int
    column: Column

    def __len__(self) -> int:
        return len(self.column.values)

    @cached_property
    def locators(self) -> list[str]:
        above = self.array.locator
        return [f"{above}/{index}" for index in range(self.start, self.start + len(self))]

    def node(self, number: int) -> Node:
        """One of them, to read what only few of them have."""
        array = self.array
        return Node(array.out, self.column.values[number], array.shape.child("*"), array, self.start + number, array.base)

    def read(self, function: Callable[[Items], T]) -> T:
        return _read(function, self.column, self.array.shape.child("*"), self.node)


def _read(function: Callable[[Items], T], column: Column, shape: Shape, node: Callable[[int], Node]) -> T:
    """What a function makes of values that are each a row; ``node`` gives one of them, by its number."""
    drift = Drift()
    found = function(Items(column, shape, lambda number: (number, node(number)), drift))
    drift.tell()
    return found


def read_items(above: Node, key: str, read: Callable[[Items], T], *, required: bool = False) -> Iterator[tuple[Neighbours, T]]:
    """What ``read`` makes of the elements of the array at ``key``, in their order. Not an array: drift, and nothing."""
    for these in _neighbours(above[key], required):
        yield these, these.read(read)


def _neighbours(array: Node, required: bool) -> Iterator[Neighbours]:
    start = 0
    if array.holds(list, required):
        for column in _columns(array.raw):
            yield Neighbours(array, start, column)
            start += len(column.values)


def _columns(array: list[Any]) -> Iterator[Column]:
    if isinstance(array, Array):
        yield from array.batches()
    else:
        for start in range(0, len(array), _AT_ONCE):
            yield Column(array[start : start + _AT_ONCE])


@dataclass(frozen=True)
class Located:
    """Where items stand, one by one."""

    locators: Sequence[str]

    def __len__(self) -> int:
        return len(self.locators)


def read_several(nodes: Iterable[Node], read: Callable[[Items], T]) -> Iterator[tuple[Located, T]]:
    """What ``read`` makes of nodes of one shape that stand each by itself, as the events of a stream do, in their order."""
    left = iter(nodes)
    while these := list(islice(left, _AT_ONCE)):
        found = _read(read, Column([node.raw for node in these]), these[0].shape, these.__getitem__)
        yield Located([node.locator for node in these]), found


def read_tree(above: Node, key: str, read: Callable[[Items], dict[str, Texts]]) -> Iterator[tuple[Located, dict[str, Texts]]]:
    """The cells of the elements of the array at ``key``, and of those of arrays at ``key`` within them, in the order of the document."""
    for these in _neighbours(above[key], required=False):
        within = these.column.members.get(key)
        if within is None or Array not in within.kinds:
            yield these.read(partial(_tree, these.locators, key, read))
            continue
        for number, value in enumerate(these.column.values):  # what one of them holds is too large to be held
            alone = Neighbours(these.array, these.start + number, Column([value]))
            yield Located(alone.locators), alone.read(read)
            yield from read_tree(alone.node(0), key, read)


def _tree(locators: Sequence[str], key: str, read: Callable[[Items], dict[str, Texts]], items: Items) -> tuple[Located, dict[str, Texts]]:
    cells, below = [read(items)], items.inner(key)
    if not len(below):
        return Located(locators), cells[0]
    levels: list[list[tuple[int, ...]]] = [[(number,) for number in range(len(items))]]
    while len(below):
        levels.append([(*path, index) for path, size in zip(levels[-1], below.sizes, strict=True) for index in range(size)])
        cells.append(read(below))
        below = below.inner(key)
    paths = list(chain.from_iterable(levels))
    order = sorted(range(len(paths)), key=paths.__getitem__)
    step = "/" + escape(token_text(key)) + "/"
    located = [locators[paths[place][0]] + "".join(f"{step}{index}" for index in paths[place][1:]) for place in order]
    columns = {name: list(chain.from_iterable(one[name] for one in cells)) for name in cells[0]}
    return Located(located), {name: [column[place] for place in order] for name, column in columns.items()}


def read_one(node: Node, read: Callable[[Items], T]) -> T:
    """What such a function makes of one item."""
    return _read(read, Column([node.raw]), node.shape, lambda _: node)


def cells_of_one(cells: Mapping[str, Cells]) -> dict[str, str | bool | None]:
    """The cells of the one row that such a function gave."""
    return {name: cell if cell is None or isinstance(cell, str | bool) else cell[0] for name, cell in cells.items()}


__all__ = [
    "Items",
    "Located",
    "Neighbours",
    "Texts",
    "cells_of_one",
    "first",
    "last",
    "read_items",
    "read_one",
    "read_several",
    "read_tree",
]
