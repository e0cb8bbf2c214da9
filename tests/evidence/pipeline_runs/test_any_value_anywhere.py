"""Whatever stands at a place of a run record, it never costs more than its document, and never makes a fact nobody can find."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from release_staging.evidence.open import Opened
from release_staging.evidence.read import read
from release_staging.evidence.recognise import recognise
from tests.evidence.support import assert_lawful

SAMPLES = sorted((Path(__file__).parent / "samples").glob("*.json"))
VALUES = (None, True, 0, -1, 2**63, 1.5, "", "x", "refs/heads/", "\u202e", [], [1], [[]], [{}], {}, {"x": {}}, {"name": []})


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    for key, below in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield (*path, key)
        yield from places(below, (*path, key))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_value_may_stand_anywhere(path: Path, data: st.DataObject) -> None:
    document = orjson.loads(path.read_bytes())
    *above, last = data.draw(st.sampled_from(list(places(document))))
    parent = document
    for key in above:
        parent = parent[key]
    parent[last] = data.draw(st.sampled_from(VALUES))
    written = orjson.dumps(document)
    opened = Opened(written)
    for known in recognise(opened):
        assert_lawful(written, read(opened, known))
