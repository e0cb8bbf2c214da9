"""The canonical form is RFC 8785, for everything a record may hold."""

from __future__ import annotations

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from release_staging.record.canonical import canonical

_KEYS = st.text(st.characters(max_codepoint=0xD7FF), max_size=8)
_LEAVES = st.none() | st.booleans() | st.integers(-(2**53 - 1), 2**53 - 1) | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_VALUES = st.recursive(_LEAVES, lambda below: st.lists(below, max_size=4) | st.dictionaries(_KEYS, below, max_size=4), max_leaves=20)


@given(_VALUES)
def test_the_canonical_form_is_that_of_rfc_8785(value: object) -> None:
    assert canonical(value) == rfc8785.dumps(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [1.5, [2**53], {"n": -(2**60)}, {"𝄞": 1, "\ue000": 2}, b"bytes"])
def test_what_has_no_one_canonical_form_here_is_refused(value: object) -> None:
    with pytest.raises(ValueError):
        canonical(value)
