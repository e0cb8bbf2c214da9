"""The one entry point for JSON (RFC 8259, read as I-JSON, RFC 7493).

Refused: duplicate keys (a JSON Pointer would be ambiguous), NaN and infinities, lone surrogates, too much depth,
size or count. Numbers that are not integers keep their text (``Number``), so that a value can be quoted verbatim.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from math import isinf
from typing import Any

import jiter

from release_staging.parsing.limits import LIMITS, Limits, Reason, Unreadable
from release_staging.parsing.text import decode

Number = jiter.LosslessFloat
Json = Any  # dict, list, str, int, Number, bool or None
Moved = Callable[[int, int], tuple[int, int]]  # of line and column, from 1
CUT_OFF = "export the document again; it may have been cut off"

_STRICT: Any = {"allow_inf_nan": False, "catch_duplicate_keys": True, "float_mode": "lossless-float", "cache_mode": "keys"}
_OPENERS = (b"{", b"[", b",")
_POSITION = re.compile(r" at line (\d+) column (\d+)$")


def parse(data: bytes, limits: Limits = LIMITS) -> Json:
    """Parses one JSON text. Raises Unreadable."""
    utf8 = as_utf8(data, limits)
    refuse_count(utf8, limits)
    return parse_part(utf8, limits)


def parse_part(utf8: bytes, limits: Limits, depth: int = 0, moved: Moved = lambda line, column: (line, column)) -> Json:
    """Parses a JSON text within ``depth`` containers; ``moved`` tells where in the document a place of it is. Raises Unreadable."""
    try:
        value = jiter.from_json(utf8, **_STRICT)
    except ValueError as error:
        raise _explained(str(error), moved) from None
    _check(value, depth, limits)
    return value


def refuse_count(utf8: bytes, limits: Limits) -> None:
    """Raises Unreadable where there is more in the text than a program can hold."""
    if len(utf8) > limits.json_nodes and sum(utf8.count(opener) for opener in _OPENERS) > limits.json_nodes:
        raise Unreadable(f"JSON holds more than {limits.json_nodes} elements", remedy="split the document")


def too_deep(limits: Limits) -> Unreadable:
    return Unreadable(f"JSON is nested deeper than {limits.json_depth} levels", reason=Reason.TOO_DEEP)


def is_whole(text: bytes) -> bool:
    """Whether a text does not break off before its end."""
    try:
        jiter.from_json(text, **_STRICT)
    except ValueError as error:
        return reason_of(str(error)) is not Reason.CUT_OFF
    return True


def text_of(value: Json) -> str:
    """The text of a scalar as it stood in the document: strings as they are, others as their JSON literal."""
    if type(value) is Number:
        return bytes(value).decode("ascii")
    if isinstance(value, str):
        return value
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def as_utf8(data: bytes, limits: Limits) -> bytes:
    """The text in UTF-8 without a byte order mark. Raises Unreadable; what is no UTF-8 without a mark is left to the parser."""
    return (
        decode(data, limits).encode("utf-8")
        if data[:2] in (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb") or len(data) > limits.document_bytes
        else data
    )


def reason_of(message: str) -> Reason | None:
    """The reason that a parser gives in words: jiter and msgspec have no types for it."""
    if "EOF while parsing" in message or "was truncated" in message:
        return Reason.CUT_OFF
    return Reason.MORE_FOLLOWS if "trailing characters" in message else None


def _explained(message: str, moved: Moved) -> Unreadable:
    position = _POSITION.search(message)
    where = "line {}, column {}".format(*moved(int(position[1]), int(position[2]))) if position else ""
    what = _POSITION.sub("", message)
    if "uplicate" in what:
        return Unreadable(
            "duplicate key in a JSON object: " + what, where=where, remedy="write each key once; a reader cannot tell which is meant"
        )
    if "recursion" in what:
        return Unreadable("JSON is nested too deeply", where=where, reason=Reason.TOO_DEEP)
    return Unreadable("not valid JSON: " + what, where=where, remedy=CUT_OFF, reason=reason_of(what))


def _check(value: Json, depth: int, limits: Limits) -> None:
    """Depth, and numbers no program can hold: level by level, so that depth cannot exhaust the stack."""
    level = [value]
    while True:
        kinds = set(map(type, level))
        if Number in kinds:
            _refuse_infinite(level)
        if not kinds & {dict, list}:
            return
        depth += 1
        if depth > limits.json_depth:
            raise too_deep(limits)
        members = chain.from_iterable(one.values() for one in level if type(one) is dict)
        level = [*members, *chain.from_iterable(one for one in level if type(one) is list)]


def any_infinite(values: Iterable[Json]) -> bool:
    """Whether any of these is a number larger than any program can hold."""
    return any(map(isinf, map(float, (value for value in values if type(value) is Number))))


def _refuse_infinite(values: Sequence[Json]) -> None:
    if any_infinite(values):
        number = next(value for value in values if any_infinite([value]))
        raise Unreadable(f"JSON number {text_of(number)[:40]} is larger than any program can hold", remedy="correct the document")
