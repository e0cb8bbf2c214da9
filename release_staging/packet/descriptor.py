"""The packet descriptor, ``packet.yaml`` or ``packet.json``: what a packet says of itself.

The published contract is ``schemas/packet-1.json``; a test holds both to agree. Identifiers that look like whole numbers
(``id: 7714620931``) may stand without quotes: their text is kept as it was written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StringConstraints, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from release_staging.model import locators
from release_staging.packet.problem import UnusableName
from release_staging.parsing import json, yaml
from release_staging.parsing.limits import Unreadable
from release_staging.parsing.paths import checked, shown

NAMES = ("packet.yaml", "packet.json")
ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")
_ID_CHARACTER, _ID_CHARS = r"[a-z0-9._-]", 80
LEVELS = ("unit", "integration", "load", "smoke")

_TIME = re.compile(r"2[0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])")
_ROUNDS = 4  # of leaving out what is wrong, to use the rest
_MOST_FAULTS = 20
_LISTS = ("documents", "links")
_Place = tuple[str | int, ...]


def _text_of_whole_number(value: Any) -> Any:
    return str(value) if type(value) is int and value >= 0 else value


def _time(value: Any) -> Any:
    try:
        if isinstance(value, str) and _TIME.fullmatch(value):
            return datetime.fromisoformat(value)
    except ValueError:
        pass  # a date that is not in the calendar: said below
    raise PydanticCustomError("time", "a time with seconds and an offset, such as 2026-11-20T10:15:00Z")


def _packet_id(value: str) -> str:
    if not ID.fullmatch(value) or ".." in value:
        raise PydanticCustomError("id", "lower-case letters, digits, '.', '_' and '-', at most 80, without '..'")
    return value


def _path(value: str) -> str:
    try:
        return checked(value)
    except Unreadable as error:
        raise PydanticCustomError("path", "a plain relative path") from error


Text = Annotated[str, StringConstraints(min_length=1, max_length=512, pattern=r"^[^\x00-\x1f\x7f]*$")]
Scalar = Annotated[Text, BeforeValidator(_text_of_whole_number)]
Path = Annotated[Text, AfterValidator(_path)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Build(_Part):
    """The CI run that built the candidate."""

    id: Scalar
    url: Text | None = None
    attempt: Scalar | None = None


class Candidate(_Part):
    """What the packet is about, by its own declaration: a claim like any other."""

    service: Text
    version: Scalar
    commit: Scalar | None = None
    tag: Scalar | None = None
    branch: Scalar | None = None
    repository: Text | None = None
    build: Build | None = None


class Assertion(_Part):
    """What the packet asserts about a document that need not say so itself."""

    source: Text | None = None
    format: Text | None = None
    level: Literal["unit", "integration", "load", "smoke"] | None = None
    environment: Text | None = None
    run: Scalar | None = None
    baseline: StrictBool | None = None


class Entry(Assertion):
    """A document of the packet. ``sha256`` in hexadecimal."""

    path: Path
    sha256: Sha256 | None = None


class Link(Assertion):
    """A document that stands elsewhere and joins the packet under ``name``."""

    name: Path
    url: Text
    sha256: Sha256


class Descriptor(_Part):
    """``submitted_at`` is the packet's policy clock."""

    packet: Annotated[Literal["1"], BeforeValidator(_text_of_whole_number)]
    id: Annotated[str, AfterValidator(_packet_id)]
    submitted_at: Annotated[datetime, BeforeValidator(_time)]
    candidate: Candidate
    environments: Annotated[tuple[Text, ...], Field(strict=False, max_length=100)] = ()
    documents: Annotated[tuple[Entry, ...], Field(strict=False)] = ()
    links: Annotated[tuple[Link, ...], Field(strict=False)] = ()


@dataclass(frozen=True)
class Fault:
    """A place where a descriptor breaks its contract; ``locator`` leads to what stands there, or should hold it."""

    locator: str
    message: str


@dataclass(frozen=True)
class Reading:
    """``descriptor`` holds what is sound; None where something it cannot do without is missing.

    ``base`` begins its locators. ``indices`` are where the elements of ``documents`` and ``links`` stand in the file, which
    differs from their number here where one before them was left out.
    """

    descriptor: Descriptor | None
    declared_id: str | None
    faults: tuple[Fault, ...]
    base: str
    indices: dict[str, list[int]]

    def locate(self, part: str, number: int, *tokens: str) -> str:
        """The locator of ``descriptor.<part>[number]``, or of a member of it."""
        return self.base + locators.pointer(part, self.indices[part][number], *tokens)


