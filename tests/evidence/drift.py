"""The law of drift: a format that changed under a reader never yields a wrong fact, and no fact vanishes silently.

Every member of a JSON or YAML document is renamed, retyped, nested and removed in turn, and what the reader then says is compared
with what it said before.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable, Collection, Iterator
from typing import Any

import orjson

from release_staging.evidence.open import Opened
from release_staging.evidence.read import read
from release_staging.evidence.recognise import recognise
from release_staging.model.extraction import Extraction
from release_staging.parsing import json
from tests.evidence.support import assert_lawful, not_understood, rows

TOLD = "told"
_ROWLESS = ("claims", "losses", "problems")


def as_json(value: Any) -> bytes:
    return orjson.dumps(value, default=float)


def assert_drift_is_told(
    data: bytes,
    required: Collection[str],
    *,
    joined: Collection[str] = (),
    named: Collection[str] = (),
    parse: Callable[[bytes], Any] = json.parse,
    dump: Callable[[Any], bytes] = as_json,
) -> None:
    """``data`` is a sample that one reader knows; ``required`` are the path shapes (``/jobs/*/run_id``) whose removal must be told.

    Renamed, retyped or nested members must show, as a problem or as an element not understood, where a fact is lost; no
    mutation may yield a claim or a cell that was not there before, without a problem that says so. ``joined`` names columns
    and claims that are put together from several members (``platform``): they rightly change when one of these is removed.
    ``named`` are path shapes of members whose name is data: with another name they are another fact, not a drift.
    """
    told: set[str] = set()
    for kind, path, problem in effects(data, joined=joined, named=named, parse=parse, dump=dump):
        assert problem in (None, TOLD), f"{kind} {path}: {problem}"
        if problem == TOLD and kind == "remove":
            told.add(path)
    assert set(required) <= told, f"removed and not told: {sorted(set(required) - told)}"


def effects(
    data: bytes,
    *,
    joined: Collection[str] = (),
    named: Collection[str] = (),
    parse: Callable[[bytes], Any] = json.parse,
    dump: Callable[[Any], bytes] = as_json,
    mutate: Callable[[Any], Iterator[tuple[str, str, Any]]] | None = None,
) -> Iterator[tuple[str, str, str | None]]:
    """``(kind, path shape, effect)`` of every mutation: TOLD, None where it changes nothing that counts, or what is wrong."""
    value = parse(data)
    before = _extract(dump(value))
    assert before is not None, "the sample is not recognised"
    said, known = _said(before[1]), _facts(*before)
    for kind, path, mutated in (mutate or mutations)(value):
        if kind == "rename" and path in named:
            continue
        after = _extract(dump(mutated))
        if after is None or _said(after[1]) - said:  # no longer recognised: that is told
            yield kind, path, TOLD
            continue
        facts = _facts(*after)
        wrong = {fact for fact in facts - known if not {*fact[:3]} & {*joined}}
        if wrong:
            yield kind, path, f"yields {wrong} and no problem"
        elif kind != "remove" and known - facts and not set(not_understood(after[1])) - set(not_understood(before[1])):
            yield kind, path, f"{known - facts} vanishes silently"
        else:
            yield kind, path, None


def mutations(value: Any) -> Iterator[tuple[str, str, Any]]:
    """``(kind, path shape, mutated copy)``: every object member renamed, retyped, nested and removed, one at a time."""
    for keys in list(_members(value, ())):
        shape = "".join("/*" if isinstance(key, int) else f"/{key}" for key in keys)
        for kind in ("rename", "retype", "nest", "remove"):
            mutated = copy.deepcopy(value)
            parent = mutated
            for key in keys[:-1]:
                parent = parent[key]
            old = parent.pop(keys[-1])
            if kind == "rename":
                parent[f"{keys[-1]}_renamed"] = old
            elif kind == "retype":
                parent[keys[-1]] = "retyped" if isinstance(old, dict | list) else [old]
            elif kind == "nest":
                parent[keys[-1]] = {"value": old}
            yield kind, shape, mutated


def _members(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    if isinstance(value, dict):
        for key, below in value.items():
            yield (*path, key)
            yield from _members(below, (*path, key))
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from _members(below, (*path, index))


def _extract(data: bytes) -> tuple[bytes, Extraction] | None:
    opened = Opened(data)
    known = recognise(opened)
    assert len(known) <= 1, f"recognised as {[match.format for match in known]}"
    if not known:
        return None
    extraction = read(opened, known[0])
    assert_lawful(data, extraction)
    return data, extraction


def _said(extraction: Extraction) -> set[tuple[Any, ...]]:
    """What the reader tells of the document."""
    return {(problem["code"], problem["message"], problem["locator"]) for problem in rows(extraction, "problems")}


def _facts(data: bytes, extraction: Extraction) -> set[tuple[Any, ...]]:
    """Claims by field and value, and the filled cells of rows by locator; the document's own digest stands as "own"."""
    own = "sha256:" + hashlib.sha256(data).hexdigest()
    facts: set[tuple[Any, ...]] = {("claim", claim["field"], claim["value"]) for claim in rows(extraction, "claims")}
    for table in extraction.tables.keys() - set(_ROWLESS):
        for row in rows(extraction, table):
            facts |= {(table, row["locator"], name, "own" if cell == own else cell) for name, cell in row.items() if cell is not None}
    return facts
