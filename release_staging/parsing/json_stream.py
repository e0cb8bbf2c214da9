"""Large JSON documents in flat memory: the outline is held, the items of large arrays are parsed when they are reached.

msgspec finds where the values of the outer levels begin and end; every value is then parsed as ``json`` parses it, so that
what is refused there is refused here too, though a fault within an item only when that item is reached.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import reduce
from operator import getitem
from typing import Any, SupportsIndex

import msgspec
import pyarrow as pa

from release_staging.parsing import json, json_items
from release_staging.parsing.columns import Column
from release_staging.parsing.json import Json
from release_staging.parsing.limits import LIMITS, Limits, Unreadable

Watcher = Callable[[Column], "list[Array]"]
_Items = list[msgspec.Raw]
_Members = dict[str, list[msgspec.Raw] | dict[str, msgspec.Raw] | str | int | float | bool | None]
_BATCH = 256 * 2**10  # bytes of items that are parsed at once, as a rule
_KEPT = 4 * _BATCH  # and that are kept until they are read


def parse(data: bytes, limits: Limits = LIMITS) -> Json:
    """As ``json.parse``, but the large arrays within a large document are each an ``Array``. Raises Unreadable, as reading those does."""
    if len(data) <= limits.json_whole_bytes:
        return json.parse(data, limits)
    utf8 = json.as_utf8(data, limits)
    json.refuse_count(utf8, limits)
    return _Text(utf8, limits).value(msgspec.Raw(utf8), 0)


class Array(list[Any]):
    """An array too large to hold: a list whose items are parsed each time they are reached.

    ``watch`` names a function that is given each item once, in batches and before anyone else sees it; ``finish`` gives it
    those that nobody reached. Before, the first of them are kept once they were reached: many look at them, to recognise the document.
    """

    __slots__ = ("_depth", "_kept", "_spans", "_text", "_unread", "_watched", "_watcher")

    def __init__(self, text: _Text, spans: list[msgspec.Raw], depth: int) -> None:
        """``depth`` is the number of containers round an item."""
        super().__init__()
        self._text, self._spans, self._depth = text, spans, depth
        self._kept: dict[int, Column] = {}  # batches, by the number of their first item
        self._watcher: Watcher | None = None
        self._watched = 0
        self._unread: list[Array] = []

    def watch(self, watcher: Watcher) -> None:
        """From now on ``watcher`` gets each item once. It returns the Arrays within, which it watches too."""
        self._watcher, self._watched, self._unread = watcher, 0, []

    def finish(self) -> None:
        """Parses what nobody reached. Raises Unreadable."""
        for _ in self.batches(self._watched):
            while self._unread:
                self._unread.pop().finish()
        while self._unread:
            self._unread.pop().finish()

    def __len__(self) -> int:
        return len(self._spans)

    def __iter__(self) -> Iterator[Json]:
        for batch in self.batches():
            yield from batch.values

    def __getitem__(self, index: SupportsIndex | slice) -> Any:
        if isinstance(index, slice):
            return [self._item(span) for span in self._spans[index]]
        if self._watcher is None and self._spans and index.__index__() == 0:
            return next(self.batches()).values[0]
        return self._item(self._spans[index])

    def __contains__(self, value: object) -> bool:
        return any(item == value for item in self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, list) and len(self) == len(other) and all(one == two for one, two in zip(self, other, strict=True))

    def __ne__(self, other: object) -> bool:
        return not self == other

    __hash__ = None

    def __repr__(self) -> str:
        return f"<{len(self)} items>"

    def _item(self, span: msgspec.Raw) -> Json:
        return self._text.value(span, self._depth)

    def batches(self, start: int = 0) -> Iterator[Column]:
        """The items from ``start`` on, which begins a batch: batches begin at the same items every time."""
        usual = max(1, _BATCH * len(self._spans) // max(1, self._text.size(self._spans)))
        while start < len(self._spans):
            batch = self._kept.get(start) or self._parsed(start, usual)
            end = start + len(batch.values)
            if self._watcher is not None:
                self._kept.pop(start, None)
            elif not start or self._text.size([self._spans[0], self._spans[end - 1]]) <= _KEPT:
                self._kept[start] = batch
            if self._watcher is not None and start == self._watched:
                self._watched = end
                self._unread += self._watcher(batch)
            yield batch
            start = end

    def _parsed(self, start: int, usual: int) -> Column:
        """The batch that begins at ``start``: ``usual`` items, or fewer where they are large."""
        spans = self._spans[start : start + usual]
        while len(spans) > 1 and self._text.size(spans) > 2 * _BATCH:
            spans = spans[: len(spans) // 2]
        return self._text.values(spans, self._depth)


class _Text:
    """The UTF-8 of a document, of which spans are parsed. ``depth`` is always the number of containers round a span."""

    def __init__(self, utf8: bytes, limits: Limits) -> None:
        self.utf8, self.limits = utf8, limits
        self._begin = pa.py_buffer(utf8).address

    def value(self, span: msgspec.Raw, depth: int) -> Json:
        start = bytes(memoryview(span)[:4096]).lstrip()[:1] if len(span) > self.limits.json_part_bytes else b""
        if start not in (b"{", b"["):
            return json.parse_part(bytes(span), self.limits, depth, lambda line, column: self._moved(span, line, column))
        if depth >= self.limits.json_depth:
            raise json.too_deep(self.limits)
        if start == b"[":
            return Array(self, self._indexed(span, _Items), depth + 1)
        return self._object(span, self._members(span), depth)

    def values(self, spans: list[msgspec.Raw], depth: int) -> Column:
        """The values of neighbouring spans, parsed at once where none is large."""
        if max(map(len, spans)) <= self.limits.json_part_bytes:
            start = self._offset(spans)
            found = json_items.parse(spans, self.utf8, start, start + self.size(spans), self.limits.json_depth - depth)
            if found is not None:
                return found
        return Column([self.value(span, depth) for span in spans])

    def _object(self, span: msgspec.Raw, members: dict[str, Any], depth: int) -> Json:
        """Parsed with what is large in it cut out. What a duplicate key hides from the index is not cut out: the parser sees it."""
        text, begin = memoryview(span), self._offset(span)
        large = list(self._large(members))
        cuts = sorted((self._offset(part) - begin, self.size(part)) for _, part in large)
        pieces: list[bytes | memoryview] = []
        end = 0
        for start, length in cuts:
            pieces += [text[end:start], b"0"]
            end = start + length
        outline = b"".join([*pieces, text[end:]])
        value = json.parse_part(outline, self.limits, depth, lambda line, column: self._uncut(outline, begin, cuts, line, column))
        for (*above, key), part in large:
            holder = reduce(getitem, above, value)
            levels = depth + 1 + len(above)
            holder[key] = Array(self, part, levels + 1) if isinstance(part, list) else self.value(part, levels)
        return value

    def _large(self, members: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], Any]]:
        """What is large in an object, and the keys that lead to it: the items of an array, or what stands in an object within."""
        for key, member in members.items():
            inner = {(key, below): part for below, part in member.items()} if isinstance(member, dict) else {(key,): member}
            yield from ((keys, part) for keys, part in inner.items() if self.size(part) > self.limits.json_part_bytes)

    def _members(self, span: msgspec.Raw) -> dict[str, Any]:
        """What stands in an object: arrays and objects within it are indexed on the way."""
        try:
            found: dict[str, Any] = msgspec.json.decode(span, type=_Members)
        except (ValueError, RecursionError):  # a number, say, that the strict parser refuses with more words
            found = self._indexed(span, dict[str, msgspec.Raw])
        return found

    def _indexed(self, span: msgspec.Raw, kind: Any) -> Any:
        try:
            return msgspec.json.decode(span, type=kind)
        except RecursionError:
            raise json.too_deep(self.limits) from None
        except ValueError as error:
            raise Unreadable(f"not valid JSON: {error}", remedy=json.CUT_OFF, reason=json.reason_of(str(error))) from None

    def _offset(self, part: msgspec.Raw | list[msgspec.Raw]) -> int:
        """Where in the document a value, or the first of some neighbours, begins."""
        first = part[0] if isinstance(part, list) else part
        return pa.py_buffer(first).address - self._begin  # type: ignore[no-any-return]

    def size(self, part: Any) -> int:
        """Bytes from the beginning of a value, or the first of some neighbours, to the end of the last."""
        if isinstance(part, list):
            return self._offset(part[-1]) + len(part[-1]) - self._offset(part) if part else 0
        return len(part) if isinstance(part, msgspec.Raw) else 0

    def _place(self, offset: int) -> tuple[int, int]:
        """Line and column, from 1, of a byte of the document."""
        return self.utf8.count(b"\n", 0, offset + 1) + 1, offset - self.utf8.rfind(b"\n", 0, offset + 1)  # as jiter counts them

    def _moved(self, span: msgspec.Raw, line: int, column: int) -> tuple[int, int]:
        """Where in the document a place within a span is."""
        above, left = self._place(self._offset(span))
        return above + line - 1, column + (left - 1 if line == 1 else 0)

    def _uncut(self, outline: bytes, begin: int, cuts: list[tuple[int, int]], line: int, column: int) -> tuple[int, int]:
        """Where in the document a place within the outline of an object is."""
        offset = column - 1
        for text in outline.split(b"\n", line - 1)[: line - 1]:
            offset += len(text) + 1
        for start, length in cuts:
            if start < offset:
                offset += length - 1
        return self._place(begin + offset)
