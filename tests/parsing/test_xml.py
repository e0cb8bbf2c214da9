"""The XML entry point: a stream with exact lines and positions; no DOCTYPE, no bombs."""

from __future__ import annotations

import time
from contextlib import nullcontext, suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from release_staging.parsing import xml
from release_staging.parsing.limits import LIMITS, Unreadable
from release_staging.parsing.xml_elements import Element

SMALL = replace(LIMITS, xml_depth=3, xml_attributes=2, xml_text_bytes=10, xml_kept_elements=5, document_bytes=2000)
EVERY = frozenset({"case"})


def elements(data: bytes, names: frozenset[str] = EVERY, limits: object = LIMITS) -> list[Element]:
    return list(xml.stream(data, names, limits))  # type: ignore[arg-type]


def test_elements_come_with_text_and_attributes() -> None:
    first, second, root = elements(b'<r>\n<case n="1">a<!-- c -->b</case>\n\n<case n="2"/></r>')
    assert [(e.name, e.text, e.attributes) for e in (first, second)] == [("case", "ab", {"n": "1"}), ("case", "", {"n": "2"})]
    assert root.name == "r"
    assert root.children == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"<!DOCTYPE r []><r/>", "DOCTYPE"),
        (b'<!DOCTYPE r SYSTEM "a.dtd" [<!ENTITY x "y">]><r>&x;</r>', "DOCTYPE"),
        (b'<!DOCTYPE r SYSTEM "a.dtd"><!DOCTYPE r [<!ENTITY x "y">]><r/>', "DOCTYPE"),
        ('<?xml version="1.0"?><!DOCTYPE r SYSTEM "a.dtd"><r/>'.encode("utf-16"), "DOCTYPE"),
        (b"<!DOCTYPE r [<!-- ]><r/> -->]><r/>", "DOCTYPE"),
        (b'<!DOCTYPE r SYSTEM "a.dtd"><r>&later;</r>', "undefined entity"),
        (b'<!DOCTYPE r SYSTEM "a.dtd"><r a="&later;"/>', "undefined entity"),
        (b'<!DOCTYPE r SYSTEM "a.dtd"', "unclosed|DOCTYPE|no element"),
        (b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>', "DOCTYPE"),
        (b'<!DOCTYPE r [<!ATTLIST r a CDATA "injected">]><r/>', "DOCTYPE"),
        (b"<r>&undefined;</r>", "undefined entity"),
        (b"<r><a></r>", "mismatched tag"),
        (b"<r>", "no element found|unclosed"),
        (b"", "no element found"),
        (b"<r/><r/>", "junk after document element"),
        (b'<r a="1" a="2"/>', "duplicate attribute"),
        (b"<r>\x01</r>", "not well-formed"),
        (b"<r>\xff</r>", "not well-formed"),
        (b"<x:r/>", "unbound prefix"),
        (b'<?xml version="1.0" encoding="utf-7"?><r/>', "not valid XML"),
        (b'<?xml version="1.0" encoding="shift_jis"?><r/>', "not valid XML"),
        (b'<?xml version="1.0" encoding="no-such"?><r/>', "not valid XML"),
        (b"<a>" * 60_000, "deeper than 128"),
    ],
)
def test_xml_that_cannot_be_trusted_is_refused_with_words(text: bytes, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        elements(text)


@pytest.mark.parametrize(
    "doctype",
    [
        b"<!DOCTYPE r>",
        b'<!DOCTYPE r PUBLIC "-//JACOCO//DTD Report 1.1//EN" "report.dtd">',
        b"<!DOCTYPE r SYSTEM 'http://cobertura.sourceforge.net/xml/coverage-04.dtd'>",
        b'<!DOCTYPE r\n  SYSTEM\n  "a.dtd"\n>',
    ],
)
@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", b'<?xml version="1.0" standalone="yes"?>\n<!-- <!DOCTYPE r []> -->'])
def test_a_doctype_that_only_names_a_dtd_changes_nothing_and_no_place(doctype: bytes, before: bytes) -> None:
    after = b'\n<r><a n="1">x &amp; <![CDATA[<!DOCTYPE a SYSTEM "b">]]></a>\n<b></r>'
    with pytest.raises(Unreadable) as with_it:
        elements(before + doctype + after)
    with pytest.raises(Unreadable) as without:
        elements(before + b"\n" * doctype.count(b"\n") + after)
    assert with_it.value.where.partition(",")[0] == without.value.where.partition(",")[0]
    [a, root] = elements(before + doctype + after.replace(b"<b>", b""), frozenset({"a"}))
    assert (a.text, a.attributes, root.name) == ('x & <!DOCTYPE a SYSTEM "b">', {"n": "1"}, "r")


def test_a_fault_names_line_and_column() -> None:
    with pytest.raises(Unreadable) as caught:
        elements(b"<r>\n  <a></b>\n</r>")
    assert caught.value.where == "line 2, column 8"


def test_depth_at_the_limit_is_read_and_one_more_is_not() -> None:
    assert elements(b"<a><b><c/></b></a>", limits=SMALL)
    with pytest.raises(Unreadable, match="deeper than 3"):
        elements(b"<a><b><c><d/></c></b></a>", limits=SMALL)


def test_attributes_at_the_limit_are_read_and_one_more_is_not() -> None:
    assert elements(b'<a x="" y=""/>', limits=SMALL)
    with pytest.raises(Unreadable, match="more than 2 attributes"):
        elements(b'<a x="" y="" z=""/>', limits=SMALL)


def test_attribute_size_at_the_limit_is_read_and_one_more_is_not() -> None:
    assert elements(b'<a x="123456789"/>', limits=SMALL)
    with pytest.raises(Unreadable, match="larger than 10 characters"):
        elements(b'<a x="1234567890"/>', limits=SMALL)


def test_text_at_the_limit_is_read_and_one_more_is_not() -> None:
    assert elements(b"<a>12345<b>1234567890</b>67890</a>", limits=SMALL)[0].text == "1234567890"
    with pytest.raises(Unreadable, match="larger than 10 characters"):
        elements(b"<a>12345<b/>678901</a>", limits=SMALL)


def test_elements_held_at_once_are_bounded_and_streamed_ones_are_not_held() -> None:
    assert len(elements(b"<r>" + b"<case><p/></case>" * 50 + b"</r>", limits=SMALL)) == 51
    assert elements(b"<r><a/><a/><a/><a/></r>", limits=SMALL)
    with pytest.raises(Unreadable, match="more than 5 elements"):
        elements(b"<r><a/><a/><a/><a/><a/></r>", limits=SMALL)


def test_size_at_the_limit_is_read_and_one_more_is_not() -> None:
    assert elements(b"<a>" + b" " * 9 + b"</a>", limits=replace(SMALL, document_bytes=16))
    with pytest.raises(Unreadable, match="more than the 15 allowed"):
        elements(b"<a>" + b" " * 9 + b"</a>", limits=replace(SMALL, document_bytes=15))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<a>\n<b>\n<c>\n<d/></c></b></a>", "deeper than 3 levels .line 4"),
        (b'<a>\n<b/>\n<b x="" y="" z=""/></a>', "more than 2 attributes .line 3"),
        (b'<a>\n<b x="1"/>\n<b x="1234567890"/></a>', "larger than 10 characters .line 3"),
        (b"<a>\n<b>1234567890</b>\n<b>12345678901</b></a>", "larger than 10 characters .line 3"),
    ],
)
def test_a_bound_that_is_passed_names_the_line(data: bytes, said: str) -> None:
    for wanted in ({}, {"a": frozenset[str]()}, {"b": frozenset[str]()}):
        with pytest.raises(Unreadable, match=said):
            list(xml.grouped(data, frozenset({"b"}), SMALL, wanted=wanted))


