"""Reading what many like items hold, key by key: by columns, and not item by item.

The methods of ``Items`` are those of a ``Node``, and each gives one value an item, with the mark and the drift that the node's
method would give. What is as the reader says costs a loop within the interpreter; what is odd is looked at one by one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from itertools import accumulate, chain, compress
from typing import Any, TypeVar

from release_staging.evidence.extract import MISSING, named
from release_staging.evidence.ledger import DROPPED, MAPPED, Shape
from release_staging.evidence.tree import NUMBERS, SCALARS, Node
from release_staging.parsing import json
from release_staging.parsing.columns import Column
from release_staging.parsing.json_stream import Array

T = TypeVar("T")
Texts = Sequence[str | None]
Place = Callable[[int], tuple[int, Node]]  # of an item, by its number: the number of the row that it belongs to, and its node

_NOTHING = Column([])


class Drift:
    """What is odd about items, told in their order once all has been read of them."""

    def __init__(self) -> None:
        self._found: list[tuple[int, Callable[[], None]]] = []

    def note(self, row: int, say: Callable[[], None]) -> None:
        self._found.append((row, say))

    def tell(self) -> None:
        for _, say in sorted(self._found, key=lambda found: found[0]):
            say()


class Items:
    """Neighbours in an array, or what they hold at a key.

    ``column`` has the values of those that are looked at, which are all, or those numbered ``numbers`` of ``count``; ``absent`` are
    the numbers of those that would be looked at if they were there. ``sizes`` tells of what ``inner`` gave how many are whose.
    """

    def __init__(
        self,
        column: Column,
        shape: Shape,
        place: Place,
        drift: Drift,
        *,
        count: int | None = None,
        numbers: Sequence[int] | None = None,
        absent: Sequence[int] = (),
        sizes: Sequence[int] = (),
    ) -> None:
        self._column, self._shape, self._place, self._drift = column, shape, place, drift
        self._count = len(column.values) if count is None else count
        self._numbers: Sequence[int] = range(self._count) if numbers is None else numbers
        self._absent, self.sizes = absent, sizes

    def __len__(self) -> int:
        return self._count

    def text(self, key: str, *, required: bool = False) -> Texts:
        """The text at ``key`` of each; None where it is missing, null or empty."""
        return self._leaves(key, (str,), required)

    def scalar(self, key: str, *, required: bool = False) -> Texts:
        """The text of any scalar at ``key``."""
        return self._leaves(key, SCALARS, required)

    def number(self, key: str, *, required: bool = False) -> Texts:
        """The number at ``key``, as its own text."""
        return self._leaves(key, NUMBERS, required)

    def integer(self, key: str) -> Sequence[int | None]:
        """The whole number at ``key``."""
        texts = self._leaves(key, (int,), required=False)
        if not any(texts):
            return [None] * self._count
        found: list[int | None] = []
        for number, text in enumerate(texts):
            value = None if text is None else int(text)
            if value is not None and abs(value) >= 2**63:
                self.note(number, key, "a whole number of 64 bits")
                value = None
            found.append(value)
        return found

    def flag(self, key: str) -> Sequence[bool | None]:
        """Whether ``true`` or ``false`` stands at ``key``."""
        return [None if text is None else text == "true" for text in self._leaves(key, (bool,), required=False)]

    def first_text(self, *keys: str) -> Texts:
        """The text at the first of these keys where there is one; the keys behind it are not looked at."""
        found = self.text(keys[0])
        for key in keys[1:]:
            rest = self.where([text is None for text in found]).text(key)
            found = [text or other for text, other in zip(found, rest, strict=True)]
        return found

    def own_text(self, *, required: bool = False) -> Texts:
        """The text that each is itself."""
        return self._scalars(self._column, None, (str,), required)

    def object(self, key: str, *, required: bool = False) -> Items:
        """The object at ``key`` of each. Where there is none, nothing is in it."""
        column, numbers, absent = self._held(key, dict, required)

        def place(number: int) -> tuple[int, Node]:
            row, node = self._place(number)
            return row, node[key]

        return Items(column, self._shape.child(key), place, self._drift, count=self._count, numbers=numbers, absent=absent)

    def inner(self, key: str, *, required: bool = False) -> Items:
        """The elements of the arrays at ``key``, all together; ``condensed`` makes of what is read of them one value an item."""
        lists, numbers, _ = self._held(key, list, required)
        sizes = [0] * self._count
        for number, size in zip(numbers, map(len, lists.values), strict=True):
            sizes[number] = size
        ends: list[int] = []

        def place(number: int) -> tuple[int, Node]:
            if not ends:
                ends.extend(accumulate(sizes))
            owner = bisect_right(ends, number)
            row, node = self._place(owner)
            return row, node[key][number - ends[owner] + sizes[owner]]

        elements = Column(list(chain.from_iterable(lists.values))) if Array in lists.kinds else lists.items or _NOTHING
        return Items(elements, self._shape.child(key).child("*"), place, self._drift, sizes=sizes)

    def condensed(self, values: Texts, of_several: Callable[[list[str]], str | None]) -> Texts:
        """Of what ``inner`` gave: ``values``, one for each, made one for each item that holds them. None where it holds none."""
        if self.sizes.count(1) == len(self.sizes):
            return values
        found: list[str | None] = []
        for mine in self.of_each(values):
            texts = list(filter(None, mine))
            found.append(texts[0] if len(texts) == 1 else of_several(texts) if texts else None)
        return found

    def of_each(self, values: Sequence[T]) -> Iterator[Sequence[T]]:
        """Of what ``inner`` gave: ``values``, one for each, those of each item that holds them together."""
        end = 0
        for size in self.sizes:
            start, end = end, end + size
            yield values[start:end]

    def first(self) -> Items:
        """Of what ``inner`` gave: the first of each item."""
        chosen, start = [False] * len(self), 0
        for size in self.sizes:
            if size:
                chosen[start] = True
            start += size
        return self.where(chosen)

    def last(self, values: Texts) -> Items:
        """Of what ``inner`` gave: the last of each item for which there is a value."""
        chosen, end = [False] * len(values), 0
        for size in self.sizes:
            start, end = end, end + size
            newest = next((number for number in reversed(range(start, end)) if values[number] is not None), None)
            if newest is not None:
                chosen[newest] = True
        return self.where(chosen)

    def where(self, chosen: Sequence[bool]) -> Items:
        """The same, but nothing is looked for in those that are not chosen, and None found."""
        if all(chosen):
            return self
        mask = [chosen[number] for number in self._numbers]
        return Items(
            Column(list(compress(self._column.values, mask))),
            self._shape,
            self._place,
            self._drift,
            count=self._count,
            numbers=list(compress(self._numbers, mask)),
            absent=[number for number in self._absent if chosen[number]],
            sizes=self.sizes,
        )

    def sorted_by(self, words: Texts) -> Iterator[tuple[str, list[int], Items]]:
        """Those of each word by themselves, with their numbers among these; those without a word are left out."""
        found: dict[str, tuple[list[int], list[Any]]] = {}
        for number, value in zip(self._numbers, self._column.values, strict=True):
            word = words[number]
            if word is not None:
                numbers, values = found.setdefault(word, ([], []))
                numbers.append(number)
                values.append(value)
        for word, (numbers, values) in found.items():
            yield word, numbers, Items(Column(values), self._shape, self._place_among(numbers), self._drift)

    def keys(self) -> Sequence[Collection[str]]:
        """The keys of each; none of what is no object."""
        return [value if type(value) is dict else () for value in self._spread(self._column.values)]

    def kinds(self, key: str) -> Sequence[type | None]:
        """The type of what stands at ``key`` of each; None where that is null or nothing."""
        if not self._member(key).values:
            return [None] * self._count
        return self._spread([None if raw is None else type(raw) for raw in self._raws(key, None)])

    def are_objects(self) -> Sequence[bool]:
        """Of each, whether it is an object."""
        return [type(value) is dict for value in self._spread(self._column.values)]

    def drop(self, *keys: str, rule: str) -> None:
        """Notes that everything at these keys is left out, by a named rule."""
        for key in keys:
            self._shape.child(key).mark(DROPPED, rule)

    def node(self, number: int) -> Node:
        """One of these, to keep it."""
        return self._place(number)[1]

    def note(self, number: int, key: str | None, expected: str) -> None:
        """Tells, as ``Extract.drift`` does, that what stands at ``key`` of one of these (that it itself, without one) is odd."""
        self.tell(number, lambda node: node.out.drift(node if key is None else node[key], expected))

    def tell(self, number: int, say: Callable[[Node], None]) -> None:
        """Has something said of one of these, in its turn."""
        row, node = self._place(number)
        self._drift.note(row, partial(say, node))

    def _leaves(self, key: str, accept: tuple[type, ...], required: bool) -> Texts:
        return self._scalars(self._member(key), key, accept, required)

    def _scalars(self, below: Column, key: str | None, accept: tuple[type, ...], required: bool) -> Texts:
        """The texts of scalars, which stand at ``key`` or, without one, are the items themselves."""
        complete = len(below.values) == len(self._column.values)
        if required:
            usual = complete and not self._absent and below.kinds <= _KINDS[accept] and "" not in below.values
        else:
            usual = below.kinds <= _KINDS_OR_NULL[accept]
        if not usual:
            return self._one_by_one(key, accept, required)
        if not below.values:
            return [None] * self._count
        self._at(key).mark(MAPPED)
        return self._spread(_texts(below, below.values if complete else self._raws(key, None)))

    def _one_by_one(self, key: str | None, accept: tuple[type, ...], required: bool) -> Texts:
        """As ``Extract.scalar`` reads each."""
        found: list[str | None] = []
        used = False
        for number, raw in zip(self._numbers, self._raws(key, MISSING), strict=True):
            nothing = raw is MISSING or raw is None or raw == ""
            fits = not nothing and type(raw) in accept
            found.append(json.text_of(raw) if fits else None)
            if fits or (nothing and not required):
                used |= raw is not MISSING
            else:
                self.note(number, key, named(accept))
        if required:
            for number in self._absent:
                self.note(number, key, named(accept))
        if used:
            self._at(key).mark(MAPPED)
        return self._spread(found)

    def _held(self, key: str, kind: type, required: bool) -> tuple[Column, Sequence[int], Sequence[int]]:
        """The objects or arrays at ``key``, the numbers of the items that hold one and of those that do not; as ``Node.holds`` says."""
        below, shape = self._member(key), self._shape.child(key)
        if below.kinds <= {kind} and len(below.values) == len(self._column.values) and not (required and self._absent):
            if not all(below.values):
                shape.empty = MAPPED
            return below, self._numbers, self._absent
        values, numbers, absent = [], [], list(self._absent)
        unlike = list(self._absent) if required else []
        for number, raw in zip(self._numbers, self._raws(key, MISSING), strict=True):
            if isinstance(raw, kind):
                values.append(raw)
                numbers.append(number)
            else:
                absent.append(number)
                if required or (raw is not MISSING and raw is not None):
                    unlike.append(number)
                    continue
            if raw is not MISSING and not raw:
                shape.empty = MAPPED
        for number in unlike:
            self.note(number, key, "an array" if kind is list else "an object")
        return below if below.kinds <= {kind} else Column(values), numbers, absent

    def _member(self, key: str) -> Column:
        """What stands at ``key``."""
        column = self._column
        if column.rest and key not in column.members:
            return Column([value for other, value in column.rest if other == key])
        return column.members.get(key, _NOTHING)

    def _raws(self, key: str | None, default: Any) -> Sequence[Any]:
        """The value at ``key`` in each of those that are looked at."""
        column = self._column
        if key is None:
            return column.values
        if column.kinds == {dict}:
            return [one.get(key, default) for one in column.values]
        return [one.get(key, default) if type(one) is dict else default for one in column.values]

    def _at(self, key: str | None) -> Shape:
        return self._shape if key is None else self._shape.child(key)

    def _place_among(self, numbers: Sequence[int]) -> Place:
        return lambda number: self._place(numbers[number])

    def _spread(self, values: Sequence[T]) -> Sequence[T | None]:
        """``values`` and, for what is not looked at, None."""
        if len(values) == self._count:
            return values
        found: list[T | None] = [None] * self._count
        for number, value in zip(self._numbers, values, strict=True):
            found[number] = value
        return found


_ACCEPTED: tuple[tuple[type, ...], ...] = ((str,), SCALARS, NUMBERS, (int,), (bool,))
_KINDS = {accept: frozenset(accept) for accept in _ACCEPTED}
_KINDS_OR_NULL = {accept: frozenset({*accept, type(None)}) for accept in _ACCEPTED}


def _texts(column: Column, values: Sequence[Any]) -> Texts:
    """The texts of scalars of a column, None for null and empty ones."""
    if column.kinds <= {str, type(None)}:
        return values if "" not in values else [value or None for value in values]
    if column.kinds == {int} and values is column.values:
        return list(map(str, values))
    return [None if value is None or value == "" else json.text_of(value) for value in values]


def first(texts: list[str]) -> str:
    """For ``condensed``: the first of several."""
    return texts[0]


def last(texts: list[str]) -> str:
    """For ``condensed``: the last of several."""
    return texts[-1]
