"""The one entry point for JSON (RFC 8259, read as I-JSON, RFC 7493).

Refused: duplicate keys (a JSON Pointer would be ambiguous), NaN and infinities, lone surrogates, too much depth,
size or count. Numbers that are not integers keep their text (``Number``), so that a value can be quoted verbatim.
"""

from __future__ import annotations

import re
from math import isinf
from typing import Any, cast

import jiter

from release_staging.parsing.limits import LIMITS, Limits, Unreadable
from release_staging.parsing.text import decode

Number = jiter.LosslessFloat
Json = Any  # dict, list, str, int, Number, bool or None

_OPENERS = (b"{", b"[", b",")
_POSITION = re.compile(r" at line (\d+) column (\d+)$")


def parse(data: bytes, limits: Limits = LIMITS) -> Json:
    """Parses one JSON text. Raises Unreadable."""
    return _parse(_as_utf8(data, limits), limits)


def _parse(utf8: bytes, limits: Limits) -> Json:
    if sum(utf8.count(opener) for opener in _OPENERS) > limits.json_nodes:
        raise Unreadable(f"JSON holds more than {limits.json_nodes} elements", remedy="split the document")
    try:
        value = jiter.from_json(utf8, allow_inf_nan=False, catch_duplicate_keys=True, float_mode="lossless-float", cache_mode="keys")
    except ValueError as error:
        raise _explained(str(error)) from None
    _check(value, limits)
    return value


def parse_lines(data: bytes, limits: Limits = LIMITS) -> list[tuple[int, Json]]:
    """Parses JSON Lines: ``(line number from 0, value)`` for each line that is not blank. Raises Unreadable with the line."""
    text = _as_utf8(data, limits).replace(b"\r\n", b"\n").replace(b"\r", b"\n")  # lines as text.lines_of counts them
    if text.count(b"\n") >= limits.text_lines:
        raise Unreadable(f"JSON Lines with more than {limits.text_lines} lines", remedy="split the document")
    found = []
    for number, line in enumerate(text.split(b"\n")):
        if line.strip():
            try:
                found.append((number, _parse(line, limits)))
            except Unreadable as error:
                raise Unreadable(error.message, where=f"line {number + 1} of the JSON Lines", remedy=error.remedy) from None
    return found


def text_of(value: Json) -> str:
    """The text of a scalar as it stood in the document: strings as they are, others as their JSON literal."""
    if isinstance(value, str):
        return value
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return bytes(cast(Any, value)).decode("ascii")


def _as_utf8(data: bytes, limits: Limits) -> bytes:
    return (
        decode(data, limits).encode("utf-8")
        if data[:2] in (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb") or len(data) > limits.document_bytes
        else data
    )


def _explained(message: str) -> Unreadable:
    position = _POSITION.search(message)
    where = f"line {position[1]}, column {position[2]}" if position else ""
    what = _POSITION.sub("", message)
    if "uplicate" in what:
        return Unreadable(
            "duplicate key in a JSON object: " + what, where=where, remedy="write each key once; a reader cannot tell which is meant"
        )
    if "recursion" in what:
        return Unreadable("JSON is nested too deeply", where=where)
    return Unreadable("not valid JSON: " + what, where=where, remedy="export the document again; it may have been cut off")


def _check(value: Json, limits: Limits) -> None:
    """Depth, and numbers no program can hold: iterative, so that depth cannot exhaust the stack."""
    if type(value) is Number:
        _refuse_infinite(value)
    level = [value] if type(value) in (dict, list) else []
    depth = 0
    while level:
        depth += 1
        if depth > limits.json_depth:
            raise Unreadable(f"JSON is nested deeper than {limits.json_depth} levels")
        below: list[Json] = []
        for item in level:
            children = item.values() if type(item) is dict else item
            for child in children:
                kind = type(child)
                if kind is dict or kind is list:
                    below.append(child)
                elif kind is Number:
                    _refuse_infinite(child)
        level = below


def _refuse_infinite(number: Number) -> None:
    if isinf(float(number)):
        raise Unreadable(f"JSON number {text_of(number)[:40]} is larger than any program can hold", remedy="correct the document")
