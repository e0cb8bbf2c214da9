"""Gathering what a reader finds: claims, rows and problems, each with the locator it was found at."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import compress
from typing import TYPE_CHECKING, Any, Protocol

import pyarrow as pa

from release_staging.evidence.ledger import Shape
from release_staging.evidence.rows import Rows
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code
from release_staging.model.fields import FIELDS
from release_staging.model.tables import SCHEMAS
from release_staging.parsing.json import Number, text_of
from release_staging.parsing.limits import LIMITS, Unreadable

if TYPE_CHECKING:  # the readers themselves need no configuration
    from release_staging.config.trust import TrustRoot


class _Missing:
    def __repr__(self) -> str:
        return "nothing"

    def __bool__(self) -> bool:
        return False


MISSING: Any = _Missing()  # the raw value of a place that is not there
_ONE = (str, bool, type(None))  # what stands for a whole column of the same
QUOTED = 200  # characters of a source value that a problem may quote
MOST_SAID = 1000  # characters of a problem's message
LONGEST_LOCATOR = 10_000  # characters; a problem that stands deeper is told without a locator
MOST_PROBLEMS = 100  # of one code in one document; the rest are counted in a last one

Cells = Sequence[Any] | str | bool | None  # of a column, or the one that stands in all its rows


class Place(Protocol):
    """A place in a document that may hold a value: a JSON node, an XML attribute, a span of text."""

    @property
    def locator(self) -> str: ...

    @property
    def raw(self) -> Any:
        """The scalar there, a container, None for a JSON null, or MISSING."""

    def mark(self) -> None:
        """Notes in the ledger that the value was used."""


class Places(Protocol):
    """Neighbours in a document, of which each is a row."""

    def __len__(self) -> int: ...

    @property
    def locators(self) -> Sequence[str]: ...


@dataclass(frozen=True)
class TrustedKey:
    """A public key that policy trusts to sign attestations (PEM, SubjectPublicKeyInfo)."""

    id: str
    pem: str


@dataclass(frozen=True)
class Options:
    """What policy lets a reader know. A reader sees no clock, no network and no file."""

    trusted_keys: tuple[TrustedKey, ...] = ()
    trust_roots: tuple[TrustRoot, ...] = ()


@dataclass
class Extract:
    """The builder a reader writes to. One document, one ``Extract``; ``data`` is the bytes of the document."""

    options: Options = field(default_factory=Options)
    data: bytes = field(default=b"", repr=False)
    shapes: Shape = field(default_factory=Shape)
    gathered: dict[str, Rows] = field(default_factory=dict)
    noted: Counter[Code] = field(default_factory=Counter)
    told: set[tuple[Code, str, str | None]] = field(default_factory=set)
    yielded: int = 0  # characters of claims and rows so far

    @cached_property
    def digest(self) -> str:
        """The document's own digest, ``sha256:`` and hex: what a registry knows an index, a manifest or a config by."""
        return "sha256:" + hashlib.sha256(self.data).hexdigest()

    @cached_property
    def most_yielded(self) -> int:
        """Characters that claims and rows may have: one long name that every row repeats would else fill the memory."""
        return max(LIMITS.yield_floor, LIMITS.yield_ratio * len(self.data))

    def claim(
        self,
        name: str,
        place: Place,
        *,
        value: str | None = None,
        subject: str | None = None,
        vocabulary: str | None = None,
        confidence: Confidence = Confidence.EXACT,
        required: bool = False,
        accept: tuple[type, ...] = (str,),
        loss: str | None = None,
    ) -> None:
        """Claims that the document says, at ``place``, that field ``name`` has a value.

        ``value`` is the reader's form of it (default: the text as it stands). A place that is missing, null or empty
        makes no claim; where ``required`` it is drift. A value whose type is not in ``accept`` is drift and no claim.
        """
        if name not in FIELDS:
            raise KeyError(f"{name} is not a field of the closed list in model/fields.py")
        text = self.scalar(place, required=required, accept=accept)
        if text is None:
            return
        self._append(
            "claims",
            {
                "field": name,
                "subject": subject,
                "value": text if value is None else value,
                "source_value": text,
                "vocabulary": vocabulary,
                "confidence": confidence.value,
                "locator": place.locator,
                "loss": loss,
            },
        )

    def row(self, table: str, place: Place, values: Mapping[str, Any] | None = None, **more: Any) -> None:
        """Adds a row of an inventory, located at ``place``. Columns left out are null; unknown columns are a defect."""
        if values:
            more = {**values, **more}
        more["locator"] = place.locator
        for name in [name for name, value in more.items() if type(value) is int and abs(value) >= 2**63]:  # a sum of such that fit
            self.problem(Code.SCHEMA_DRIFT, f"{name} is more than a number of 64 bits holds", place, expected="a whole number of 64 bits")
            more[name] = None
        self._append(table, more)

    def rows(self, table: str, places: Places, cells: Mapping[str, Cells], chosen: Sequence[bool] | None = None) -> None:
        """Adds a row for each of ``places`` (of those chosen), given by columns; a cell that is no list is the same in every row."""
        count, locators, columns = len(places), places.locators, cells
        if chosen is not None:
            count, locators = sum(chosen), list(compress(locators, chosen))
            columns = {name: cell if isinstance(cell, _ONE) else list(compress(cell, chosen)) for name, cell in cells.items()}
        if not count:
            return
        rows = self._table(table)
        self._check_locator(max(locators, key=len))
        self._yield(_characters(locators, count) + sum([_characters(cell, count) for name, cell in columns.items() if name in rows.texts]))
        full = {name: [cell] * count if isinstance(cell, _ONE) else cell for name, cell in columns.items()}
        rows.extend({**full, "locator": locators}, count)

    def problem(
        self,
        code: Code,
        message: str,
        place: Place | None = None,
        *,
        subject: str | None = None,
        expected: str | None = None,
        found: str | None = None,
    ) -> None:
        """Notes what a person must know of this document, once. ``subject`` defaults to the document's own path later."""
        message, locator = message[:MOST_SAID], place.locator if place is not None else None
        if locator is not None and len(locator) > LONGEST_LOCATOR:
            locator = None
        same = (code, message, locator)
        if same in self.told:
            return
        self.noted[code] += 1
        if self.noted[code] > MOST_PROBLEMS:
            return
        self.told.add(same)
        self._append(
            "problems",
            {
                "code": code.value,
                "subject": subject,
                "message": message,
                "expected": expected,
                "found": found[:QUOTED] if found else found,
                "locator": locator,
            },
        )

    def drift(self, place: Place, expected: str) -> None:
        """A fact's place is missing or holds something else: the format changed, or the document is not of it."""
        found = described(place.raw)
        self.problem(Code.SCHEMA_DRIFT, f"expected {expected} at {place.locator}, found {found}", place, expected=expected, found=found)

    def scalar(self, place: Place, *, required: bool = False, accept: tuple[type, ...] = (str,)) -> str | None:
        """The text of the scalar at ``place``, or None where there is none; drift where its type is not accepted."""
        raw = place.raw
        if raw is MISSING or raw is None or raw == "":
            if required:
                self.drift(place, named(accept))
            elif raw is not MISSING:
                place.mark()
            return None
        if type(raw) not in accept:
            self.drift(place, named(accept))
            return None
        place.mark()
        return text_of(raw)

    def tables(self) -> dict[str, pa.Table]:
        """What was gathered, as Arrow tables with their declared schemas."""
        for code, count in self.noted.items():
            if count > MOST_PROBLEMS:
                self._append("problems", {"code": code.value, "message": f"{count - MOST_PROBLEMS} more of this kind in the document"})
        return {name: rows.table() for name, rows in sorted(self.gathered.items())}

    def _append(self, table: str, values: dict[str, Any]) -> None:
        if table != "problems":
            self._check_locator(values.get("locator") or "")
            self._yield(sum([len(value) for value in values.values() if type(value) is str]))
        self._table(table).append(values)

    def _table(self, name: str) -> Rows:
        found = self.gathered.get(name)
        if found is None:
            found = self.gathered[name] = Rows(SCHEMAS[name])
        return found

    def _check_locator(self, longest: str) -> None:
        if len(longest) > LONGEST_LOCATOR:  # it is quoted wherever the value is, and cannot be cut
            remedy = "shorten the names that lead to it"
            raise Unreadable(f"a place in the document takes more than {LONGEST_LOCATOR} characters to name", remedy=remedy)

    def _yield(self, characters: int) -> None:
        self.yielded += characters
        if self.yielded > self.most_yielded:
            remedy = "split the document, or shorten the names that it repeats"
            raise Unreadable(f"what the document says is larger than {self.most_yielded} characters", remedy=remedy)


_NAMES: dict[type, str] = {
    str: "text",
    int: "a whole number",
    Number: "a number",
    bool: "true or false",
    dict: "an object",
    list: "an array",
}


def _characters(cell: Any, count: int) -> int:
    """Of a column of texts, or of one text in ``count`` rows."""
    if isinstance(cell, str):
        return len(cell) * count
    return len("".join(filter(None, cell or ())))  # faster than to add up their lengths


def named(accept: tuple[type, ...]) -> str:
    """Types in words, for messages."""
    return " or ".join(_NAMES[kind] for kind in accept)


def described(raw: Any) -> str:
    """What a place holds, in words and without its value: it may be a secret."""
    if raw is MISSING:
        return "nothing"
    if raw is None:
        return "null"
    if isinstance(raw, list):
        return _NAMES[list]
    return "an empty text" if raw == "" else _NAMES.get(type(raw), type(raw).__name__)
