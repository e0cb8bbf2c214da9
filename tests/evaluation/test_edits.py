"""Edits at locators: what is there afterwards, and that nothing else changed."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from release_staging.evaluation import edits
from release_staging.model import locators
from release_staging.parsing import yaml

NAMES = st.text(min_size=1, max_size=6)
TREES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**31), 2**31) | st.text(max_size=8),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(NAMES, below, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(NAMES, TREES, min_size=1, max_size=4), st.data(), st.text("abc", min_size=1))
def test_what_is_put_into_json_stands_there_and_the_rest_as_before(tree: dict[str, object], data: st.DataObject, new: str) -> None:
    key = data.draw(st.sampled_from(sorted(tree)))
    pointer = locators.pointer(key)
    after = orjson.loads(edits.put(orjson.dumps(tree), pointer, new))
    assert after == {**tree, key: new}
    assert orjson.loads(edits.remove(orjson.dumps(tree), pointer)) == {name: value for name, value in tree.items() if name != key}


def test_a_number_stays_a_number() -> None:
    assert edits.put(b'{"tests":3}', "json-pointer:/tests", "4") == b'{"tests":4}'


def test_a_yaml_scalar_is_exchanged_in_place_also_where_its_text_stands_twice() -> None:
    before = b'a: 4.11.2  # kept\nimage: "x:4.11.2"\nlist: [one, two]\n'
    assert edits.put(before, "yaml=0;json-pointer:/a", "4.11.3") == before.replace(b"4.11.2 ", b"4.11.3 ", 1)


def test_another_yaml_edit_keeps_what_the_document_says() -> None:
    after = edits.remove(b"a: 1\nb: {c: 2}\n", "yaml=0;json-pointer:/b/c")
    assert yaml.parse(after) == {"a": 1, "b": {}}


def test_an_edit_reaches_into_what_base64_holds() -> None:
    before = b'{"payload":"eyJhIjoxfQ=="}'
    place = "json-pointer:/payload;base64;json-pointer:/a"
    assert edits.text_at(edits.put(before, place, "2"), place) == "2"


def test_an_xml_attribute_and_an_element_are_changed_where_they_stand() -> None:
    before = b'<?xml version="1.0"?>\n<s tests="2"><c name="a"/><c name="b"/></s>\n'
    assert edits.put(before, "xpath:/s[1]/@tests", "3") == before.replace(b'tests="2"', b'tests="3"')
    assert edits.remove(before, "xpath:/s[1]/c[2]") == before.replace(b'<c name="b"/>', b"")


@pytest.mark.parametrize("locator", ["json-pointer:/a/b/c", "json-pointer:/list/9"])
def test_a_locator_that_leads_nowhere_is_an_error(locator: str) -> None:
    with pytest.raises((KeyError, IndexError, TypeError)):
        edits.put(b'{"a":{},"list":[]}', locator, "x")