def test_bounds_hold_where_nothing_is_kept() -> None:
    unwanted = {"case": frozenset[str]()}
    for text, said in (("<p>1234567890</p>", None), ("<p>12345678901</p>", "larger than 10"), ("<p><q/></p>", "deeper than 3")):
        data = f"<r><case/><case>{text}</case></r>".encode()
        with pytest.raises(Unreadable, match=said) if said else nullcontext():
            list(xml.grouped(data, EVERY, SMALL, wanted=unwanted))


def test_elements_between_streamed_ones_are_held() -> None:
    assert elements(b"<r>" + b"<a/><case>x</case>" * 4 + b"</r>", limits=SMALL)
    with pytest.raises(Unreadable, match="more than 5 elements"):
        elements(b"<r>" + b"<a/><case>x</case>" * 5 + b"</r>", limits=SMALL)


def test_white_space_between_tags_is_no_text_and_has_no_bound() -> None:
    [*_, root] = elements(b"<a>" + b"   <b/>   " * 4 + b"x</a>", limits=SMALL)
    assert root.text == "   x"


@pytest.mark.parametrize(
    "token", [b'<b x="%s"/>', b"<!--%s-->", b"<?x %s?>", b"<%s/>", b"<b %s/>"], ids=["attribute", "comment", "pi", "name", "gap"]
)
def test_a_giant_token_is_not_quadratic(token: bytes) -> None:
    filling = (b" " if token == b"<b %s/>" else b"y") * 24_000_000
    began = time.process_time()
    with suppress(Unreadable):
        elements(b"<a>" + token % filling + b"</a>")
    assert time.process_time() - began < 4


