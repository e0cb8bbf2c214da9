"""File names in diff headers: git's quoting, prefixes, timestamps, and the temporary folders of ``kubectl diff``."""

from __future__ import annotations

import re

NOTHING = "/dev/null"
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_ESCAPED = {b"a": b"\a", b"b": b"\b", b"t": b"\t", b"n": b"\n", b"v": b"\v", b"f": b"\f", b"r": b"\r"}
_KUBECTL = re.compile(r".*/(?:LIVE|MERGED)-[^/]+/(?P<object>[^/]+)\Z")
_PREFIXES = {("a/", "b/"), ("i/", "w/"), ("c/", "i/"), ("c/", "w/"), ("o/", "w/"), ("w/", "i/"), ("1/", "2/")}


def unquoted(name: str) -> str:
    """A name as it stands in a header: without timestamp (after a tab) and git's C-style quoting (octal bytes of UTF-8)."""
    if not name.startswith('"'):
        return name.partition("\t")[0]
    inner = name[1:].rpartition('"')[0].encode()
    return _ESCAPE.sub(_unescape, inner).decode("utf-8", "replace")


def _unescape(match: re.Match[bytes]) -> bytes:
    code = match[1]
    return bytes([int(code, 8) & 0xFF]) if code.isdigit() else _ESCAPED.get(code, code)


def file_named(old: str, new: str) -> str:
    """The file that a pair of header names speaks of: the new one, the old one where it was removed."""
    old, new = _without_prefix(old, new)
    name = old if new == NOTHING else new
    kubernetes = _KUBECTL.match(name)
    return kubernetes["object"] if kubernetes else name


def git_header_paths(line: str) -> tuple[str | None, str | None]:
    """New and old name in ``diff --git a/x b/x`` or ``diff --cc x``; None where spaces make it ambiguous."""
    kind, _, names = line.removeprefix("diff --").partition(" ")
    if kind != "git":
        name = unquoted(names)
        return name, name
    old, new = _halves(names)
    if old is None or new is None:
        return None, None
    old, new = _without_prefix(unquoted(old), unquoted(new))
    return new, old


def _halves(names: str) -> tuple[str | None, str | None]:
    if names.startswith('"'):
        first, separator, second = names.partition('" ')
        return (first + '"', second) if separator else (None, None)
    if names.count(" ") == 1:
        old, _, new = names.partition(" ")
        return old, new
    middle = len(names) // 2  # the same name twice, with prefixes of one length
    old, new = names[:middle], names[middle + 1 :]
    same = names[middle : middle + 1] == " " and (old == new or old[2:] == new[2:])
    return (old, new) if same else (None, None)


def _without_prefix(old: str, new: str) -> tuple[str, str]:
    for left, right in _PREFIXES:
        if (old.startswith(left) or old == NOTHING) and (new.startswith(right) or new == NOTHING):
            return old.removeprefix(left), new.removeprefix(right)
    return old, new
