"""Contracts: published schemas whose annotations say what fills the record."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import jsonschema
import orjson
import pytest

from release_staging.record import contract
from release_staging.record.contract import ContractError, hold_schema

VERSIONS = contract.versions()


@pytest.mark.parametrize("version", VERSIONS)
def test_every_contract_version_is_a_valid_json_schema(version: str) -> None:
    loaded = contract.load(version)
    jsonschema.Draft202012Validator.check_schema(loaded.schema)
    jsonschema.Draft202012Validator.check_schema(hold_schema(loaded.schema))


@pytest.mark.parametrize("version", VERSIONS)
def test_every_consequential_field_names_its_owner_and_what_goes_wrong_without_it(version: str) -> None:
    for slot in contract.load(version).slots:
        if slot.consequential:
            assert slot.owner, slot.pointer
            assert slot.consequence, slot.pointer
            assert slot.sources, slot.pointer


_AUTHORITY = re.compile(r"approv|authori[sz]|waive|sign.?off|go.?live|promot|schedul|cleared", re.IGNORECASE)


@pytest.mark.parametrize("version", VERSIONS)
def test_no_contract_has_a_place_for_authority(version: str) -> None:
    """No property of any record can say that a release is approved, waived, scheduled or promoted."""

    def names(schema: Any) -> list[str]:
        if isinstance(schema, dict):
            return [*schema.get("properties", {}), *(name for below in schema.values() for name in names(below))]
        return [name for below in schema for name in names(below)] if isinstance(schema, list) else []

    assert [name for name in names(contract.load(version).schema) if _AUTHORITY.search(name)] == []


def _write(folder: Path, **properties: Any) -> Path:
    schema = {"x-contract": "9.0.0", "type": "object", "properties": properties}
    (folder / "9.0.0.json").write_bytes(orjson.dumps(schema))
    return folder


def test_a_contract_whose_records_would_name_another_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match=r"9\.0\.0\.json: /properties/contract/const is '8\.0\.0', expected '9\.0\.0'"):
        contract.load("9.0.0", _write(tmp_path, contract={"const": "8.0.0"}))


def test_a_contract_that_names_an_unknown_claim_is_refused_where_it_stands(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match=r"9\.0\.0\.json: /mood: x-claim names 'candidate\.mood'"):
        contract.load("9.0.0", _write(tmp_path, mood={"type": "string", "x-claim": "candidate.mood"}))


def test_a_contract_that_names_an_unknown_table_or_derivation_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="table 'moods'"):
        contract.load("9.0.0", _write(tmp_path, moods={"type": "array", "x-rows": {"table": "moods"}}))
    other = tmp_path / "other"
    other.mkdir()
    with pytest.raises(ContractError, match="derivation"):
        contract.load("9.0.0", _write(other, mood={"type": "string", "x-derive": "mood"}))


def test_an_unknown_version_names_those_there_are() -> None:
    with pytest.raises(ContractError, match=r"known: 1\.0\.0"):
        contract.load("7.7.7")


def test_a_version_cannot_climb_out_of_the_folder() -> None:
    with pytest.raises(ContractError):
        contract.load("../1.0.0")
