"""What a text hides: the texts that are written in it in another encoding, one within the other.

A layer is a text of pieces, each of which stands for a stretch of the text above it; the outermost is the document. A layer is
searched like a document, and what is found there is led back, piece by piece, to where it stands in the document.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from release_staging.disclosure import blobs, codes
from release_staging.disclosure.pieces import Budget, Piece
from release_staging.disclosure.text import Text

MOST_LAYERS = 6  # below the document; what is encoded more often is told, not looked through
_APART = b"\n\x1e\n"  # between pieces: no pattern reads across it


@dataclass(frozen=True)
class Place:
    """A stretch of the document, and of every layer on the way to it, with the encodings from the outside in."""

    start: int
    end: int
    texts: tuple[bytes, ...]
    encodings: tuple[str, ...] = ()


class Layer:
    """``text`` is what it says, ``above`` the layer that it was decoded from."""

    def __init__(self, data: bytes, above: Layer | None = None, pieces: tuple[Piece, ...] = ()) -> None:
        self.text, self.above, self._pieces = Text(_readable(data)), above, pieces

    def below(self, budget: Budget) -> Layer | None:
        """The layer of everything that stands encoded in this one; None where nothing does."""
        pieces = tuple(_pieces(self.text, budget))
        return Layer(_APART.join(piece.data for piece in pieces), self, pieces) if pieces else None

    def place(self, start: int, end: int) -> Place:
        """Where a stretch of this layer stands in the document. One that reaches over the end of a piece ends there."""
        if self.above is None:
            return Place(start, end, (self.text.data[start:end],))
        number = bisect_right(self._starts, start) - 1
        piece, first = self._pieces[number], self._starts[number]
        end = min(end, first + len(piece.data))
        outer = self.above.place(*piece.above(start - first, end - first))
        return Place(outer.start, outer.end, (self.text.data[start:end], *outer.texts), (*outer.encodings, piece.encoding))

    @cached_property
    def _starts(self) -> list[int]:
        starts, at = [], 0
        for piece in self._pieces:
            starts.append(at)
            at += len(piece.data) + len(_APART)
        return starts


def layers(data: bytes, budget: Budget) -> Iterator[Layer]:
    """The document, and what it hides, outermost first. Ends where ``budget`` does, which then says so."""
    layer: Layer | None = Layer(data)
    for _ in range(MOST_LAYERS + 1):
        if layer is None:
            return
        yield layer
        layer = layer.below(budget)
    if layer is not None:
        budget.exceed()


def _pieces(text: Text, budget: Budget) -> Iterable[Piece]:
    yield from codes.pieces(text, budget)
    yield from blobs.pieces(text, budget)


def _readable(data: bytes) -> bytes:
    r"""``data`` with the white space and the marks that JSON writes as codes written out, every byte in its place.

    They stand beside words and never in them, but ``\nghp_`` is another word than ``ghp_``.
    """
    if b"\\" in data:
        for code, character in _MARKS:
            data = data.replace(code, character)
        if b"\\u00" in data:
            for code, character in _UNICODE_MARKS:
                data = data.replace(code, character)
    return data


_MARKS = tuple((b"\\" + letter, b" " + mark) for letter, mark in ((b"n", b"\n"), (b"r", b" "), (b"t", b"\t")))
_UNICODE_MARKS = tuple(
    (b"\\u00" + digits, b"     " + bytes.fromhex(digits.decode()))
    for digits in (b"3c", b"3C", b"3e", b"3E", b"26", b"27")  # that Go and others write for <, >, & and '
)
