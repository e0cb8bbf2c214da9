"""Documents as they never should be: samples with members renamed and retyped, numbers at extremes, pieces cut, flipped and spliced."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any

from hypothesis import strategies as st
from lxml import etree

from release_staging.parsing import yaml

_DEEP: Any = "deep"
for _ in range(60):
    _DEEP = [{"a": _DEEP}]
_NUMBERS = [0, -1, 1, 2**31, 2**63 - 1, 2**63, -(2**63) - 1, 10**30, 1e308, -1e308, 5e-324, 0.1, 253402300800, 10**18]
_TEXTS = ["", " ", "x" * 70_000, "ä€😀\u202e", "\u0000", "null", "0", "-0", "1e999", "NaN", "٣", "9" * 5000, "a\nb\r\nc\x85", "../..", "*"]
_TIMES = ["2026-13-45T99:99:99Z", "9999-12-31T23:59:59.999999999+99:99", "0000-00-00", "1", "-1", "12:00:00"]
_FORMS = ["sha256:", "sha256:zz", "pkg:%zz/@?#", "pkg:npm/a@1", "http://[::1", "https://u:p@h/r", "e30", "!!!", "=", "a/b:c@d", "1.2.3"]
_CONTAINERS: list[Any] = [None, True, False, [], {}, [[]], [None], {"": None}, {"a": {"b": []}}, ["", 0, None, {}], _DEEP]
_VALUES: list[Any] = [*_NUMBERS, *_TEXTS, *_TIMES, *_FORMS, *_CONTAINERS]
_KEYS = ["", "*", "/", "~1", "a;b%", "__class__", "x" * 5000, "base64", "@type", "ä\u202e", "0"]
_PIECES = [b"", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"{", b"}]", b'"', b"\\u0000", b"\\ud800", b"<", b"&x;", b"<!DOCTYPE a>", b"---\n"]
_LINES = ["", "|", "---", "```", "# ", "x" * 70_000, "\t" * 500, "> " * 500, "@@ -1,99999999999 +1 @@", "1..99999", ",,,", '"', "- - - - -"]


def mutants(samples: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    """Mutants of one of ``samples``, by its structure, by its bytes, or by both."""
    return st.integers(0, len(samples) - 1).flatmap(lambda number: _mutant(samples[number], samples))


@st.composite
def _mutant(draw: st.DrawFn, sample: bytes, others: Sequence[bytes]) -> bytes:
    structured = draw(st.integers(0, 3)) > 0
    data = _structured(draw, sample) if structured else sample
    for _ in range(draw(st.integers(0 if structured and data != sample else 1, 2 if not structured else 1))):
        data = _on_bytes(draw, data, others)
    return data


# --- by structure -----------------------------------------------------------------------------------------------------


def _structured(draw: st.DrawFn, sample: bytes) -> bytes:
    value, write = _parsed(sample)
    value = copy.deepcopy(value)
    for _ in range(draw(st.integers(1, 4))):
        if isinstance(value, etree._Element):
            _on_elements(draw, value)
        elif write is _joined:
            _on_lines(draw, value)
        else:
            value = _on_tree(draw, value)
    return write(value)


@lru_cache(maxsize=512)
def _parsed(sample: bytes) -> tuple[Any, Callable[[Any], bytes]]:
    """The sample's structure, and what writes it again."""
    start = sample.lstrip()[:1]
    with suppress(ValueError):
        return json.loads(sample), lambda value: json.dumps(value).encode()
    if start == b"{":
        with suppress(ValueError):
            return [json.loads(line) for line in sample.splitlines() if line.strip()], _json_lines
    if start == b"<":
        with suppress(etree.XMLSyntaxError):
            return etree.fromstring(sample), etree.tostring
    if start != b"<":
        with suppress(ValueError):
            documents = yaml.parse_all(sample)
            if all(isinstance(document, dict | list) for document in documents):
                return documents, _yaml_documents
    return sample.decode("utf-8", "replace").splitlines(keepends=True), _joined


def _json_lines(values: Any) -> bytes:
    return "\n".join(map(json.dumps, values if isinstance(values, list) else [values])).encode()


def _yaml_documents(values: Any) -> bytes:
    return b"---\n".join(map(_yaml, values if isinstance(values, list) else [values]))


def _yaml(value: Any) -> bytes:
    return yaml.dump(value)


def _joined(lines: list[str]) -> bytes:
    return "".join(lines).encode()


