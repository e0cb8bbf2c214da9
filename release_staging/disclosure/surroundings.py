"""What stands beside a find and tells what it is: the name of its field, whether it is the whole of it, words nearby."""

from __future__ import annotations

import re

_NEAR = 200
_FAR = 500

_SIGNS = (b":", b"=", b">")
_NAME = re.compile(rb"(?P<name>[A-Za-z_][\w.-]{0,60})[\"'\\\s]{0,10}\Z")
_ELEMENT = re.compile(rb"<(?P<name>[\w.:-]{1,60})[^<>]*\Z")
_NAME_CHARS = 80
_MAILBOX = re.compile(rb"<[^<>@\s]{1,64}@[^<>@\s]{1,255}>")

_BLANK = rb"(?:\s|\x1b\[[\d;]*m){0,80}"  # terminals' colours are no text
_QUOTED = re.compile(rb"[:=,\[{(]" + _BLANK + rb"""["'][^\s"'<>]*\Z""")
_PLAIN = re.compile(rb"""(?:\A|\n)[ \t+~-]*(?:["']?[\w./-]{1,60}["']?[ \t]*[:=][ \t]*)?[^\s"'<>:=]*(?:://[^\s"'<>]*)?\Z""")
_REST = re.compile(rb"""[^\s"'<>]*(?P<end>["']|[ \t\r]*(?:\n|\Z))""")


def near(data: bytes, start: int, size: int = _NEAR) -> bytes:
    """What stands before ``start``."""
    return data[max(0, start - size) : start]


def around(data: bytes, start: int, end: int) -> bytes:
    return data[max(0, start - _NEAR) : end + _NEAR]


def field(data: bytes, start: int) -> bytes:
    """The name of the field in whose value ``start`` is, in lower case; empty where none stands near.

    It stands before the nearest sign of assignment: ``"author": "Jane <``, ``Signed-off-by: Jane <``, ``<publisher>``, ``maintainer=``.
    Of a list of mailboxes it stands before the first.
    """
    before = _MAILBOX.sub(b"", near(data, start, _FAR))
    sign = max(before.rfind(sign) for sign in _SIGNS)
    if sign < 0:
        return b""
    pattern = _ELEMENT if before[sign] == ord(">") else _NAME
    match = pattern.search(before, max(0, sign - _NAME_CHARS), sign)
    return match["name"].lower() if match else b""


def within_field(data: bytes, start: int, names: re.Pattern[bytes]) -> bool:
    """Whether an object, list or element that ``names`` match was opened shortly before ``start``."""
    return any(True for _ in names.finditer(near(data, start, _FAR)))


def is_markup(data: bytes) -> bool:
    """Whether it is JSON or XML, by how it begins: tools write these, and have every value between marks."""
    return data[:_NEAR].lstrip()[:1] in (b"{", b"[", b"<")


def is_whole_value(data: bytes, start: int, end: int) -> bool:
    """Whether the word around the find is all that a field, attribute or list item holds: no sentence, no command line."""
    rest = _REST.match(data, end, end + _NEAR)
    if rest is None:
        return False
    if rest["end"] in (b'"', b"'"):
        return _QUOTED.search(near(data, start)) is not None
    return not is_markup(data) and _PLAIN.search(near(data, start)) is not None
