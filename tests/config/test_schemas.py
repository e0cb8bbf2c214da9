"""The published JSON Schemas of the configuration files are those of their models, and the sample data keeps to them."""

from __future__ import annotations

from pathlib import Path

import jsonschema_rs
import pytest
from jsonschema import Draft202012Validator

from release_staging.parsing.json import parse as parse_json
from release_staging.parsing.yaml import parse
from tests.config.support import POLICY, REGISTRIES
from tools import make_schemas

DATA = {**{f"registries/{path.stem}.json": path for path in sorted(REGISTRIES.glob("*.yaml"))}, "policy-1.json": POLICY}


def test_the_schemas_are_up_to_date() -> None:
    assert make_schemas.stale() == []


def test_every_data_file_has_a_schema_of_its_own() -> None:
    assert DATA.keys() == make_schemas.MODELS.keys() - {"finding-1.json", "receipt-1.json"}  # what reviewers write, and no file of ours


@pytest.mark.parametrize(("name", "path"), DATA.items(), ids=DATA.keys())
def test_the_sample_data_keeps_to_its_schema(name: str, path: Path) -> None:
    schema = parse_json((make_schemas.SCHEMAS / name).read_bytes())
    Draft202012Validator.check_schema(schema)
    value = parse(path.read_bytes())
    validator = jsonschema_rs.Draft202012Validator(schema)
    assert [error.message for error in validator.iter_errors(value)] == []
    assert not validator.is_valid({**value, "surplus": 1})
