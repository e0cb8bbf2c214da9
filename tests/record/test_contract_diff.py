"""What differs between contract versions is computed from their schemas, and so is which part of the version must count up."""

from __future__ import annotations

import copy
from itertools import pairwise
from typing import Any

import pytest

from release_staging.record import contract
from release_staging.record.contract import Contract, slots_of
from release_staging.record.contract_diff import Change, bump, differences
from tests.packets import PacketBuilder
from tests.staging_domain import stage

STATUS = ["named", "not_named", "named_by_digest"]
ORDER = {"patch": 0, "minor": 1, "major": 2}


def changed(**changes: Any) -> list[Change]:
    """The differences after ``path__to__member=value`` in the schema of the first contract; None takes a member out."""
    before = contract.load("1.0.0")
    schema = copy.deepcopy(before.schema)
    for path, value in changes.items():
        *above, last = path.split("__")
        holder = schema["properties"]
        for key in above:
            holder = holder[key]
        if value is None:
            del holder[last]
        else:
            holder[last] = value
    return differences(before, Contract("9.0.0", schema, slots_of(schema)))


@pytest.mark.parametrize(("before", "after"), list(pairwise(contract.versions())))
def test_the_version_counts_up_by_what_changed(before: str, after: str) -> None:
    part = bump(differences(contract.load(before), contract.load(after)))
    old, new = ([int(number) for number in version.split(".")] for version in (before, after))
    counted = next(name for name, one, other in zip(("major", "minor", "patch"), old, new, strict=True) if one != other)
    assert ORDER[counted] >= ORDER[part]


def test_a_contract_does_not_differ_from_itself() -> None:
    assert changed() == []
    assert bump([]) == "patch"


def test_2_0_0_asks_for_more_renames_and_retypes() -> None:
    found = {one.field: one for one in differences(contract.load("1.1.0"), contract.load("2.0.0"))}
    assert found["environments.observed"] == Change("environments.observed", "added, required", breaks_packets=True)
    assert found["rollback.digest"] == Change("rollback.digest", "renamed from rollback.artifact", breaks_readers=True)
    assert found["security_review.required"].breaks_readers
    assert not any(one.breaks_packets for field, one in found.items() if field != "environments.observed")


@pytest.mark.parametrize(
    ("changes", "field", "readers", "packets"),
    [
        ({"candidate__properties__tag__type": "string"}, "candidate.tag", False, True),
        ({"candidate__properties__version__type": ["string", "null"]}, "candidate.version", True, False),
        ({"candidate__properties__version__x-claim": "candidate.tag"}, "candidate.version", True, False),
        ({"candidate__properties__branch": None}, "candidate.branch", True, False),
        ({"candidate__required": []}, "candidate.version", True, False),
        (
            {"rollback__properties__artifact_status__enum": ["named", "not_named", "named_by_digest", "gone"]},
            "rollback.artifact_status",
            True,
            False,
        ),
        ({"rollback__properties__artifact_status__enum": ["named"]}, "rollback.artifact_status", False, False),
        ({"tests__properties__levels__minItems": 1}, "tests.levels", False, True),
        ({"candidate__properties__commit__pattern": "^[0-9a-f]{64}$"}, "candidate.commit", True, True),
    ],
)
def test_who_is_broken_follows_from_the_change(changes: dict[str, Any], field: str, readers: bool, packets: bool) -> None:
    found = [one for one in changed(**changes) if one.field == field]
    assert found
    assert (any(one.breaks_readers for one in found), any(one.breaks_packets for one in found)) == (readers, packets)


@pytest.mark.parametrize("version", contract.versions())
def test_the_clean_packet_stages_under_every_contract(version: str) -> None:
    staged = stage(PacketBuilder.clean(), version=version)
    assert staged.outcome.outcome == "staged", staged.blocking
    assert contract.load(version).errors(staged.outcome.document) == []


def test_what_was_renamed_and_retyped_says_the_same() -> None:
    old, new = (stage(PacketBuilder.clean(), version=version).outcome.document for version in ("1.1.0", "2.0.0"))
    assert old["rollback"]["artifact"] == new["rollback"]["digest"]
    assert (old["security_review"]["required"], new["security_review"]["required"]) == (True, "referenced")
    assert set(new["environments"]["observed"]) >= {"production-eu", "production-us"}
