"""Canonical JSON as in-toto and TUF metadata is signed in: http://wiki.laptop.org/go/Canonical_JSON.

Members sorted by name, no blanks, of a text only quotation mark and backslash escaped, no number but whole ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def encode(value: Any) -> bytes:
    """The canonical form of a parsed JSON value. Raises ValueError for a number that is not whole: it has none."""
    return "".join(_parts(value)).encode()


def _parts(value: Any) -> Iterator[str]:
    if type(value) is dict:
        yield "{"
        for number, name in enumerate(sorted(value)):
            yield f"{',' if number else ''}{_text(name)}:"
            yield from _parts(value[name])
        yield "}"
    elif isinstance(value, list):
        yield "["
        for number, item in enumerate(value):
            yield "," if number else ""
            yield from _parts(item)
        yield "]"
    elif type(value) is str:
        yield _text(value)
    elif type(value) is int:
        yield str(value)
    elif value is None or type(value) is bool:
        yield {None: "null", True: "true", False: "false"}[value]
    else:
        raise ValueError("a number that is not whole has no canonical form")


def _text(text: str) -> str:
    return '"{}"'.format(text.replace("\\", "\\\\").replace('"', '\\"'))
