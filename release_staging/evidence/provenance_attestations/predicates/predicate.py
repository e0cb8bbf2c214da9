"""What a predicate of an in-toto Statement is: a type, its versions, and how it is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from release_staging.evidence.extract import Extract
from release_staging.evidence.tree import Node

ANY_VERSION: tuple[str, ...] = ()


@dataclass(frozen=True)
class Predicate:
    """``name`` is the type URI without scheme and version, ``versions`` those that ``read`` knows.

    ``read`` gets the predicate and may return the builder's id. ``drops`` and ``summarises`` are ledger
    rules as a ``Reader`` has them, with paths below the predicate; a reader that knows what it leaves out says so itself.
    """

    name: str
    versions: tuple[str, ...]
    read: Callable[[Node, Extract], str | None]
    drops: Mapping[str, Sequence[str]] = field(default_factory=dict)
    summarises: Mapping[str, Sequence[str]] = field(default_factory=dict)
