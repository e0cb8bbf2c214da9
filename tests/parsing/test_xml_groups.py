"""Groups of XML elements: what is read as columns is what is read one by one, and what another parser finds."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from release_staging.parsing import xml
from release_staging.parsing.collector import collector_paused
from release_staging.parsing.xml_builder import Tally
from release_staging.parsing.xml_elements import Element, Group

STREAMED = frozenset({"a", "b"})

_NAMES = st.sampled_from(["a", "a", "b", "c", "x:a", "x:c"])
_ATTRIBUTES = st.dictionaries(st.sampled_from(["k", "l", "x:k"]), st.sampled_from(["", "1", "v w", "&lt;"]), max_size=3)
_GAPS = st.sampled_from(["", "", " ", "\n  ", "text", " t ", "<!-- c -->", "<![CDATA[ d ]]>"])


def _written(name: str, attributes: dict[str, str], parts: list[str]) -> str:
    given_ = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f"<{name}{given_}>{''.join(parts)}</{name}>" if parts else f"<{name}{given_}/>"


_ELEMENTS = st.recursive(
    st.builds(_written, _NAMES, _ATTRIBUTES, _GAPS.map(lambda gap: [gap] if gap else [])),
    lambda inner: st.builds(_written, _NAMES, _ATTRIBUTES, st.lists(_GAPS | inner | inner, max_size=6)),
    max_leaves=25,
)
DOCUMENTS = st.lists(_GAPS | _ELEMENTS | _ELEMENTS, max_size=8).map(lambda parts: f'<r xmlns:x="urn:x">{"".join(parts)}</r>'.encode())
WANTED = st.sampled_from(
    [{}, {"a": frozenset[str]()}, {"a": frozenset({"c"}), "c": frozenset[str]()}, {"a": frozenset({"a", "b"}), "r": frozenset({"c"})}]
)


class Place:
    """A place in a tree, by its path."""

    def __init__(self, path: str = "") -> None:
        self.path = path

    def child(self, segment: str) -> Place:
        return Place(f"{self.path}/{segment}")

    def __hash__(self) -> int:
        return hash(self.path)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Place) and self.path == other.path


def _of_lxml(data: bytes) -> Any:
    return etree.fromstring(data, etree.XMLParser(remove_comments=True, strip_cdata=True))


def _local(name: Any) -> str:
    return etree.QName(name).localname


def _attributes(node: Any) -> dict[str, str]:
    return {_local(key): value for key, value in sorted(node.attrib.items(), key=lambda one: not one[0].startswith("{"))}


def _texts(node: Any) -> str:
    """Text directly in the element, but for white space that stands by itself between two tags."""
    pieces = [node.text or "", *(child.tail or "" for child in node)]
    return "".join(piece for piece in pieces if piece.strip())


def _below(node: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    path = f"{path}/{_local(node.tag)}"
    yield path, node
    for child in node:
        yield from _below(child, path)


@given(DOCUMENTS, WANTED)
def test_groups_are_the_elements_that_another_parser_finds(data: bytes, wanted: dict[str, frozenset[str]]) -> None:
    tree = _of_lxml(data)
    seen = []
    for group in xml.grouped(data, STREAMED, wanted=wanted):
        assert len({element.xpath for element in group}) == len(group)
        assert [element.xpath for element in group] == group.xpaths()
        for at, element in enumerate(group):
            [node] = tree.xpath(element.xpath)
            seen.append(node)
            assert (element.name, element.attributes) == (_local(node.tag), _attributes(node))
            assert [group.column(key)[at] for key in ("k", "l", "z")] == [_attributes(node).get(key) for key in ("k", "l", "z")]
            assert Counter(group.within[at]) == Counter(element.within) == Counter(_local(child.tag) for child in node)
            assert element.text == _texts(node)
    ended = [node for _, node in etree.iterwalk(tree, events=("end",)) if _local(node.tag) in STREAMED or node is tree]
    assert seen == ended


@given(DOCUMENTS, WANTED)
def test_elements_keep_the_children_that_are_wanted(data: bytes, wanted: dict[str, frozenset[str]]) -> None:
    tree = _of_lxml(data)
    for group in xml.grouped(data, STREAMED, wanted=wanted):
        for element in group:
            _assert_children(element, tree, wanted)


def _assert_children(element: Element, tree: Any, wanted: dict[str, frozenset[str]]) -> None:
    [node] = tree.xpath(element.xpath)
    keeps = wanted.get(element.name)
    kept = [child for child in node if _local(child.tag) not in STREAMED and (keeps is None or _local(child.tag) in keeps)]
    by_group = [child for group in element.groups for child in group]
    assert [child.xpath for child in by_group] == [child.xpath for child in element.children]
    assert [tree.xpath(child.xpath) for child in element.children] == [[child] for child in kept]
    for child in element.children:
        [node] = tree.xpath(child.xpath)
        assert (child.attributes, child.text) == (_attributes(node), _texts(node))
        _assert_children(child, tree, wanted)


@given(DOCUMENTS, WANTED)
def test_everything_is_counted_whether_or_not_it_is_wanted(data: bytes, wanted: dict[str, frozenset[str]]) -> None:
    tally, attributes, texts = Tally(), Counter[str](), Counter[str]()
    for _ in xml.grouped(data, STREAMED, top=Place(), wanted=wanted, tally=tally):
        pass
    for (place, names), times in tally.attributes.items():
        for name in {name.rpartition("\x1f")[2] for name in names}:
            attributes[f"{place.path}/@{name}"] += times
    for place, times in tally.texts.items():
        texts[place.path] += times
    nodes = list(_below(_of_lxml(data)))
    assert attributes == Counter(f"{path}/@{name}" for path, node in nodes for name in _attributes(node))
    assert texts == Counter(path for path, node in nodes if _texts(node))


@given(DOCUMENTS, WANTED, st.integers(1, 40))
def test_where_the_document_is_cut_into_pieces_makes_no_difference(data: bytes, wanted: dict[str, frozenset[str]], size: int) -> None:
    whole = [_seen(element) for group in xml.grouped(data, STREAMED, wanted=wanted) for element in group]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(xml, "_PIECE", size)
        assert [_seen(element) for group in xml.grouped(data, STREAMED, wanted=wanted) for element in group] == whole


def _seen(element: Element) -> tuple[Any, ...]:
    below = [_seen(child) for child in element.children]
    return (element.xpath, element.attributes, element.text, sorted(element.within), below)


def test_what_was_streamed_is_freed_without_the_collector() -> None:
    case = b"<case><list><item n='1'/><item n='2'>x</item><item><deep/></item></list></case>"
    gc.collect()
    with collector_paused():
        before = sum(isinstance(one, Element | Group) for one in gc.get_objects())
        for group in xml.grouped(b"<r>" + case * 3000 + b"</r>", frozenset({"case"})):
            for element in group:
                assert element.name == "r" or len(element.children[0].children) == 3
        del group, element
        after = sum(isinstance(one, Element | Group) for one in gc.get_objects())
    assert after - before < 10
