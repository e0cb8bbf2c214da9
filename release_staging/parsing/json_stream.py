"""Large JSON documents in flat memory: the outline is held, the items of large arrays are parsed when they are reached.

msgspec finds where the values of the outer levels begin and end; every value is then parsed as ``json`` parses it, so that
what is refused there is refused here too, though a fault within an item only when that item is reached.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, SupportsIndex

import msgspec
import pyarrow as pa

from release_staging.parsing import json
from release_staging.parsing.json import Json
from release_staging.parsing.limits import LIMITS, Limits, Unreadable

Watcher = Callable[[list[Json]], "list[Array]"]
_BATCH = 128 * 2**10  # bytes of items parsed at once: few enough to stay in the processor's cache until they are read


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
    those that nobody reached.
    """

    __slots__ = ("_depth", "_spans", "_text", "_unread", "_watched", "_watcher")

    def __init__(self, text: _Text, spans: list[msgspec.Raw], depth: int) -> None:
        """``depth`` is the number of containers round an item."""
        super().__init__()
        self._text, self._spans, self._depth = text, spans, depth
        self._watcher: Watcher | None = None
        self._watched = 0
        self._unread: list[Array] = []

    def watch(self, watcher: Watcher) -> None:
        """From now on ``watcher`` gets each item once. It returns the Arrays within, which it watches too."""
        self._watcher, self._watched, self._unread = watcher, 0, []

    def finish(self) -> None:
        """Parses what nobody reached. Raises Unreadable."""
        for _ in self._batches(self._watched):
            while self._unread:
                self._unread.pop().finish()
        while self._unread:
            self._unread.pop().finish()

    def __len__(self) -> int:
        return len(self._spans)

    def __iter__(self) -> Iterator[Json]:
        for batch in self._batches(0):
            yield from batch

    def __getitem__(self, index: SupportsIndex | slice) -> Any:
        if isinstance(index, slice):
            return [self._item(span) for span in self._spans[index]]
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

    def _batches(self, start: int) -> Iterator[list[Json]]:
        """Parses from item ``start`` on, which begins a batch: batches begin at the same items every time."""
        while start < len(self._spans):
            end, size = start, 0
            while end < len(self._spans) and size < _BATCH:
                size += len(self._spans[end])
                end += 1
            batch = self._text.values(self._spans[start:end], self._depth)
            if self._watcher is not None and start == self._watched:
                self._watched = end
                self._unread += self._watcher(batch)
            yield batch
            start = end


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
            return Array(self, self._indexed(span, list[msgspec.Raw]), depth + 1)
        return self._object(span, self._indexed(span, dict[str, msgspec.Raw]), depth)

    def values(self, spans: list[msgspec.Raw], depth: int) -> list[Json]:
        """The values of neighbouring spans, parsed at once where none is large."""
        if all(len(span) <= self.limits.json_part_bytes for span in spans):
            with suppress(Unreadable):  # told below, with the place in the document
                return json.parse_items(spans, depth, self.limits)
        return [self.value(span, depth) for span in spans]

    def _object(self, span: msgspec.Raw, members: dict[str, msgspec.Raw], depth: int) -> Json:
        """Parsed with its large members cut out. One that a duplicate key hides from the index is not cut out: the parser sees it."""
        text, begin = bytes(span), self._offset(span)
        large = {key: member for key, member in members.items() if len(member) > self.limits.json_part_bytes}
        cuts = [(self._offset(member) - begin, len(member)) for member in large.values()]
        pieces, end = [], 0
        for start, length in sorted(cuts):
            pieces += [text[end:start], b"0"]
            end = start + length
        outline = b"".join([*pieces, text[end:]])
        del text
        value = json.parse_part(outline, self.limits, depth, lambda line, column: self._uncut(outline, begin, sorted(cuts), line, column))
        for key, member in large.items():
            value[key] = self.value(member, depth + 1)
        return value

    def _indexed(self, span: msgspec.Raw, kind: Any) -> Any:
        try:
            return msgspec.json.decode(span, type=kind)
        except RecursionError:
            raise json.too_deep(self.limits) from None
        except ValueError as error:
            raise Unreadable(f"not valid JSON: {error}", remedy=json.CUT_OFF) from None

    def _offset(self, span: msgspec.Raw) -> int:
        return pa.py_buffer(span).address - self._begin  # type: ignore[no-any-return]

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
