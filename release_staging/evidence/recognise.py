"""What a document is, from its bytes."""

from __future__ import annotations

from dataclasses import dataclass

from release_staging.evidence.open import Opened
from release_staging.evidence.reader import JSON, JSON_LINES, XML, Head, Reader
from release_staging.evidence.registry import readers
from release_staging.parsing.limits import Reason, Unreadable


@dataclass(frozen=True)
class Recognised:
    """A reader that knows the document, in which encoding and version."""

    reader: Reader
    encoding: str
    version: str

    @property
    def format(self) -> str:
        return self.reader.versioned(self.version)


def recognise(opened: Opened) -> list[Recognised]:
    """Every reader that knows the document, in the first encoding in which any does. Empty: none. More than one: it fits several.

    Of a long stream of lines the beginning is looked at. Raises Unreadable where the bytes are not text, or begin like JSON or
    XML and cannot be parsed as such.
    """
    trouble: Unreadable | None = None
    for encoding in opened.encodings:
        try:
            roots = opened.head(encoding)
        except Unreadable as error:
            several = encoding == JSON_LINES and trouble is not None and trouble.reason is Reason.MORE_FOLLOWS and error.where
            if encoding in (JSON, XML) or several:  # the trouble of JSON Lines names the line
                trouble = error
            continue
        found = [match for reader in readers() if (match := _match(reader, encoding, [root for _, root in roots]))]
        if found or encoding in (JSON, JSON_LINES):  # what is JSON is nothing else
            return found
    if trouble is not None:
        raise trouble
    return []


def as_declared(opened: Opened, reader: Reader) -> Recognised | None:
    """The document as ``reader`` knows it; a prose reader takes any text. None where it does not fit."""
    for encoding in opened.encodings:
        if encoding in reader.encodings:
            try:
                roots = opened.head(encoding)
            except Unreadable:
                continue
            found = _match(reader, encoding, [root for _, root in roots])
            if found or reader.prose:
                return found or Recognised(reader, encoding, "")
    return None


def _match(reader: Reader, encoding: str, roots: list[object]) -> Recognised | None:
    if encoding in reader.encodings:
        for root in roots:
            version = reader.recognise(Head(encoding, root))
            if version is not None:
                return Recognised(reader, encoding, version)
    return None
