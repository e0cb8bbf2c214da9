r"""Characters written as codes: ``\u0041`` and ``\x41`` behind any number of backslashes, ``%41``, ``&#65;``, ``=41``."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from html.entities import html5
from urllib.parse import unquote_to_bytes

from release_staging.disclosure.pieces import Budget, Piece
from release_staging.disclosure.text import Text

_AROUND = 160  # bytes on either side of a code that are decoded with it: a name and its value are rarely further apart
_GAP = 32

# What may hide a word: letters, digits and signs in codes. A quote behind a backslash hides nothing.
# A run of backslashes is passed in steps: trying each of its ends from each of its beginnings takes a square of its length.
_ESCAPED = re.compile(rb"\\{1,64}+(?P<code>u00(?:0[9AaDd]|[2-7][0-9A-Fa-f])|x[2-7][0-9A-Fa-f]|/)")
_ENTITY = re.compile(rb"&(?P<code>#[0-9]{2,4}|#[xX][0-9A-Fa-f]{2,3}|[A-Za-z]{2,6});")
_PERCENT = re.compile(rb"%(?P<code>[2-7][0-9A-Fa-f])")
_PRINTABLE = re.compile(rb"=(?P<code>[2-7][0-9A-F]|\r?\n)")
_WORD = re.compile(rb"[^\s\"'<>]*")
_ENDS = tuple(bytes([byte]) for byte in b" \t\r\n\"'<>")
_LONGEST = 2_000

_ESCAPE_CODES = re.compile(rb"(?<!\\)\\+(?:u(?P<u>[0-9A-Fa-f]{4})|x(?P<x>[0-9A-Fa-f]{2})|(?P<mark>[nrtbf\"'/\\]))")
_LETTERS = {b"n": b"\n", b"r": b"\n", b"t": b"\t", b"b": b" ", b"f": b" "}


@dataclass(frozen=True)
class Kind:
    """An encoding of characters: what shows it (``sign`` stands in each code), which codes matter, how they are read."""

    encoding: str
    sign: bytes
    matters: re.Pattern[bytes]
    code: re.Pattern[bytes]
    words: bool  # the codes stand in words without blanks, such as URLs; else in any text


_PERCENTS = Kind("percent", b"%", _PERCENT, re.compile(rb"%[0-9A-Fa-f]{2}"), words=True)
_KINDS = (
    Kind("escapes", b"\\", _ESCAPED, _ESCAPE_CODES, words=False),
    Kind("entities", b"&", _ENTITY, _ENTITY, words=False),
    _PERCENTS,
)
_QUOTED_PRINTABLE = Kind("quoted-printable", b"=", _PRINTABLE, re.compile(rb"=(?:[0-9A-F]{2}|\r?\n)"), words=False)


def pieces(text: Text, budget: Budget) -> Iterator[Piece]:
    """The stretches in which characters are written as codes, read."""
    for kind in _KINDS:
        if kind.sign in text.data:
            yield from _pieces(text.data, kind, budget)
    if b"=" in text.data and b"quoted-printable" in text.lower:
        yield from _pieces(text.data, _QUOTED_PRINTABLE, budget)


@dataclass(frozen=True, eq=False)
class Coded:
    """A stretch of the layer above, from ``start``; ``source`` as it stands there, ``data`` with its codes read."""

    start: int
    source: bytes
    kind: Kind
    data: bytes

    @property
    def encoding(self) -> str:
        return self.kind.encoding

    def above(self, start: int, end: int) -> tuple[int, int]:
        return self.start + self._source_offset(start), self.start + self._source_offset(end)

    def _source_offset(self, offset: int) -> int:
        """Where in ``source`` the byte at ``offset`` of ``data`` begins."""
        ends, shifts = self._codes
        number = bisect_right(ends, offset)
        return min(offset + (shifts[number - 1] if number else 0), len(self.source))

    @cached_property
    def _codes(self) -> tuple[list[int], list[int]]:
        """Of each code: where what it stands for ends in ``data``, and how far ``source`` is ahead from there on."""
        ends, shifts, shift = [], [], 0
        for match in self.kind.code.finditer(self.source):
            character = _character(self.kind, match)
            ends.append(match.start() - shift + len(character))
            shift += len(match[0]) - len(character)
            shifts.append(shift)
        return ends, shifts


def _pieces(data: bytes, kind: Kind, budget: Budget) -> Iterator[Piece]:
    for start, end in _stretches(data, kind):
        source = data[start:end]
        decoded = unquote_to_bytes(source) if kind is _PERCENTS else kind.code.sub(lambda match: _character(kind, match), source)
        if decoded == source:
            continue
        if not budget.take(len(decoded)):
            return
        yield Coded(start, source, kind, decoded)


def _stretches(data: bytes, kind: Kind) -> Iterator[tuple[int, int]]:
    """What is decoded together: a word, or a code with what stands around it; stretches that touch are one."""
    start = end = -1
    match = kind.matters.search(data)
    while match is not None:
        at, after = match.span()
        if not (match["code"] == b"40" and data[at - 1 : at] in (b"/", b":")):  # pkg:npm/%40scope
            first, last = _word(data, at) if kind.words else (max(0, at - _AROUND), min(after + _AROUND, len(data)))
            if start >= 0 and first - end <= _GAP:
                end = last
            else:
                if start >= 0:
                    yield start, end
                start, end = first, last
            after = last if kind.words else after
        match = kind.matters.search(data, max(after, at + 1))
    if start >= 0:
        yield start, end


def _word(data: bytes, at: int) -> tuple[int, int]:
    first = max(0, at - _LONGEST)
    before = max(data.rfind(end, first, at) for end in _ENDS)
    after = _WORD.match(data, at, at + _LONGEST)
    return max(first, before + 1), after.end() if after else at


def _character(kind: Kind, match: re.Match[bytes]) -> bytes:
    """What a code stands for, in UTF-8; the code itself where it stands for nothing."""
    code = match[0]
    if kind.encoding == "escapes":
        digits = match["u"] or match["x"]
        return _of(int(digits, 16)) if digits else _LETTERS.get(match["mark"], match["mark"])
    if kind.encoding == "entities":
        name = code[1:-1].decode()
        if name.startswith("#"):
            return _of(int("0" + name[1:], 16 if name[1] in "xX" else 10))
        return html5[name + ";"].encode() if name + ";" in html5 else code
    return bytes.fromhex(code[1:].decode()) if code[1:].strip() else b""


def _of(number: int) -> bytes:
    return chr(number).encode("utf-8", "surrogatepass")
