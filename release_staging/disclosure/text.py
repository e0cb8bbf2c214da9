"""A text that is searched, and the forms of it in which a plain look for a word finds what is worth a closer one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

LONG = 20  # characters of a long word

# Digits as 0, capitals as A, what may part groups as -: the shapes of cards and IBANs are then plain words to look for.
_SHAPE = bytes(48 if 48 <= byte <= 57 else 65 if 65 <= byte <= 90 else 45 if byte in b" -" else 120 for byte in range(256))
# The letters of both alphabets of base64 (RFC 4648), which are those of tokens and keys too, as a.
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"
_WORDS = bytes(97 if byte in _LETTERS else 32 for byte in range(256))
_ANCHOR = b"a" * LONG


@dataclass(frozen=True, eq=False)
class Text:
    """``data`` is UTF-8 with LF as line end; places in it are counted in bytes."""

    data: bytes

    @cached_property
    def lower(self) -> bytes:
        """In lower case; only ASCII letters change, so every byte keeps its place."""
        return self.data.lower()

    @cached_property
    def shape(self) -> bytes:
        """With ``0`` for digits, ``A`` for capitals, ``-`` for what parts groups of them, ``x`` for all else."""
        return self.data.translate(_SHAPE)

    @cached_property
    def long_words(self) -> list[tuple[int, int]]:
        """Where the words of at least ``LONG`` characters stand: tokens, keys and encoded texts are among them."""
        shape = self.data.translate(_WORDS)
        words = []
        at = shape.find(_ANCHOR)
        while at >= 0:
            end = shape.find(b" ", at)
            if end < 0:
                end = len(shape)
            words.append((at, end))
            at = shape.find(_ANCHOR, end)
        return words
