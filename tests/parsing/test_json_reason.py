"""Why a text is no JSON, in a type: whoever reads it another way asks for no words of a parser."""

from __future__ import annotations

from dataclasses import replace

import pytest

from release_staging.parsing import json_stream
from release_staging.parsing.limits import LIMITS, Reason, Unreadable

WHOLE = (LIMITS, replace(LIMITS, json_whole_bytes=0))  # parsed at once, and as a stream


@pytest.mark.parametrize("limits", WHOLE)
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b'{"a": 1} {"b": 2}', Reason.MORE_FOLLOWS),
        (b'{"a": 1}\n{"b": ', Reason.MORE_FOLLOWS),
        (b'{"a": [1', Reason.CUT_OFF),
        (b'{"trailing characters": x}', None),
        (b'{"EOF": x}', None),
    ],
)
def test_a_text_that_is_no_json_says_why(text, reason, limits):
    with pytest.raises(Unreadable) as caught:
        json_stream.parse(text, limits)
    assert caught.value.reason is reason
