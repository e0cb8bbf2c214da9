"""What differs between two contract versions, and for whom that is a break: computed from the schemas, never asserted.

Two people depend on a contract. Who *reads records* is broken by what is not where it was, or may now be what it never was. Who
*submits packets* is broken by what is newly asked for: a packet that was staged may then be held.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from release_staging.record.contract import FILLED_BY, Contract, Slot


@dataclass(frozen=True)
class Change:
    """``field`` is the dotted place in the record; ``breaks_readers`` and ``breaks_packets`` say for whom it is a break."""

    field: str
    change: str
    breaks_readers: bool = False
    breaks_packets: bool = False


@dataclass(frozen=True)
class _Place:
    """A property of the record: its schema, and whether the object it stands in always has it."""

    schema: Mapping[str, Any]
    required: bool

    @property
    def types(self) -> frozenset[str]:
        stated = self.schema.get("type", [])
        return frozenset([stated] if isinstance(stated, str) else stated)


def differences(before: Contract, after: Contract) -> list[Change]:
    """Every change from one contract to another, in the order of the fields."""
    old, new = dict(_places(before.schema, "", before.schema)), dict(_places(after.schema, "", after.schema))
    old_slots, new_slots = ({slot.name: slot for slot in one.slots} for one in (before, after))
    renamed = _renamed(old_slots, new_slots)
    found = [Change(new_name, f"renamed from {old_name}", breaks_readers=True) for old_name, new_name in renamed.items()]
    found += [Change(name, "removed", breaks_readers=True) for name in _outermost(old.keys() - new.keys() - renamed.keys())]
    for name in _outermost(new.keys() - old.keys() - set(renamed.values())):
        asked = name in new_slots and new_slots[name].required
        found.append(Change(name, "added, required" if asked else "added, optional", breaks_packets=asked))
    for name in sorted(old.keys() & new.keys()):
        found += _changed(name, old[name], new[name])
        found += _filled(name, old_slots.get(name), new_slots.get(name))
    for old_name, new_name in renamed.items():
        found += _changed(new_name, old[old_name], new[new_name])
    return sorted(found, key=lambda one: (one.field, one.change))


def bump(changes: list[Change]) -> str:
    """The part of the version that must count up (Semantic Versioning 2.0.0): major, minor or patch."""
    if any(one.breaks_readers or one.breaks_packets for one in changes):
        return "major"
    return "minor" if changes else "patch"


def _places(schema: Mapping[str, Any], name: str, root: Mapping[str, Any]) -> Iterator[tuple[str, _Place]]:
    """Every property below a schema by its dotted name; the elements of an array are ``name[]``."""
    if "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rpartition("/")[2]]
    required = set(schema.get("required", ()))
    for key, below in schema.get("properties", {}).items():
        at = f"{name}.{key}" if name else key
        if at not in ("contract", "record_id"):  # the version itself, and what it gives
            yield at, _Place(below, key in required)
            yield from _places(below, at, root)
    if isinstance(schema.get("items"), Mapping):
        yield from _places(schema["items"], f"{name}[]", root)


def _renamed(old: Mapping[str, Slot], new: Mapping[str, Slot]) -> dict[str, str]:
    """Slots that went while another came that is filled alike; only where it is one for one."""
    gone, come = _by_filling(old, new), _by_filling(new, old)
    return {names[0]: come[filling][0] for filling, names in gone.items() if len(names) == len(come.get(filling, ())) == 1}


def _by_filling(slots: Mapping[str, Slot], others: Mapping[str, Slot]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, slot in slots.items():
        if name not in others:
            found.setdefault(f"{slot.how} {slot.what}", []).append(name)
    return found


def _outermost(names: Iterable[str]) -> list[str]:
    """Those that stand below none of the others."""
    found = set(names)
    return sorted(name for name in found if not any(name.startswith((f"{other}.", f"{other}[]")) for other in found))


def _changed(name: str, old: _Place, new: _Place) -> Iterator[Change]:
    if old.types != new.types:
        told = f"type {' or '.join(sorted(old.types)) or 'any'} -> {' or '.join(sorted(new.types)) or 'any'}"
        null_gone = "null" in old.types - new.types and any(key in new.schema for key in FILLED_BY)
        yield Change(name, told, breaks_readers=not new.types <= old.types, breaks_packets=null_gone)
    if old.required and not new.required:
        yield Change(name, "may be left out", breaks_readers=True)
    elif new.required and not old.required:
        yield Change(name, "is always there")
    fewer, more = _words(old.schema, new.schema)
    if more:
        yield Change(name, f"may also be {', '.join(more)}", breaks_readers=True)
    if fewer:
        yield Change(name, f"is no longer {', '.join(fewer)}")
    if (asked := new.schema.get("minItems", 0)) != old.schema.get("minItems", 0):
        yield Change(name, f"has at least {asked} elements", breaks_packets=asked > old.schema.get("minItems", 0))
    for limit in ("pattern", "format", "maxLength", "minLength", "minimum", "maximum"):
        if old.schema.get(limit) != new.schema.get(limit):
            told = f"{limit} {old.schema.get(limit, 'none')} -> {new.schema.get(limit, 'none')}"
            yield Change(name, told, breaks_readers=limit in old.schema, breaks_packets=limit in new.schema)


def _words(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Words of a closed list that went, and that came."""
    before, after = old.get("enum"), new.get("enum")
    if before is None or after is None:
        return [], [] if before is None else ["any word"]
    return sorted(set(map(str, before)) - set(map(str, after))), sorted(set(map(str, after)) - set(map(str, before)))


def _filled(name: str, old: Slot | None, new: Slot | None) -> Iterator[Change]:
    """Another claim in the same place is another meaning."""
    if old is not None and new is not None and (old.how, old.what) != (new.how, new.what):
        yield Change(name, f"filled by {new.what} instead of {old.what}", breaks_readers=True)
