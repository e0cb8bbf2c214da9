"""Every sample packet, through the Dagster job: exactly the outcome that is documented, at exactly the places."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
import pytest

from release_staging.cli.running import Result, Runner
from release_staging.config.policy import Policy
from release_staging.config.settings import DEFAULT_CONTRACT
from release_staging.record import contract
from release_staging.record.canonical import canonical
from release_staging.record.contract import FOLDER, hold_schema
from release_staging.record.handoff import record_id
from release_staging.record.traceability import untraced
from release_staging.staging.resolving import Resolving
from tests.packets import SAMPLES, PacketBuilder
from tests.staging_domain import stage

EXPECTED: dict[str, Any] = json.loads((SAMPLES / "expected.json").read_text())
NAMES = sorted(EXPECTED)


@cache
def schema(outcome: str) -> dict[str, Any]:
    """The published contract, or the schema of a hold made from it."""
    published: dict[str, Any] = json.loads((FOLDER / f"{DEFAULT_CONTRACT}.json").read_text())
    return published if outcome == "staged" else hold_schema(published)


def body(result: Result) -> dict[str, Any]:
    assert result.revision is not None
    return json.loads(result.revision.body)


def blocking(result: Result) -> list[dict[str, Any]]:
    return [one for one in body(result)["exceptions"] if one["blocking"]]


def places(exceptions: list[dict[str, Any]]) -> set[tuple[str, str, str | None]]:
    """Code, document and locator of each place that the exceptions name."""
    return {(one["code"], evidence["path"], evidence["locator"]) for one in exceptions for evidence in one["evidence"]}


def test_every_sample_is_expected_and_every_expected_one_is_there(samples: dict[str, Result]) -> None:
    assert sorted(samples) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_outcome_is_the_documented_one(name: str, samples: dict[str, Result]) -> None:
    result, expected = samples[name], EXPECTED[name]
    assert result.trouble is None
    assert result.revision is not None
    assert result.revision.outcome == expected["outcome"]
    assert {one["code"] for one in blocking(result)} == {one["code"] for one in expected["exceptions"]}
    found = places(blocking(result))
    for one in expected["exceptions"]:
        if one["locator"] is None:
            assert (one["code"], one["path"]) in {(code, path) for code, path, _ in found}
        else:
            assert (one["code"], one["path"], one["locator"]) in found


@pytest.mark.parametrize("name", NAMES)
def test_every_reason_says_what_where_and_what_to_do(name: str, samples: dict[str, Result]) -> None:
    for one in blocking(samples[name]):
        assert one["message"]
        assert one["remedy"].endswith(".")
        assert one["owner"] in ("release_manager", "service_owner", "security_reviewer")
        assert one["evidence"], "nobody could look it up"


@pytest.mark.parametrize("name", NAMES)
def test_the_document_keeps_to_the_published_contract(name: str, samples: dict[str, Result]) -> None:
    document, outcome = body(samples[name]), EXPECTED[name]["outcome"]
    reference = jsonschema.Draft202012Validator(schema(outcome), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
    assert [error.message for error in reference.iter_errors(document)] == []
    assert jsonschema_rs.validator_for(schema(outcome)).is_valid(document)
    assert contract.load(DEFAULT_CONTRACT).errors(document, hold=outcome == "held") == []


DAMAGE = {
    "a member too many": lambda document: document | {"approved": True},
    "a member too few": lambda document: {name: value for name, value in document.items() if name != "trace"},
    "another type": lambda document: document | {"revision": "1"},
    "an id that is none": lambda document: document | {"record_id": "sha256:0"},
    "a word that is not on the list": lambda document: document | {"canary": document["canary"] | {"outcome": "fine"}},
    "no candidate": lambda document: document | {"candidate": None},
}


@pytest.mark.parametrize("damage", sorted(DAMAGE))
@pytest.mark.parametrize("name", ["clean", "mixed-candidates"])
def test_both_validators_refuse_a_damaged_document(name: str, damage: str, samples: dict[str, Result]) -> None:
    damaged, outcome = DAMAGE[damage](body(samples[name])), EXPECTED[name]["outcome"]
    assert not jsonschema.Draft202012Validator(schema(outcome)).is_valid(damaged)
    assert not jsonschema_rs.validator_for(schema(outcome)).is_valid(damaged)
    assert contract.load(DEFAULT_CONTRACT).errors(damaged, hold=outcome == "held")


@pytest.mark.parametrize("name", NAMES)
def test_every_locator_leads_back_to_what_the_document_says(name: str, samples: dict[str, Result], deployed: Runner) -> None:
    document = body(samples[name])
    resolve = Resolving(deployed.found.vault.get)
    assert list(untraced(contract.load(DEFAULT_CONTRACT), document, resolve)) == []
    assert any(entry["evidence"] for entry in document["field_provenance"].values())
    for _, _, locator in places(document["exceptions"]):
        assert locator is None or ":" in locator or "=" in locator
    for one in document["exceptions"]:
        for evidence in one["evidence"]:
            if evidence["locator"] is not None:
                found = resolve(evidence["document"], evidence["locator"])
                assert evidence["source_value"] is None or found[:500] == evidence["source_value"]


@pytest.mark.parametrize("name", NAMES)
def test_id_file_and_store_agree_on_the_document(name: str, samples: dict[str, Result], deployed: Runner) -> None:
    revision = samples[name].revision
    assert revision is not None
    document = json.loads(revision.body)
    assert canonical(document).decode() == revision.body
    assert record_id(document) == document["record_id"]
    file = deployed.found.settings.records / revision.packet_id / f"revision-1-{revision.outcome}.json"
    assert json.loads(file.read_bytes()) == document
    assert deployed.found.store.find(document["record_id"]).body == revision.body


@pytest.mark.parametrize("name", NAMES)
def test_the_dag_gives_what_the_domain_functions_give(name: str, samples: dict[str, Result], judged_by: Policy) -> None:
    """Also: a packet in a run with fourteen others comes out as it does by itself, byte for byte."""
    revision = samples[name].revision
    assert revision is not None
    assert revision.body.encode() == stage(PacketBuilder.sample(name), judged_by).outcome.body


def test_nothing_authorises_anything(samples: dict[str, Result]) -> None:
    """A record is for a review; it has no field by which somebody could take it for the review's result."""
    for part in schema("staged")["properties"]:
        assert not any(word in part for word in ("approv", "authori", "promot", "gate", "waive", "schedul")), part
    for result in samples.values():
        assert all(one["adjudication"] is None for one in body(result)["contradictions"])


def test_the_readme_of_the_samples_is_true_of_a_program_that_reads_it(samples: dict[str, Result]) -> None:
    """The table of the README, read as a table: packet and outcome."""
    rows = [line.split("|") for line in Path(SAMPLES / "README.md").read_text().splitlines() if line.startswith("| `")]
    told = {row[1].strip(" `"): row[3].strip() for row in rows}
    assert told == {name: result.revision.outcome for name, result in samples.items() if result.revision is not None}
