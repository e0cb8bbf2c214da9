"""Texts written as base64, in one line or several, plain or compressed, in UTF-8 or UTF-16."""

from __future__ import annotations

import re
from binascii import Error, a2b_base64
from collections.abc import Iterator
from dataclasses import dataclass

from release_staging.disclosure.pieces import Budget, Piece
from release_staging.disclosure.text import LONG, Text
from release_staging.parsing import compressed

_WRAPPED = 32  # characters of a line that may go on in the next one
_TO_STANDARD = bytes.maketrans(b"-_", b"+/")
# Text begins, like gzip, with a byte below 0x80, and so does each of its first groups of three: most names and digests do not.
_PLAUSIBLE = re.compile(rb"(?:[A-Za-f][A-Za-z0-9+/_-]{3}){5}|H4sI")
_PART = re.compile(rb"(?<![A-Za-z0-9+])(?:[A-Za-f][A-Za-z0-9+]{3}){5}[A-Za-z0-9+]*")
_LONG_ENOUGH = 120  # characters that are decoded in any case: text in other letters than ASCII's may begin otherwise
_WORD = re.compile(rb"[A-Za-z0-9+/_-]+")
_NEXT_LINE = re.compile(rb"[ \t\"',+]{0,4}\r?\n[ \t\"'#*+-]{0,40}(?=[A-Za-z0-9+/_=-])")
_CONTROL = bytes(byte for byte in range(32) if byte not in b"\t\n\r\f\x1b")


@dataclass(frozen=True, eq=False)
class Blob:
    """Text from the run or runs of base64 at ``start`` to ``end``. ``exact`` says that its bytes are those that the run encodes."""

    start: int
    end: int
    encoding: str
    data: bytes
    exact: bool

    def above(self, start: int, end: int) -> tuple[int, int]:
        if not self.exact:
            return self.start, self.end
        return self.start + start // 3 * 4, min(self.start + -(-end // 3) * 4, self.end)


def pieces(text: Text, budget: Budget) -> Iterator[Piece]:
    """The words and wrapped lines of base64 that hold text."""
    for run in _runs(text):
        end = 0
        for lines in _readings(run, text.data):
            if lines[0][0] < end:  # read already, as part of more
                continue
            found = _decoded(lines, text.data, budget)
            if budget.exceeded:
                return
            if found is not None:
                end = found.end
                yield found


def unpacked(data: bytes, budget: Budget) -> bytes | None:
    """What compressed bytes hold, as far as the budget goes; None where they are none."""
    found = compressed.unpacked(data, budget.left)
    if found is None:
        return None
    plain, whole = found
    if whole:
        budget.take(len(plain))
    else:
        budget.exceed()
    return plain


def text_of(data: bytes) -> bytes | None:
    """Bytes as UTF-8 where they are text, in UTF-8 or UTF-16; else None."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or (len(data) > 7 and not len(data) % 2 and (not any(data[1:16:2]) or not any(data[:16:2]))):
        little = data[:2] == b"\xff\xfe" or (data[:2] != b"\xfe\xff" and not any(data[1:16:2]))
        try:
            return data.decode("utf-16-le" if little else "utf-16-be").encode()
        except UnicodeError:
            return None
    if not data.isascii():
        try:
            data.decode()
        except UnicodeDecodeError:
            return None
    return data if len(data.translate(None, _CONTROL)) == len(data) else None


_Run = list[tuple[int, int]]  # the lines of it


def _runs(text: Text) -> Iterator[_Run]:
    """Long words, each with the lines that go on with it: all as long as its first, but for the last."""
    data, done = text.data, 0
    for start, end in text.long_words:
        if start < done or data[start:end].islower():  # names and digests: no text encodes to small letters alone
            continue
        if end - start < _LONG_ENOUGH and not (_PLAUSIBLE.match(data, start) or _PART.search(data, start, end)):
            continue
        run = [(start, end)]
        while end - run[-1][0] >= _WRAPPED and (gap := _NEXT_LINE.match(data, end)):
            line = _WORD.match(data, gap.end())
            if line is None or len(line[0]) > run[0][1] - run[0][0]:
                break
            end = line.end()
            run.append(line.span())
        done = end
        yield run


def _readings(run: _Run, data: bytes) -> Iterator[_Run]:
    """As what a run may be read: as a whole; where that is no text, line by line, each without words before or after it."""
    yield run
    for start, end in run:
        if len(run) > 1 and end - start >= LONG:
            yield [(start, end)]
        yield from ([part.span()] for part in _PART.finditer(data, start, end) if part.span() != (start, end))


def _decoded(lines: _Run, data: bytes, budget: Budget) -> Blob | None:
    encoded = data[slice(*lines[0])] if len(lines) == 1 else b"".join(data[start:end] for start, end in lines)
    try:
        found = a2b_base64(encoded.translate(_TO_STANDARD) + b"=" * (-len(encoded) % 4))
    except Error:
        return None
    inner = unpacked(found, budget)
    plain = text_of(found if inner is None else inner)
    if plain is None or (inner is None and not budget.take(len(plain))):
        return None
    name = "base64" if inner is None else "compressed base64"
    return Blob(lines[0][0], lines[-1][1], name, plain, exact=plain is found and len(lines) == 1)
