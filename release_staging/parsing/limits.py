"""The bounds of what is read, in one place. A document past a bound is refused with words, never truncated silently."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True)
class Limits:
    """Sizes in bytes; counts in elements."""

    document_bytes: int = 256 * 2**20
    json_depth: int = 128
    json_nodes: int = 20_000_000
    json_whole_bytes: int = 1 * 2**20  # a larger document is read as a stream,
    json_part_bytes: int = 256 * 2**10  # in which a larger value is not parsed at once
    head_bytes: int = 1 * 2**20  # of a long stream of lines, that shows what it is
    head_values: int = 1_000  # of JSON Lines: as many of them as are looked at for that
    yaml_bytes: int = 16 * 2**20
    yaml_depth: int = 64
    yaml_nodes: int = 1_000_000
    yaml_head_nodes: int = 10_000
    xml_depth: int = 128
    xml_attributes: int = 256
    xml_text_bytes: int = 8 * 2**20  # characters of the text, or of all attributes, of one element
    xml_kept_elements: int = 1_000_000  # in memory at once
    text_lines: int = 5_000_000
    yield_ratio: int = 16  # characters of claims and rows for a byte of their document, counted once yield_floor characters are out
    yield_floor: int = 32 * 2**20
    archive_members: int = 2_000
    archive_bytes: int = 1 * 2**30
    archive_ratio: int = 200  # bytes out for a byte in, counted once archive_ratio_floor bytes are out
    archive_ratio_floor: int = 1 * 2**20
    archive_header_bytes: int = 4 * 2**20  # a zip's directory, a tar member's extended headers
    path_chars: int = 512


LIMITS = Limits()


class Reason(StrEnum):
    """Why a text cannot be read, where somebody who reads it another way needs to know."""

    CUT_OFF = "it ends before it is whole"
    MORE_FOLLOWS = "a whole text, and more after it"
    TOO_DEEP = "it is nested deeper than is read"


class Unreadable(ValueError):
    """A document that cannot be read as what it claims to be.

    ``where`` is a locator-like place ("line 3, column 7", "byte 12") or empty; ``remedy`` says what its sender can do.
    """

    def __init__(self, message: str, *, where: str = "", remedy: str = "", reason: Reason | None = None) -> None:
        super().__init__(f"{message} ({where})" if where else message)
        self.message = message
        self.where = where
        self.remedy = remedy
        self.reason = reason

    @property
    def told(self) -> str:
        """What, where, and what its sender can do."""
        return f"{self}; {self.remedy}" if self.remedy else str(self)
