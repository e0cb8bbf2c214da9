"""A contract version: the published JSON Schema, and the plan that its ``x-`` annotations make of it.

The record is assembled *from the contract*: each property says by annotation what fills it (``schemas/README.md``).
Adding a field whose claim a reader already yields is a new schema file and no code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from release_staging.model.fields import FIELDS
from release_staging.model.tables import ROWS
from release_staging.parsing import json
from release_staging.record.canonical import canonical, digest
from release_staging.record.derivations.derivation import derivations

FILLED_BY = ("x-claim", "x-each", "x-rows", "x-count", "x-derive")
_VERSION = re.compile(r"\d+\.\d+\.\d+")
FOLDER = Path(__file__).resolve().parents[2] / "schemas" / "contract"


class ContractError(ValueError):
    """A contract file that cannot be used: names file, place and what is wrong."""


@dataclass(frozen=True)
class Slot:
    """A place of the record that the contract has filled, by JSON Pointer.

    ``how`` is one of FILLED_BY and ``what`` its annotation; ``required`` says that a record without it is not one.
    ``sources`` are the sources that usually bring it.
    """

    pointer: str
    how: str
    what: Any
    schema: dict[str, Any]
    required: bool
    consequential: bool
    owner: str
    consequence: str
    sources: tuple[str, ...]

    @property
    def name(self) -> str:
        """The field in dotted form, for people."""
        return self.pointer[1:].replace("/", ".")


@dataclass(frozen=True)
class Contract:
    """A loaded contract. ``slots`` are in the order of the file; ``digest`` is that of what it says."""

    version: str
    schema: dict[str, Any]
    slots: tuple[Slot, ...]
    digest: str = ""

    def errors(self, document: Any, *, hold: bool = False) -> list[str]:
        """What is wrong with a record (or hold) under this contract; empty when it is valid. At most 20."""
        found = _validator(_ByIdentity(self.schema), hold).iter_errors(document)
        return [f"{_pointer(error.instance_path)}: {error.message[:300]}" for error, _ in zip(found, range(20), strict=False)]


def versions(folder: Path = FOLDER) -> list[str]:
    """The contract versions there are, a deployment's own in ``folder`` and those that come with the software, oldest first."""
    found = {path.stem for place in (folder, FOLDER) for path in place.glob("*.json") if _VERSION.fullmatch(path.stem)}
    return sorted(found, key=lambda text: [int(part) for part in text.split(".")])


@cache
def load(version: str, folder: Path = FOLDER) -> Contract:
    """Loads a contract version. Raises ContractError."""
    path = next((path for place in (folder, FOLDER) if (path := place / f"{version}.json").is_file()), None)
    if not _VERSION.fullmatch(version) or path is None:
        raise ContractError(f"there is no contract {version!r}; known: {', '.join(versions(folder))}")
    schema = json.parse(path.read_bytes())
    if schema.get("x-contract") != version:
        raise ContractError(f"{path.name}: x-contract is {schema.get('x-contract')!r}, expected {version!r}")
    stated = schema.get("properties", {}).get("contract", {}).get("const", version)
    if stated != version:
        raise ContractError(f"{path.name}: /properties/contract/const is {stated!r}, expected {version!r}: records name their contract")
    return Contract(version, schema, slots_of(schema, path.name), digest(canonical(schema)))


def slots_of(schema: dict[str, Any], file: str = "schema") -> tuple[Slot, ...]:
    """The places of a record that a contract has filled, in the order of the schema. Raises ContractError, which names ``file``."""
    return tuple(_slots(schema, "", {}, file))


def hold_schema(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of a hold: the same parts, as far as they could be made: what is filled may be null or empty."""
    relaxed: dict[str, Any] = _relaxed(schema)
    return relaxed


def _relaxed(schema: Any) -> Any:
    if not isinstance(schema, dict):
        return schema
    if any(key in schema for key in FILLED_BY) and schema.get("type") != "array":
        return {"anyOf": [{key: value for key, value in schema.items() if key not in FILLED_BY}, {"type": "null"}]}
    relaxed = {key: value for key, value in schema.items() if not (key == "minItems" and "x-owner" in schema)}
    if "properties" in schema:
        relaxed["properties"] = {name: _relaxed(below) for name, below in schema["properties"].items()}
    return relaxed


def _slots(schema: dict[str, Any], pointer: str, above: dict[str, Any], file: str) -> Iterator[Slot]:
    inherited = {key: schema.get(key, above.get(key)) for key in ("x-owner", "x-consequence", "x-consequential", "x-sources")}
    how = next((key for key in FILLED_BY if key in schema), None)
    if how is not None:
        _check(schema, how, f"{file}: {pointer}")
        nullable = isinstance(schema.get("type"), list) and "null" in schema["type"]
        yield Slot(
            pointer=pointer,
            how=how,
            what=schema[how],
            schema=schema,
            required=schema.get("minItems", 0) > 0 if schema.get("type") == "array" else not nullable,
            consequential=bool(inherited["x-consequential"]),
            owner=inherited["x-owner"] or "release_manager",
            consequence=inherited["x-consequence"] or "",
            sources=tuple(inherited["x-sources"] or ()),
        )
    else:
        for name, below in schema.get("properties", {}).items():
            yield from _slots(below, f"{pointer}/{name}", inherited, file)


def _check(schema: dict[str, Any], how: str, place: str) -> None:
    """An annotation that names what does not exist is an error of the contract, found when it is loaded."""
    what = schema[how]
    if how in ("x-claim", "x-each") and what not in FIELDS:
        raise ContractError(f"{place}: {how} names {what!r}, which is not a field; see release_staging/model/fields.py")
    if how in ("x-rows", "x-count") and what.get("table") not in ROWS:
        raise ContractError(f"{place}: {how} names table {what.get('table')!r}; known: {', '.join(ROWS)}")
    if how == "x-derive" and what not in derivations():
        raise ContractError(f"{place}: {how} names {what!r}, which is not a derivation; known: {', '.join(sorted(derivations()))}")


@dataclass(frozen=True, eq=False)
class _ByIdentity:
    """A schema as the key of a cache."""

    schema: dict[str, Any]

    def __hash__(self) -> int:
        return id(self.schema)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByIdentity) and other.schema is self.schema


@cache
def _validator(keyed: _ByIdentity, hold: bool) -> Any:
    return jsonschema_rs.Draft202012Validator(
        hold_schema(keyed.schema) if hold else keyed.schema, validate_formats=True, mask="what stands there"
    )


def _pointer(path: list[Any]) -> str:
    return "".join(f"/{part}" for part in path) or "/"
