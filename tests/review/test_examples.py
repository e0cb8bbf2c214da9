"""The findings in docs/REVIEW.md can be handed in as they stand there, and there is one of each kind."""

from __future__ import annotations

import re
from pathlib import Path

import jsonschema_rs
import pytest

from release_staging.config.disclosure import DEFAULT
from release_staging.parsing import json
from release_staging.review.finding import KINDS, parse

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs" / "REVIEW.md").read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_a_finding_and_keeps_to_the_published_schema(example: str) -> None:
    found = parse(example.encode(), DEFAULT)
    schema = json.parse((ROOT / "schemas" / "finding-1.json").read_bytes())
    assert [error.message for error in jsonschema_rs.Draft202012Validator(schema).iter_errors(json.parse(found.body))] == []


def test_there_is_an_example_of_every_kind() -> None:
    assert {parse(example.encode(), DEFAULT).kind for example in EXAMPLES} == set(KINDS)
