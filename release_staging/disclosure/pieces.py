"""A piece of a layer, and how much may be decoded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

_FLOOR = 16 * 2**20
_RATIO = 8  # decoded bytes for a byte of the document, over all its layers


class Piece(Protocol):
    """A text that stands encoded in the layer above."""

    @property
    def data(self) -> bytes: ...

    @property
    def encoding(self) -> str: ...

    def above(self, start: int, end: int) -> tuple[int, int]:
        """Where the layer above has what stands here at ``start`` to ``end``."""


@dataclass
class Budget:
    """Bytes that may still be decoded. ``exceeded`` says that there was more: what was left out must be told."""

    left: int
    exceeded: bool = False

    @classmethod
    def of(cls, data: bytes) -> Budget:
        return cls(_FLOOR + _RATIO * len(data))

    def take(self, size: int) -> bool:
        """Whether ``size`` more bytes are within it."""
        if size > self.left:
            self.exceed()
            return False
        self.left -= size
        return True

    def exceed(self) -> None:
        self.exceeded, self.left = True, 0
