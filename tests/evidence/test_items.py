"""Like items read by columns are what each of them read by itself is: in values, problems and ledger, however odd they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from release_staging.evidence import ledger
from release_staging.evidence.extract import Extract
from release_staging.evidence.inventory import Items, first, last, read_items, read_one, read_tree
from release_staging.evidence.tree import Node, open_tree
from release_staging.parsing import json_stream
from release_staging.parsing.json_stream import Array
from release_staging.parsing.limits import LIMITS

WHOLE = replace(LIMITS, json_whole_bytes=LIMITS.document_bytes)
STREAMED = replace(LIMITS, json_whole_bytes=0, json_part_bytes=16)

KEYS = st.sampled_from("abc")
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.floats(0, 9)
    | st.sampled_from([2**63 - 1, 2**63, "", "x", 'quoted "y"', "\\", "ü"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
ITEMS = st.lists(VALUES | st.dictionaries(KEYS, VALUES, min_size=2, max_size=3), max_size=8)


@dataclass(frozen=True)
class Step:
    """One thing that a reader does with an item."""

    method: str
    keys: tuple[str, ...] = ()
    required: bool = False
    below: tuple[Step, ...] = ()


def steps(below: st.SearchStrategy[Step]) -> st.SearchStrategy[Step]:
    held = st.lists(below, min_size=1, max_size=3).map(tuple)
    entries = held | st.builds(Step, st.just("own_text"), required=st.booleans()).map(lambda step: (step,))
    return st.builds(Step, st.just("object"), st.tuples(KEYS), st.booleans(), held) | st.builds(
        Step, st.just("inner"), st.tuples(KEYS), st.booleans(), entries
    )


STEPS = st.lists(
    st.recursive(
        st.builds(Step, st.sampled_from(["text", "scalar", "number"]), st.tuples(KEYS), st.booleans())
        | st.builds(Step, st.sampled_from(["integer", "flag", "kinds"]), st.tuples(KEYS))
        | st.builds(Step, st.sampled_from(["first_text", "sorted_by", "first"]), st.tuples(KEYS, KEYS))
        | st.builds(Step, st.just("last"), st.tuples(KEYS, KEYS, KEYS))
        | st.just(Step("keys")),
        steps,
        max_leaves=4,
    ),
    min_size=1,
    max_size=4,
)


def of_one(node: Node, step: Step) -> Any:
    """What the step is of one item, read as a node."""
    match step.method, step.keys:
        case "text" | "scalar" | "number", (key,):
            return getattr(node, step.method)(key, required=step.required)
        case "own_text", _:
            return node.out.scalar(node, required=step.required)
        case "integer" | "flag", (key,):
            return getattr(node, step.method)(key)
        case "kinds", (key,):
            held = node[key]
            kind = type(held.raw) if held.raw is not None and held.exists else None
            return list if kind is Array else kind
        case "first", (key, other):
            return next((entry.text(other) for entry in node.items(key)), None)
        case "first_text", (one, other):
            return node.text(one) or node.text(other)
        case "sorted_by", (word, key):
            return node.text(key) if node.text(word) is not None else None
        case "last", (key, one, other):
            named = [entry for entry in node.items(key) if entry.text(one) is not None]
            return named[-1].text(other) if named else None
        case "keys", _:
            return set(node.raw) if type(node.raw) is dict else set()
        case "object", (key,):
            return [of_one(node.object(key, required=step.required), one) for one in step.below]
        case _, (key,):
            return [[of_one(entry, one) for one in step.below] for entry in node.items(key, required=step.required)]
    raise AssertionError(step)


def of_all(items: Items, step: Step) -> Sequence[Any]:
    """What it is of each item, read by columns."""
    match step.method, step.keys:
        case "text" | "scalar" | "number", (key,):
            return list(getattr(items, step.method)(key, required=step.required))
        case "own_text", _:
            return list(items.own_text(required=step.required))
        case "integer" | "flag", (key,):
            return list(getattr(items, step.method)(key))
        case "kinds", (key,):
            return [list if kind is Array else kind for kind in items.kinds(key)]
        case "first", (key, other):
            entries = items.inner(key)
            return list(entries.condensed(entries.first().text(other), first))
        case "first_text", keys:
            return list(items.first_text(*keys))
        case "sorted_by", (word, key):
            found: list[str | None] = [None] * len(items)
            for _, numbers, alike in items.sorted_by(items.text(word)):
                for number, text in zip(numbers, alike.text(key), strict=True):
                    found[number] = text
            return found
        case "last", (key, one, other):
            entries = items.inner(key)
            chosen = entries.last(entries.text(one))
            return list(chosen.condensed(chosen.text(other), last))
        case "keys", _:
            return list(map(set, items.keys()))
        case "object", (key,):
            inner = items.object(key, required=step.required)
            return [list(one) for one in zip(*(of_all(inner, one) for one in step.below), strict=True)]
        case _, (key,):
            inner = items.inner(key, required=step.required)
            columns = [of_all(inner, one) for one in step.below]
            return [[list(entry) for entry in zip(*mine, strict=True)] for mine in zip(*map(inner.of_each, columns), strict=True)]
    raise AssertionError(step)


def document(value: Any, limits: Any, read: Callable[[Node], Any]) -> tuple[Any, list[tuple[str, str]], Any]:
    """What ``read`` gives of a document, what it told, and the ledger."""
    out = Extract()
    tree = open_tree([("", json_stream.parse(orjson.dumps(value), limits))], out)
    found = read(tree.root)
    tree.finish()
    tables = out.tables()
    told = [(row["locator"], row["message"]) for row in tables["problems"].to_pylist()] if tables else []
    return found, sorted(told), ledger.rows(out.shapes, ())


@given(ITEMS | VALUES, STEPS, st.booleans())
def test_items_read_by_columns_are_items_read_one_by_one(items: Any, program: list[Step], required: bool) -> None:
    def one_by_one(root: Node) -> Any:
        return [(node.locator, [of_one(node, step) for step in program]) for node in root.items("items", required=required)]

    def by_columns(root: Node) -> Any:
        found: list[Any] = []
        for these, columns in read_items(root, "items", lambda items: [of_all(items, step) for step in program], required=required):
            found += zip(these.locators, map(list, zip(*columns, strict=True)), strict=True)
        return found

    expected = document({"items": items}, WHOLE, one_by_one)
    assert document({"items": items}, WHOLE, by_columns) == expected
    assert document({"items": items}, STREAMED, by_columns) == expected
    assert document({"items": items}, STREAMED, one_by_one) == expected


@given(VALUES, STEPS)
def test_one_item_is_read_as_many_are(item: Any, program: list[Step]) -> None:
    by_itself = document(item, WHOLE, lambda root: [of_one(root, step) for step in program])
    assert document(item, WHOLE, lambda root: read_one(root, lambda items: [of_all(items, step)[0] for step in program])) == by_itself


TREES = st.recursive(
    st.lists(VALUES, max_size=2),
    lambda inner: st.lists(VALUES | st.builds(lambda name, below: {"a": name, "c": below}, VALUES, inner), max_size=3),
    max_leaves=12,
)


@given(TREES)
def test_a_tree_of_items_is_read_in_the_order_of_the_document(tree: Any) -> None:
    def one_by_one(above: Node) -> list[Any]:
        found: list[Any] = []
        for node in above.items("c"):
            found.append((node.locator, node.text("a", required=True)))
            found += one_by_one(node)
        return found

    def by_columns(root: Node) -> list[Any]:
        found: list[Any] = []
        for these, cells in read_tree(root, "c", lambda items: {"name": items.text("a", required=True)}):
            found += zip(these.locators, cells["name"], strict=True)
        return found

    expected = document({"c": tree}, WHOLE, one_by_one)
    assert document({"c": tree}, WHOLE, by_columns) == expected
    assert document({"c": tree}, STREAMED, by_columns) == expected
