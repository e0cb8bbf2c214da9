"""Loading a configuration file: YAML in, a strict pydantic model out, or one error that names file, line and key."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Generic, NoReturn, TypeVar

import orjson
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from release_staging.model.locators import token_text
from release_staging.parsing.limits import Unreadable
from release_staging.parsing.yaml import parse_located


class ConfigurationError(ValueError):
    """A configuration file that cannot be used. ``str()`` has one line a fault: ``file:line: key: what is wrong``."""


class Strict(BaseModel):
    """Base of everything a configuration file holds: no unknown key, no silent conversion, no later change."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


M = TypeVar("M", bound=BaseModel)


def content_digest(folder: Path) -> str:
    """``sha256:`` over the names and bytes of the YAML files in a folder, whether they can be used or not."""
    found = hashlib.sha256()
    for path in sorted(folder.glob("*.yaml")):
        found.update(f"{path.name}\0".encode() + path.read_bytes() + b"\0")
    return f"sha256:{found.hexdigest()}"


@dataclass(frozen=True)
class DataFile(Generic[M]):
    """A configuration file: its content, and the line of each JSON Pointer into it."""

    path: Path
    value: M
    lines: dict[str, int]

    def refuse(self, pointer: str, message: str) -> NoReturn:
        """Raises ConfigurationError for what stands at ``pointer``."""
        raise ConfigurationError(_fault(self.path, self.lines, pointer, message))


def load(path: Path, model: type[M], supplied: Mapping[tuple[str, str], str] | None = None) -> DataFile[M]:
    """The file at ``path`` as a ``model``. ``supplied`` values take the place of the file's (section, key). Raises ConfigurationError."""
    try:
        value, lines = parse_located(path.read_bytes())
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read: {error.strerror}") from None
    except Unreadable as error:
        raise ConfigurationError(f"{path}: {error}") from None
    for (section, name), text in (supplied or {}).items():
        if isinstance(value, dict) and isinstance(value.get(section), dict):
            value[section][name] = text
    try:
        # By way of JSON: there, strictness still lets a text stand for a time span or a word of a closed list.
        return DataFile(path, model.model_validate_json(orjson.dumps(value), strict=True), lines)
    except ValidationError as error:
        faults = [
            _fault(path, lines, "".join("/" + token_text(part) for part in fault["loc"] if part != "[key]"), fault["msg"])
            for fault in error.errors(include_url=False, include_context=False, include_input=False)
        ]
        raise ConfigurationError("\n".join(faults)) from None


def digest(content: object) -> str:
    """sha256 over the canonical JSON of what configuration files hold: keys and sets sorted, time spans in one form."""
    return (
        "sha256:" + hashlib.sha256(orjson.dumps(content, default=_plain, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)).hexdigest()
    )


def _plain(value: object) -> object:
    if isinstance(value, BaseModel):
        return value.model_dump(by_alias=True)
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if isinstance(value, timedelta):
        return f"PT{value.days * 86400 + value.seconds}S"
    raise TypeError(f"{type(value).__name__} has no canonical form")


def _fault(path: Path, lines: dict[str, int], pointer: str, message: str) -> str:
    """One line for one fault. A key that is missing has no line; the one of what it is missing from is named."""
    known = pointer
    while known and known not in lines:
        known = known.rpartition("/")[0]
    return f"{path}:{lines.get(known, 1)}: {pointer.lstrip('/').replace('/', '.') or 'document'}: {message.removeprefix('Value error, ')}"


def matches_in_linear_time(pattern: str) -> str:
    """``pattern``, where it is one of RE2. Raises ValueError."""
    try:
        pc.match_substring_regex(pa.array([""]), pattern)
    except pa.ArrowInvalid as error:
        raise ValueError(f"not a regular expression of RE2: {str(error).removeprefix('Invalid regular expression: ')}") from None
    return pattern


# Matched with RE2 (pyarrow.compute), whose time is linear in the text: what is searched comes from packets.
Pattern = Annotated[str, AfterValidator(matches_in_linear_time), Field(min_length=1, description="Regular expression, RE2 syntax")]
Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^\S(.*\S)?$")]
Version = Annotated[int, Field(ge=1, description="Counts up when the content changes")]
