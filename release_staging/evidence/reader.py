"""The reader interface. A format is one module with a module-level ``READER``; nothing else lists it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any

from release_staging.evidence.elements import XmlDocument
from release_staging.evidence.extract import Extract
from release_staging.evidence.ledger import LossRule, loss_rules
from release_staging.evidence.lines import TextDocument
from release_staging.evidence.tree import Tree
from release_staging.model.sources import SOURCE_BY_NAME

JSON, JSON_LINES, YAML, XML, TEXT = "json", "json-lines", "yaml", "xml", "text"
_FIRST = 1000  # elements of an array that recognition may look at


@dataclass(frozen=True)
class Head:
    """What recognition sees of a document: one root of it.

    ``root`` is the parsed value (JSON, YAML), the root element with what begins near it (XML), or the lines (text).
    """

    encoding: str
    root: Any

    def has(self, *keys: str) -> bool:
        """Whether the root is an object with all these members."""
        return isinstance(self.root, dict) and all(key in self.root for key in keys)

    def first(self, *path: str | int) -> list[Any]:
        """The first elements of the array at a path: enough to tell of what it is an array. Empty where there is none."""
        value = self.get(*path)
        return list(islice(value, _FIRST)) if isinstance(value, list) else []

    def objects(self) -> list[Any]:
        """The Kubernetes objects at the root: the first of a list, or the one."""
        return self.first("items") if self.text("kind").endswith("List") and self.has("items") else [self.root]

    def get(self, *path: str | int) -> Any:
        """The value at a path below the root, or None."""
        value = self.root
        for key in path:
            if isinstance(value, dict) and isinstance(key, str):
                value = value.get(key)
            elif isinstance(value, list) and isinstance(key, int) and 0 <= key < len(value):
                value = value[key]
            else:
                return None
        return value

    def text(self, *path: str | int) -> str:
        """The text at a path below the root, or an empty text."""
        value = self.get(*path)
        return value if isinstance(value, str) else ""


@dataclass(frozen=True)
class Reader:
    """One format of one source.

    ``recognise`` looks at one root of a document and returns the format's version or dialect ("" where the format has none) or
    None; it goes by bytes, never by names. ``read`` gets the opened document (a ``Tree``, ``XmlDocument`` or
    ``TextDocument``, by encoding) and the ``Extract`` to write to. ``versions`` are those known: another one is read
    too, and said to be drift. ``dialects`` are what writers made of one format without versions; a document in none of
    them is plain. ``drops`` and ``summarises`` map a rule's name to the path patterns it covers (see
    ``ledger.rows``). ``revision`` counts up when what the reader yields changes. ``prose`` marks free text that a
    packet's descriptor may assign to this reader even where recognition is not sure. ``together``: ``read`` gets all documents
    of a stream (YAML documents, JSON Lines) at once; without it each that is of the format by itself.
    """

    source: str
    format: str
    title: str
    reference: str
    encodings: tuple[str, ...]
    media_type: str
    recognise: Callable[[Head], str | None]
    read: Callable[[Any, Extract], None]
    versions: tuple[str, ...] = ()
    dialects: tuple[str, ...] = ()
    drops: Mapping[str, Sequence[str]] = field(default_factory=dict)
    summarises: Mapping[str, Sequence[str]] = field(default_factory=dict)
    revision: int = 1
    prose: bool = False
    together: bool = False

    def __post_init__(self) -> None:
        if self.source not in SOURCE_BY_NAME:
            raise ValueError(f"reader {self.format}: {self.source} is not a source; see model/sources.py")

    @cached_property
    def loss_rules(self) -> tuple[LossRule, ...]:
        """``drops`` and ``summarises``, ready to match."""
        return loss_rules(self.drops, self.summarises)

    @property
    def id(self) -> str:
        """Reader and revision, for the trace."""
        return f"{self.format}/{self.revision}"

    def versioned(self, version: str) -> str:
        """The format id with version or dialect: ``cyclonedx-json@1.6``, ``junit-xml/surefire``."""
        return f"{self.format}{'/' if version in self.dialects else '@'}{version}" if version else self.format


def split_id(format_id: str) -> tuple[str, str]:
    """Name, and version or dialect, of a format id as ``Reader.versioned`` writes it."""
    name, *rest = re.split("[@/]", format_id, maxsplit=1)
    return name, rest[0] if rest else ""


def besides(initial: str, *places: str) -> tuple[str, ...]:
    """Patterns for the members of objects at ``places`` whose names begin otherwise than with ``initial``.

    For a place of which a member is read and the rest left out: a member that is written otherwise, or a level further down, must not
    be left out unseen.
    """
    other = f"[!{initial}]*"
    return tuple(f"{place}/{below}" for place in places for below in (other, f"{other}/{other}/**"))


__all__ = ["JSON", "JSON_LINES", "TEXT", "XML", "YAML", "Extract", "Head", "Reader", "TextDocument", "Tree", "XmlDocument", "besides"]
