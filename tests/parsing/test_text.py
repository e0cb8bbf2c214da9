"""Bytes to text: declared and sniffed encodings, and lines."""

from __future__ import annotations

import codecs
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from release_staging.parsing.limits import LIMITS, Unreadable
from release_staging.parsing.text import decode, lines_of

SMALL = replace(LIMITS, document_bytes=4, text_lines=2)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_every_marked_encoding_gives_the_same_text(encoding: str) -> None:
    assert decode("naïve 🙂".encode(encoding)) == "naïve 🙂"


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (b"ab\xffc", "byte 2"),
        (b"\xc0\xaf", "byte 0"),
        (b"\xed\xa0\x80", "byte 0"),
        (codecs.BOM_UTF8 + b"a\xff", "byte 4"),
        (b"abc\xe2\x82", "byte 3"),
    ],
)
def test_bytes_that_are_not_text_are_named_by_their_place(data: bytes, where: str) -> None:
    with pytest.raises(Unreadable) as caught:
        decode(data)
    assert caught.value.where == where


def test_lone_surrogates_in_utf_16_are_refused() -> None:
    with pytest.raises(Unreadable):
        decode(codecs.BOM_UTF16_LE + b"\x00\xd8a\x00")


def test_a_head_may_end_within_a_character() -> None:
    assert decode("aé".encode()[:2], cut=True) == "a"


def test_size_at_the_limit_is_read_and_one_more_is_not() -> None:
    assert decode(b"abcd", SMALL) == "abcd"
    with pytest.raises(Unreadable, match="more than the 4 allowed"):
        decode(b"abcde", SMALL)


@pytest.mark.parametrize(("text", "lines"), [("", []), ("a", ["a"]), ("a\n", ["a"]), ("a\r\nb\rc\n\n", ["a", "b", "c", ""]), ("\n", [""])])
def test_lines_end_with_any_of_the_three_ends(text: str, lines: list[str]) -> None:
    assert lines_of(text) == lines


def test_lines_at_the_limit_are_read_and_one_more_is_not() -> None:
    assert lines_of("a\nb\n", SMALL) == ["a", "b"]
    with pytest.raises(Unreadable, match="3 lines, more than the 2 allowed"):
        lines_of("a\nb\nc", SMALL)


@given(st.binary(max_size=60))
def test_any_bytes_give_text_or_unreadable(data: bytes) -> None:
    with suppress(Unreadable):
        assert "\ufffd" not in decode(data) or b"\xef\xbf\xbd" in data or data[:2] in (b"\xff\xfe", b"\xfe\xff")
