"""Licence expressions: one form for those that say the same, and none for free text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from license_expression import get_spdx_licensing

from release_staging.normalize.identifiers.licences import licence

ORACLE = get_spdx_licensing()


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("mit", "MIT"),
        ("MIT or Apache-2.0", "Apache-2.0 OR MIT"),
        ("Apache-2.0 OR MIT", "Apache-2.0 OR MIT"),
        ("((MIT))", "MIT"),
        ("MIT AND (ISC AND MIT)", "ISC AND MIT"),
        ("MIT OR Apache-2.0 AND (BSD-3-Clause OR ISC)", "(BSD-3-Clause OR ISC) AND Apache-2.0 OR MIT"),
        ("GPL-2.0", "GPL-2.0-only"),
        ("LGPL-2.1+", "LGPL-2.1-or-later"),
        ("GPL-2.0-with-classpath-exception", "GPL-2.0-only WITH Classpath-exception-2.0"),
        ("GPL-2.0+ with Classpath-exception-2.0", "GPL-2.0-or-later WITH Classpath-exception-2.0"),
        ("LicenseRef-Acme AND MIT", "LicenseRef-Acme AND MIT"),
        ("Apache-2.0+", "Apache-2.0+"),
        ("NOASSERTION", "NOASSERTION"),
    ],
)
def test_expressions_that_say_the_same_are_one(text: str, form: str) -> None:
    assert licence(text) == (form, True, None)


def test_a_list_is_put_in_order_and_does_not_become_an_expression() -> None:
    assert licence("MIT, Apache-2.0") == licence("Apache-2.0, MIT") == ("Apache-2.0, MIT", True, "how its licences relate is not said")


@pytest.mark.parametrize(
    "text", ["Public Domain", "gpl", "GPLv3+", "The MIT License", "EPL-2.0, BSD style", "MIT AND", ")(", "MIT ISC", "None", "", "MIT\x00"]
)
def test_free_text_stays_what_was_written(text: str) -> None:
    assert licence(text)[:2] == (text.strip(), False)


def test_different_licences_stay_different() -> None:
    different = ["GPL-2.0-only", "GPL-2.0-or-later", "GPL-3.0-only", "MIT", "MIT OR ISC", "MIT AND ISC", "MIT, ISC", "MIT AND ISC OR 0BSD"]
    assert len({licence(text).text for text in different}) == len(different)


@pytest.mark.parametrize("text", ["(" * 90 + "MIT" + ")" * 90, "(" * 2000 + "MIT" + ")" * 2000, "MIT AND " * 500 + "MIT", "(MIT OR " * 99])
def test_a_hostile_expression_costs_neither_time_nor_a_traceback(text: str) -> None:
    assert licence(licence(text).text).text == licence(text).text


IDS = st.sampled_from(
    ["MIT", "apache-2.0", "ISC", "GPL-2.0", "GPL-2.0+", "LGPL-2.1-only", "GPL-2.0-only WITH Classpath-exception-2.0", "0BSD"]
)
EXPRESSIONS = st.recursive(
    IDS, lambda below: st.tuples(below, st.sampled_from([" AND ", " or "]), below).map(lambda made: f"({''.join(made)})"), max_leaves=8
)


@given(EXPRESSIONS)
def test_the_form_of_an_expression_is_its_own_and_says_the_same(text: str) -> None:
    known = licence(text)
    assert known.understood
    assert licence(known.text) == known
    assert ORACLE.is_equivalent(text, known.text)


@given(EXPRESSIONS, EXPRESSIONS, st.sampled_from(["AND", "OR"]))
def test_the_order_of_operands_says_nothing(one: str, other: str, operator: str) -> None:
    assert licence(f"{one} {operator} {other}").text == licence(f"{other} {operator} {one}").text
