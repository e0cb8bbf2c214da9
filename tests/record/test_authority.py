"""A record carries no authority: no contract version has a place for it, and no word of it reaches a record."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from release_staging.record import contract
from tests.packets import PacketBuilder
from tests.staging_domain import stage

_AUTHORITY = re.compile(r"approv|authori|waive|exempt|sign.?off|promot|schedul|permit|clearance|go.?live|gate|window", re.IGNORECASE)
_FIELDS = ("authority.statement", "security_review.result")
_WORDS = "CAB-7731 approved for production"


def _names(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        for name, below in schema.get("properties", {}).items():
            yield name
            yield from _names(below)
        for name in ("items", "anyOf", "oneOf", "allOf", "$defs"):
            for below in (
                schema.get(name, {}).values()
                if name == "$defs"
                else [schema[name]]
                if name == "items" and name in schema
                else schema.get(name, [])
            ):
                yield from _names(below)


@pytest.mark.parametrize("version", contract.versions())
def test_no_contract_version_has_a_place_for_authority(version: str) -> None:
    found = contract.load(version)
    names = set(_names(found.schema))
    assert "candidate" in names
    assert "confidence" in names
    assert [name for name in names if _AUTHORITY.search(name)] == []
    assert not any(slot.what in _FIELDS for slot in found.slots if isinstance(slot.what, str))


@pytest.mark.parametrize("version", contract.versions())
@pytest.mark.parametrize("path", ["ci/run.json", "policy/policyreport.yaml", "tests/unit.xml", "scans/trivy.json", "release-manifest.json"])
def test_an_approval_in_a_document_is_noted_by_its_place_and_carried_nowhere(version: str, path: str) -> None:
    clean = PacketBuilder.clean()
    if path.endswith(".json"):
        packet = clean.edit_json(path, "/approvalNote", _WORDS)
    elif path.endswith(".xml"):
        packet = clean.edit_text(path, '<property name="environment" value="ci" />', f'<property name="note" value="{_WORDS}" />')
    else:
        packet = clean.replace(path, clean.documents[path].rstrip() + f'\napprovedBy: "{_WORDS}"\n'.encode())
    staged = stage(packet, version=version)
    assert (("AUTHORITY_CLAIM", path)) in {(one.code.value, one.subject) for one in staged.outcome.exceptions}
    assert staged.outcome.outcome == "staged"
    assert _WORDS not in staged.outcome.body.decode()
    assert "CAB-7731" not in staged.outcome.body.decode()
