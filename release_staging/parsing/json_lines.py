"""Several JSON texts in one document: JSON Lines, or texts one below another. All are parsed as ``json`` parses one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from release_staging.parsing import json, json_items
from release_staging.parsing.json import Json
from release_staging.parsing.limits import LIMITS, Limits, Unreadable

_AT_ONCE = 256  # lines


def parse(data: bytes, limits: Limits = LIMITS) -> list[tuple[int, int, Json]]:
    """``(first line, line after the last, value)`` of each text, lines from 0. Raises Unreadable.

    Where the first line is no whole text, each text begins at a bracket at the edge.
    """
    utf8 = json.as_utf8(data, limits).replace(b"\r\n", b"\n").replace(b"\r", b"\n")  # lines as text.lines_of counts them
    if utf8.count(b"\n") >= limits.text_lines:
        raise Unreadable(f"JSON Lines with more than {limits.text_lines} lines", remedy="split the document")
    lines = utf8.split(b"\n")
    starts = [number for number, line in enumerate(lines) if line.strip()]
    if not starts or json.is_whole(lines[starts[0]]):
        return list(_each_line(lines, starts, limits))
    starts = [number for number in starts if lines[number].startswith((b"{", b"["))]
    ends = [*starts[1:], len(lines)] if starts else []
    return [(start, end, _one(b"\n".join(lines[start:end]), start, limits)) for start, end in zip(starts, ends, strict=True)]


def _each_line(lines: Sequence[bytes], numbers: Sequence[int], limits: Limits) -> Iterator[tuple[int, int, Json]]:
    for at in range(0, len(numbers), _AT_ONCE):
        these = numbers[at : at + _AT_ONCE]
        texts = [lines[number] for number in these]
        joined = b"\n".join(texts)
        known = json_items.parse(texts, joined, 0, len(joined), limits.json_depth) if len(joined) <= limits.json_nodes else None
        values = known.values if known is not None else [_one(text, number, limits) for text, number in zip(texts, these, strict=True)]
        yield from ((number, number + 1, value) for number, value in zip(these, values, strict=True))


def _one(text: bytes, start: int, limits: Limits) -> Json:
    try:
        json.refuse_count(text, limits)
        return json.parse_part(text, limits)
    except Unreadable as error:
        raise Unreadable(error.message, where=f"in the JSON text of line {start + 1}", remedy=error.remedy) from None