def _on_tree(draw: st.DrawFn, root: Any) -> Any:
    """``root`` with one member renamed, retyped, removed, moved or multiplied; the root itself may be retyped."""
    places = list(_places(root))
    if not places:
        return draw(st.sampled_from(_VALUES))
    parent, key = draw(st.sampled_from(places))
    old = parent[key]
    match draw(st.integers(0, 7)):
        case 0 if isinstance(parent, dict):
            parent[draw(st.sampled_from([*_KEYS, *(str(other) for _, other in places[:50])]))] = parent.pop(key)
        case 1:
            del parent[key]
        case 2:
            above, elsewhere = draw(st.sampled_from(places))
            parent[key] = copy.deepcopy(above[elsewhere])
        case 3:
            parent[key] = {"value": old} if draw(st.booleans()) else [old]
        case 4 if isinstance(parent, list):
            parent.extend(copy.deepcopy(old) for _ in range(draw(st.sampled_from([1, 300]))))
        case 5 if isinstance(old, int | float):
            parent[key] = draw(st.sampled_from(_NUMBERS))
        case 6 if isinstance(old, str):
            parent[key] = draw(st.sampled_from([old * 3, old[: len(old) // 2], old + "\n", " " + old, old.upper(), old[::-1]]))
        case _:
            parent[key] = copy.deepcopy(draw(st.sampled_from(_VALUES)))
    return root


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    for key, below in list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if isinstance(value, list) else []:
        yield value, key
        yield from _places(below)


def _on_elements(draw: st.DrawFn, root: Any) -> None:
    element = draw(st.sampled_from(list(root.iter("*"))))
    words = [str(value) for value in _VALUES if isinstance(value, str | int | float) and "\x00" not in str(value)]
    attributes = sorted(element.attrib)
    match draw(st.integers(0, 6)):
        case 0 if attributes:
            element.set(draw(st.sampled_from(attributes)), draw(st.sampled_from(words)).replace("\x85", ""))
        case 1 if attributes:
            del element.attrib[draw(st.sampled_from(attributes))]
        case 2:
            element.tag = draw(st.sampled_from(["x", *(str(other.tag) for other in root.iter("*"))]))
        case 3:
            element.text = draw(st.sampled_from(words))
        case 4 if element.getparent() is not None:
            element.getparent().remove(element)
        case 5 if element.getparent() is not None:
            for _ in range(draw(st.sampled_from([1, 200]))):
                element.addnext(copy.deepcopy(element))
        case _:
            inner = element
            for _ in range(draw(st.sampled_from([1, 100, 200]))):
                inner = etree.SubElement(inner, draw(st.sampled_from(["x", str(element.tag)])))


def _on_lines(draw: st.DrawFn, lines: list[str]) -> None:
    number = draw(st.integers(0, len(lines)))
    here = lines[number : number + 1]
    match draw(st.integers(0, 4)):
        case 0:
            del lines[number : number + draw(st.integers(1, 5))]
        case 1:
            lines[number:number] = [*here, "\n"] * draw(st.sampled_from([1, 300]))
        case 2:
            lines[number:number] = [draw(st.sampled_from(_LINES)) + "\n"]
        case 3 if here:
            words = here[0].split(" ")
            words[draw(st.integers(0, len(words) - 1))] = str(draw(st.sampled_from([*_NUMBERS, *_TEXTS, *_TIMES, *_FORMS])))
            lines[number] = " ".join(words)
        case _:
            lines[number:number] = lines[draw(st.integers(0, len(lines))) :][:20]


# --- by bytes ---------------------------------------------------------------------------------------------------------


def _on_bytes(draw: st.DrawFn, data: bytes, others: Sequence[bytes]) -> bytes:
    start = draw(st.integers(0, len(data)))
    end = min(len(data), start + draw(st.sampled_from([0, 1, 2, 16, 400])))
    match draw(st.integers(0, 4)):
        case 0 if start < len(data):
            return data[:start] + bytes([data[start] ^ (1 << draw(st.integers(0, 7)))]) + data[start + 1 :]
        case 1:
            return data[:start]
        case 2:
            return data[:start] + draw(st.sampled_from(_PIECES)) + data[end:]
        case 3:
            other = draw(st.sampled_from(others))
            from_ = draw(st.integers(0, len(other)))
            return data[:start] + other[from_ : from_ + draw(st.sampled_from([8, 64, 4000]))] + data[end:]
        case _:
            return data[:end] + data[start:end] * draw(st.sampled_from([1, 50])) + data[end:]