def test_a_giant_attribute_is_refused_in_time() -> None:
    began = time.perf_counter()
    with pytest.raises(Unreadable, match="attributes of one element"):
        elements(b'<a x="' + b"y" * 20_000_000 + b'"/>')
    assert time.perf_counter() - began < 10


def test_text_in_many_pieces_is_not_quadratic() -> None:
    began = time.perf_counter()
    elements(b"<a>" + b"x" * 7_900_000 + b"y<!---->" * 60_000 + b"</a>", limits=replace(LIMITS, xml_text_bytes=7_960_000))
    assert time.perf_counter() - began < 5


def test_an_attribute_without_a_namespace_is_what_its_name_means() -> None:
    source = b'<r xmlns:x="urn:x" type="plain" x:type="other" x:only="1"/>'
    assert xml.root_of(source).attributes == {"type": "plain", "only": "1"}


def test_utf_16_xml_is_read() -> None:
    assert xml.root_of('<?xml version="1.0" encoding="utf-16"?><größe/>'.encode("utf-16")).name == "größe"


_NAMES = st.sampled_from(["a", "b", "x:a", "x:b"])
_DOCUMENTS = st.recursive(
    _NAMES.map(lambda name: f"<{name}/>"),
    lambda below: st.tuples(_NAMES, st.lists(below, max_size=4)).map(lambda t: f"<{t[0]}>{''.join(t[1])}</{t[0]}>"),
    max_leaves=12,
).map(lambda inner: f'<r xmlns:x="urn:x">{inner}</r>'.encode())


@given(_DOCUMENTS)
def test_an_xpath_leads_to_its_element_in_another_engine_too(data: bytes) -> None:
    tree = etree.fromstring(data)
    found = [tree.xpath(element.xpath) for element in elements(data, frozenset({"a", "b"}))]
    assert [len(nodes) for nodes in found] == [1] * len(found)
    assert len({id(nodes[0]) for nodes in found}) == len(found)


@given(st.binary(max_size=120) | st.text(alphabet="<>/abx:='\"&;!-?[]# \n", max_size=120).map(str.encode))
def test_any_bytes_give_elements_or_unreadable(data: bytes) -> None:
    with suppress(Unreadable):
        elements(data)
        xml.root_of(data)


@given(
    st.sampled_from(["utf-8", "utf-16", "latin-1", "cp037", "idna", "punycode", "rot13", "hex", "big5", "\u00e9"]), st.binary(max_size=20)
)
def test_any_declared_encoding_gives_elements_or_unreadable(encoding: str, tail: bytes) -> None:
    with suppress(Unreadable):
        elements(f'<?xml version="1.0" encoding="{encoding}"?><r>'.encode() + tail + b"</r>")


def test_the_root_brings_what_begins_near_it() -> None:
    root = xml.root_of(b'<a><b n="1"><c/></b><b n="2">' + b"<d>x</d>" * 300_000 + b"</b></a>")
    assert [(child.name, child.attributes["n"]) for child in root.children] == [("b", "1"), ("b", "2")]
    assert [child.name for child in root.children[0].children] == ["c"]
