"""The JSON entry point: what is refused, and what is kept as it stood."""

from __future__ import annotations

import codecs
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from release_staging.parsing import json, json_lines
from release_staging.parsing.limits import LIMITS, Unreadable

SMALL = replace(LIMITS, json_depth=5, json_nodes=10, document_bytes=60, text_lines=3)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b'{"a": 1, "a": 2}', "duplicate key"),
        (b'{"a": 1, "\\u0061": 2}', "duplicate key"),
        (b'[{"x": {"b": 1, "b": 1}}]', "duplicate key"),
        (b'{"a": NaN}', "not valid JSON"),
        (b'{"a": -Infinity}', "not valid JSON"),
        (b'{"a": 1e999}', "larger than any program can hold"),
        (b"-1e999", "larger than any program can hold"),
        (b'{"a": [1.5, [9e400]]}', "larger than any program can hold"),
        (b'"\\ud800"', "not valid JSON"),
        (b'"\xed\xa0\x80"', "not valid JSON"),
        (b'{"a": "\xff"}', "not valid JSON"),
        (b'{"a": "\xc0\xaf"}', "not valid JSON"),
        (b'{"a": "line\nbreak"}', "not valid JSON"),
        (b'{"a": 01}', "not valid JSON"),
        (b'{"a": 1,}', "not valid JSON"),
        (b'{"a": 1} {"b": 2}', "not valid JSON"),
        (b"{'a': 1}", "not valid JSON"),
        (b'{"a": ', "not valid JSON"),
        (b"", "not valid JSON"),
        (b"9" * 5000, "not valid JSON"),
        (b"[" * 60_000, "nested too deeply"),
        (b'{"a":' * 60_000, "nested too deeply"),
    ],
)
def test_json_that_cannot_be_trusted_is_refused_with_words(text: bytes, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        json.parse(text)


def test_a_fault_names_line_and_column() -> None:
    with pytest.raises(Unreadable) as caught:
        json.parse(b'{\n "a": 1,\n "a": 2\n}')
    assert caught.value.where == "line 3, column 6"
    assert "write each key once" in caught.value.remedy


@pytest.mark.parametrize("text", ["1.10", "1e10", "-0.0", "0.1000", "100000000000000000000000000"])
def test_a_number_is_quoted_as_it_stood(text: str) -> None:
    assert json.text_of(json.parse(text.encode())) == text
    assert json.text_of(json.parse(f'{{"a": {text}}}'.encode())["a"]) == text


def test_scalars_have_a_text() -> None:
    assert [json.text_of(value) for value in json.parse(b'["x", 7, true, false, null]')] == ["x", "7", "true", "false", "null"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_marks_are_understood(encoding: str) -> None:
    assert json.parse('{"Größe": "ü"}'.encode(encoding)) == {"Größe": "ü"}


def test_utf_16_cut_in_half_is_refused() -> None:
    with pytest.raises(Unreadable, match="UTF-16"):
        json.parse(codecs.BOM_UTF16_LE + b'{\x00"')


def test_depth_at_the_limit_is_read_and_one_more_is_not() -> None:
    assert json.parse(b"[" * 5 + b"]" * 5, SMALL) == [[[[[]]]]]
    with pytest.raises(Unreadable, match="deeper than 5"):
        json.parse(b"[" * 6 + b"]" * 6, SMALL)


def test_the_real_depth_limit_is_reached() -> None:
    depth = LIMITS.json_depth
    json.parse(b"[" * depth + b"]" * depth)
    with pytest.raises(Unreadable, match="deeper"):
        json.parse(b"[" * (depth + 1) + b"]" * (depth + 1))


def test_count_at_the_limit_is_read_and_one_more_is_not() -> None:
    assert len(json.parse(b"[" + b",".join([b"1"] * 10) + b"]", SMALL)) == 10
    with pytest.raises(Unreadable, match="more than 10 elements"):
        json.parse(b"[" + b",".join([b"1"] * 11) + b"]", SMALL)


def test_size_at_the_limit_is_read_and_one_more_is_not() -> None:
    assert json.parse(b'"' + b"x" * 58 + b'"', SMALL) == "x" * 58
    with pytest.raises(Unreadable, match="more than the 60 allowed"):
        json.parse(b'"' + b"x" * 59 + b'"', SMALL)


def test_json_lines_have_the_number_of_their_line() -> None:
    assert json_lines.parse(b'{"a": 1}\r\n\n{"a": 2}\n') == [(0, 1, {"a": 1}), (2, 3, {"a": 2})]


def test_json_texts_one_below_another_have_the_lines_between_which_they_stand() -> None:
    data = b'{\n  "a": [\n    1\n  ]\n}\n\n[\n  {}\n]\n{"b": 2}'
    assert json_lines.parse(data) == [(0, 6, {"a": [1]}), (6, 9, [{}]), (9, 10, {"b": 2})]
    with pytest.raises(Unreadable) as caught:
        json_lines.parse(data[:-10])
    assert caught.value.where == "in the JSON text of line 7"


def test_a_broken_json_line_is_named() -> None:
    with pytest.raises(Unreadable) as caught:
        json_lines.parse(b'{"a": 1}\n{"a": \n')
    assert caught.value.where == "in the JSON text of line 2"


def test_a_byte_order_mark_within_json_lines_is_not_skipped() -> None:
    with pytest.raises(Unreadable):
        json_lines.parse(b'{"a": 1}\n' + codecs.BOM_UTF8 + b'{"a": 2}\n')


def test_json_lines_at_the_limit_are_read_and_one_more_is_not() -> None:
    assert len(json_lines.parse(b"1\n2\n3", SMALL)) == 3
    with pytest.raises(Unreadable, match="more than 3 lines"):
        json_lines.parse(b"1\n2\n3\n4", SMALL)


@given(st.binary(max_size=200) | st.text(alphabet='{}[]",:0123456789.eE+-\\u trufalsn\n', max_size=200).map(str.encode))
def test_any_bytes_give_a_value_or_unreadable(data: bytes) -> None:
    for parse in (json.parse, json_lines.parse):
        with suppress(Unreadable):
            parse(data)
