"""Columns hold what the values hold, once; and items that are read at once are those that the strict parser reads one by one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from release_staging.evidence.ledger import Shape, rows
from release_staging.parsing import json, json_items
from release_staging.parsing.columns import Column
from release_staging.parsing.limits import LIMITS, Unreadable

TEXTS = st.text(max_size=4) | st.sampled_from(['"', "\\", '\\"', "\\\\", '"\\"', "ü", "\x7f"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)
FAULTS = [
    '{"a": 1, "a": 2}',
    '{"a": "\\"", "b": {"": 1, "": 1}}',
    '{"a": 1, "\\u0061": "\\\\"}',
    '{"a": 1e999}',
    '{"a": NaN}',
    '"\\ud800"',
    '"line\nbreak"',
    '{"a": 01}',
    "[1 2]",
    "[" * (LIMITS.json_depth + 1) + "]" * (LIMITS.json_depth + 1),
    "[" * 20_000 + "]" * 20_000,
]


def leaves(value: Any) -> int:
    inside = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    return sum(map(leaves, inside)) if inside else 1


def written(value: Any) -> str:
    """JSON, with integers of any size."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{written(key)}: {written(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return str(value) if type(value) is int else orjson.dumps(value).decode()


def at_once(texts: list[str], depth: int = LIMITS.json_depth) -> Column | None:
    data = ("[" + ", ".join(texts) + "]").encode()
    return json_items.parse(msgspec.json.decode(data, type=list[msgspec.Raw]), data, 1, len(data) - 1, depth)


@given(st.lists(VALUES, max_size=6))
def test_every_leaf_is_counted_once(values: list[Any]) -> None:
    shapes = Shape()
    assert shapes.count_column(Column(values)) == []
    assert sum(row["not_understood"] for row in rows(shapes, ())) == sum(map(leaves, values))


def test_of_more_keys_than_have_a_column_every_leaf_is_counted() -> None:
    values = [{f"key {number}": number, "same": [number]} for number in range(3000)]
    column, shapes = Column(values), Shape()
    assert len(column.members) < 1100
    assert sum(len(below.values) for below in column.below()) == 6000
    shapes.count_column(column)
    assert sum(row["not_understood"] for row in rows(shapes, ())) == 6000


@given(st.lists(VALUES, min_size=1, max_size=6))
def test_items_read_at_once_are_those_that_the_strict_parser_reads(values: list[Any]) -> None:
    texts = list(map(written, values))
    column = at_once(texts)
    assert column is not None
    assert repr(list(column.values)) == repr([json.parse(text.encode()) for text in texts])


@given(st.lists(VALUES, max_size=3), st.sampled_from(FAULTS), st.lists(VALUES, max_size=3))
def test_what_the_strict_parser_refuses_is_left_to_it(before: list[Any], fault: str, after: list[Any]) -> None:
    with pytest.raises(Unreadable):
        json.parse(fault.encode())
    try:
        found = at_once([*map(written, before), fault, *map(written, after)])
    except (ValueError, RecursionError):  # what is no JSON is refused where items are found
        return
    assert found is None


def test_depth_at_the_limit_is_read_and_one_more_is_not() -> None:
    assert json.parse(b"[[1]]", replace(LIMITS, json_depth=2)) == [[1]]
    assert at_once(["[[1]]", "2"], 2) is not None
    assert at_once(["[[1]]", "2"], 1) is None
