"""The YAML entry point: values stay what was written; what YAML can hide is refused."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from release_staging.parsing import yaml
from release_staging.parsing.limits import LIMITS, Unreadable

SMALL = replace(LIMITS, yaml_depth=3, yaml_nodes=20, yaml_bytes=40)


@pytest.mark.parametrize(
    "written",
    [
        "no",
        "yes",
        "on",
        "off",
        "1.10",
        "010",
        "0x1F",
        "0o17",
        "1_000",
        "12:30:45",
        "2024-01-01",
        "1234567e12",
        "1e3",
        ".inf",
        ".nan",
        "-0",
        "+1",
        "True",
        "NULL",
        "2026-11-20T10:15:00Z",
        "=",
        "1.",
    ],
)
def test_plain_values_stay_what_was_written(written: str) -> None:
    assert yaml.parse(f"a: {written}\n".encode()) == {"a": written}


def test_only_json_words_and_integers_are_not_text() -> None:
    assert yaml.parse(b"[true, false, null, ~, 0, 7, -12, '7', \"true\"]") == [True, False, None, None, 0, 7, -12, "7", "true"]


def test_keys_are_text() -> None:
    assert yaml.parse(b"on: 1\n1: 2\nnull: 3\ntrue: 4\n") == {"on": 1, "1": 2, "null": 3, "true": 4}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"a: 1\na: 2\n", "duplicate YAML key 'a'"),
        (b"x: {b: 1, 'b': 2}", "duplicate YAML key 'b'"),
        (b"a: &x 1\nb: *x\n", "anchors and aliases"),
        (b"a: &x [1]\n", "anchors and aliases"),
        (b"b: *x\n", "anchors and aliases"),
        (b"a: !!python/object/apply:os.system [ls]\n", "tag"),
        (b"a: !!int '5'\n", "tag"),
        (b"a: !!binary aGk=\n", "tag"),
        (b"a: !custom 5\n", "tag"),
        (b"!!python/name:os.system k: v\n", "tag"),
        (b"a: !!set {x}\n", "tag"),
        (b"? [a, b]\n: 1\n", "key is not a scalar"),
        (b"? {a: b}\n: 1\n", "key is not a scalar"),
        (b"a: [1, 2\n", "not valid YAML"),
        (b"a: 'x\n", "not valid YAML"),
        (b"a:\n\t- 1\n", "not valid YAML"),
        (b"a: \xff\n", "not valid UTF-8"),
        (b"a: \x00\n", "not valid YAML"),
        (b'a: "\\ud800"\n', "not valid YAML"),
        (b"a: 1\n---\nb: 2\n", "expected one YAML document, found 2"),
        (b"", "expected one YAML document, found 0"),
        (b"[" * 60_000, "nested deeper"),
        (b"{a: " * 60_000, "nested deeper"),
        (b"- " * 60_000 + b"x", "nested deeper"),
        (b"? " * 60_000 + b"x", "."),
    ],
)
def test_yaml_that_hides_something_is_refused_with_words(text: bytes, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        yaml.parse(text)


def test_a_tag_that_says_text_changes_nothing() -> None:
    assert yaml.parse(b"a: !!str 5\n") == {"a": "5"}


def test_a_fault_names_line_and_column() -> None:
    with pytest.raises(Unreadable) as caught:
        yaml.parse(b"a: 1\nb: 2\na: 3\n")
    assert caught.value.where == "line 3, column 1"


def test_an_alias_bomb_is_refused_at_once() -> None:
    bomb = b"a: &a [x,x,x,x,x,x,x,x,x]\n" + b"".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]\n".encode() for n in range(9)
    )
    began = time.perf_counter()
    with pytest.raises(Unreadable, match="aliases"):
        yaml.parse(bomb)
    assert time.perf_counter() - began < 1


def test_depth_at_the_limit_is_read_and_one_more_is_not() -> None:
    assert yaml.parse(b"[[[x]]]", SMALL) == [[["x"]]]
    with pytest.raises(Unreadable, match="deeper than 3"):
        yaml.parse(b"[[[[x]]]]", SMALL)


def test_count_at_the_limit_is_read_and_one_more_is_not() -> None:
    # stream start, document start, sequence start ... and three ends: 14 scalars make 20 events
    assert len(yaml.parse(b"[" + b",".join([b"1"] * 14) + b"]", SMALL)) == 14
    with pytest.raises(Unreadable, match="more than 20 elements"):
        yaml.parse(b"[" + b",".join([b"1"] * 15) + b"]", SMALL)


def test_size_at_the_limit_is_read_and_one_more_is_not() -> None:
    assert yaml.parse(b"x" * 40, SMALL) == "x" * 40
    with pytest.raises(Unreadable, match="more than the 40 allowed"):
        yaml.parse(b"x" * 41, SMALL)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_marks_are_understood(encoding: str) -> None:
    assert yaml.parse("größe: ü\n".encode(encoding)) == {"größe": "ü"}


_TREES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**17), 10**17)
    | st.text()
    | st.sampled_from(["no", "1.10", "010", "2024-01-01", "~", "<<", "="]),
    lambda below: st.lists(below, max_size=4) | st.dictionaries(st.text(max_size=20), below, max_size=4),
    max_leaves=12,
)


@given(_TREES)
def test_what_is_dumped_is_parsed_back(value: Any) -> None:
    assert yaml.parse(yaml.dump(value)) == value


def test_a_value_that_stands_twice_is_written_twice() -> None:
    shared = ["x"]
    assert b"*" not in yaml.dump({"a": shared, "b": shared})


@given(st.binary(max_size=200) | st.text(alphabet="ab:-?[]{}!&*|>'\"%@`#, \n\t~0x", max_size=120).map(str.encode))
def test_any_bytes_give_a_value_or_unreadable(data: bytes) -> None:
    for parse in (yaml.parse_all, yaml.parse_located):
        with suppress(Unreadable):
            parse(data)