def read(name: str, data: bytes) -> Reading:
    """The descriptor in ``data``; ``name`` says whether it is YAML or JSON, and stands in the messages.

    Raises Unreadable where it is neither, UnusableName where the declared id breaks the pattern.
    """
    base = "" if name.endswith(".json") else "yaml=0;"
    raw = json.parse(data) if name.endswith(".json") else yaml.parse(data)
    declared = _declared_id(name, raw)
    indices = {part: list(range(len(raw[part]))) for part in _LISTS if isinstance(raw, dict) and isinstance(raw.get(part), list)}
    faults: tuple[Fault, ...] = ()
    descriptor = None
    for attempt in range(_ROUNDS):
        try:
            descriptor = Descriptor.model_validate(raw)
            break
        except ValidationError as error:
            details = error.errors(include_url=False, include_input=False)
        if attempt == 0:  # later ones only say that what was left out is missing
            faults = _faults(name, base, details)
        left_out = _left_out(details)
        if left_out & {(), ("candidate",)}:
            break
        for part, kept in indices.items():
            indices[part] = [index for number, index in enumerate(kept) if (part, number) not in left_out]
        raw = _copied(raw, (), left_out)
    return Reading(descriptor, declared, faults, base, indices)


def _declared_id(name: str, raw: Any) -> str | None:
    declared = raw.get("id") if isinstance(raw, dict) else None
    if not isinstance(declared, str):
        return None
    try:
        return _packet_id(declared)
    except PydanticCustomError as error:
        raise UnusableName(f"{name}: /id: expected {error}; {_told(declared)}") from None


def _told(declared: str) -> str:
    """What is wrong with an id, without the id: who declared it knows it, and it may hold what nobody else should read."""
    if len(declared) > _ID_CHARS:
        return f"it has {len(declared)}"
    wrong = next((at for at, character in enumerate(declared) if not re.fullmatch(_ID_CHARACTER, character)), None)
    return "it has '..'" if wrong is None and ".." in declared else f"character {(wrong or 0) + 1} is another"


_EXPECTED = {
    "missing": "a value; it is required",
    "string_type": "text (a value like 4.10 or true needs quotes)",
    "string_too_short": "text that is not empty",
    "string_too_long": "text of at most {max_length} characters",
    "string_pattern_mismatch": "text that matches {pattern}",
    "literal_error": "{expected}",
    "model_type": "an object",
    "model_attributes_type": "an object",
    "tuple_type": "a list",
    "too_long": "at most {max_length} elements",
    "extra_forbidden": "no such member",
}


def _faults(name: str, base: str, details: list[ErrorDetails]) -> tuple[Fault, ...]:
    found = {}
    for detail in details:
        expected = _EXPECTED.get(detail["type"], detail["msg"]).format(**detail.get("ctx", {}))
        place = detail["loc"][:-1] if detail["type"] == "missing" else detail["loc"]
        pointer = shown("".join("/" + locators.token_text(token) for token in detail["loc"]))
        message = f"{name}: {pointer or 'the whole'}: expected {expected}"
        found[message] = Fault(base + locators.pointer(*place), message)
    listed = list(found.values())
    if len(listed) > _MOST_FAULTS:
        listed = [*listed[:_MOST_FAULTS], Fault(base + locators.pointer(), f"{name}: {len(listed) - _MOST_FAULTS} more faults")]
    return tuple(listed)


def _left_out(details: list[ErrorDetails]) -> set[_Place]:
    """The places of what is wrong; where something is missing, of the element it is missing from."""
    places = {tuple(d["loc"][:-1] if d["type"] == "missing" else d["loc"]) for d in details}
    return {place for place in places if not any(place[:n] in places for n in range(len(place)))}


def _copied(value: Any, here: _Place, left_out: set[_Place]) -> Any:
    if isinstance(value, dict):
        return {key: _copied(item, (*here, key), left_out) for key, item in value.items() if (*here, key) not in left_out}
    if isinstance(value, list):
        return [_copied(item, (*here, number), left_out) for number, item in enumerate(value) if (*here, number) not in left_out]
    return value
