"""A large JSON document is read as a stream: to a reader, to the ledger and to whoever broke it, that makes no difference."""

from __future__ import annotations

import gc
from dataclasses import replace
from threading import Event, Thread
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from release_staging.evidence.ledger import Shape, rows
from release_staging.evidence.open import Opened
from release_staging.evidence.read import read
from release_staging.evidence.recognise import recognise
from release_staging.parsing import json, json_stream
from release_staging.parsing.collector import collector_paused
from release_staging.parsing.json_stream import Array
from release_staging.parsing.limits import LIMITS, Unreadable
from tests.evidence.corpus import documents

STREAMED = replace(LIMITS, json_whole_bytes=0, json_part_bytes=16)
WHOLE = replace(LIMITS, json_whole_bytes=LIMITS.document_bytes)

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False).map(repr)
    | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(max_size=6), inner, max_size=6),
    max_leaves=40,
)


def as_text(value: Any, gap: str) -> str:
    """JSON with white space between all its parts."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{gap}{as_text(key, gap)}{gap}:{gap}{as_text(one, gap)}{gap}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(f"{gap}{as_text(one, gap)}{gap}" for one in value) + "]"
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else orjson.dumps(value).decode()


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value


@given(VALUES, st.sampled_from(["", " ", "\n", "\r\n\t"]))
def test_the_same_values_come_out(value: Any, gap: str) -> None:
    data = as_text(value, gap).encode()
    assert plain(json_stream.parse(data, STREAMED)) == json.parse(data)


@given(VALUES, st.integers(0, 8))
def test_the_ledger_adds_up_however_much_of_it_was_read(value: Any, reached: int) -> None:
    data = as_text([value] * 9, "").encode()
    counted, streamed = Shape(), Shape()
    counted.count_tree(json.parse(data))
    parsed = json_stream.parse(data, STREAMED)
    unread = streamed.count_tree(parsed)
    for _, item in zip(range(reached), parsed, strict=False):
        plain(item)
    plain(parsed) if reached % 2 else None
    for array in unread:
        array.finish()
    assert rows(streamed, ()) == rows(counted, ())


@pytest.mark.parametrize(
    "text",
    [
        '{"a": [1, 2, 3, 4, 5, 6, 7, 8], "b": 1, "a": [1, 2, 3, 4, 5, 6, 7, 8]}',
        '{"a": [1, 2, 3, 4, 5, 6, 7, 8], "b": 1, "\\u0061": 2}',
        '{"a": 1, "b": 1, "a": [1, 2, 3, 4, 5, 6, 7, 8]}',
        '{"list": [{"x": 1}, {"y": 2}, {"z": 3},\n {"x": 1, "x": 2}]}',
        '{"list": [{"x": 1}, {"y": 2}, {"z": 3}, {"x": 1e999}]}',
        '{"o": {"list": [{"x": 1}, {"y": 2}, {"z": 3}],\n "list": 2, "more": "aaaaaaaaaaaaaaaaaaaaaaaa"}, "q": 1}',
        '[[[[["aaaaaaaaaaaaaaaaaaaa", {"x": 1, "x": 2}]]]]]',
    ],
)
def test_what_the_whole_reading_refuses_is_refused_at_the_same_place(text: str) -> None:
    for data in (text.encode(), text.replace(" ", "\n").encode()):
        with pytest.raises(Unreadable) as whole:
            json.parse(data)
        with pytest.raises(Unreadable) as streamed:
            plain(json_stream.parse(data, STREAMED))
        assert str(streamed.value) == str(whole.value)


@pytest.mark.parametrize("end", range(1, 60))
def test_a_text_that_breaks_off_is_refused(end: int) -> None:
    data = b'{"a": [{"x": "\\u0061"}, {"y": [1.5, true, null]}], "b": {"c": "dddddddd"}}'[:end]
    with pytest.raises(Unreadable):
        plain(json_stream.parse(data, STREAMED))


@pytest.mark.parametrize("outer", [0, 1, 3, 60])
def test_depth_is_counted_from_the_root(outer: int) -> None:
    for depth in (LIMITS.json_depth, LIMITS.json_depth + 1, 100_000):
        data = b"[" * depth + b'"' + b"x" * outer + b'"' + b"]" * depth
        if depth == LIMITS.json_depth:
            plain(json_stream.parse(data, STREAMED))
        else:
            with pytest.raises(Unreadable, match="nested"):
                plain(json_stream.parse(data, STREAMED))


def test_a_fault_in_the_last_item_takes_back_all_rows() -> None:
    head = b'{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": ['
    items = b",".join(b'{"type": "library", "name": "n%d"}' % number for number in range(99))
    opened = Opened(head + items + b', {"type": "library", "name": "a", "name": "b"}]}', STREAMED)
    [known] = recognise(opened)
    extraction = read(opened, known)
    assert set(extraction.tables) == {"problems"}
    [problem] = extraction.tables["problems"].to_pylist()
    assert problem["code"] == "EVIDENCE_UNREADABLE"
    assert "duplicate key" in problem["message"]


def test_the_large_array_is_not_held() -> None:
    value = json_stream.parse(b'{"a": [1, 2, 3, 4, 5, 6, 7, 8]}', STREAMED)
    assert type(value["a"]) is Array
    assert value["a"][-1] == 8
    assert value["a"][2:4] == [3, 4]
    assert value["a"] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert value["a"] != []
    assert 5 in value["a"]


def test_what_recognition_looks_at_is_parsed_once_and_let_go_when_it_is_read() -> None:
    item = b'{"text": "' + b"x" * 200_000 + b'"}'
    items = json_stream.parse(b"[" + b",".join([item] * 20) + b"]")
    assert items[0] is items[0] is next(iter(items))
    assert list(items)[4] is list(items)[4]
    assert list(items)[-1] is not list(items)[-1]  # of the first only so much is kept
    items.watch(lambda _: [])
    assert next(iter(items)) is not next(iter(items))


def test_the_corpus_reads_alike() -> None:
    count = 0
    for path, data in documents("."):
        if data[:1] not in (b"{", b"[") or len(data) > 2**20:
            continue
        made = []
        for limits in (WHOLE, STREAMED):
            opened = Opened(data, limits)
            try:
                made.append([read(opened, known).tables for known in recognise(opened)])
            except Unreadable:
                made.append([])
        assert made[0] == made[1], path
        count += bool(made[0])
    assert count


def test_the_collector_rests_until_the_last_is_done() -> None:
    entered, left = Event(), Event()

    def other() -> None:
        with collector_paused():
            entered.set()
            left.wait()

    thread = Thread(target=other)
    with pytest.raises(ZeroDivisionError), collector_paused():  # noqa: PT012 - the error must come while the other is within
        thread.start()
        entered.wait()
        raise ZeroDivisionError
    assert not gc.isenabled()
    left.set()
    thread.join()
    assert gc.isenabled()
