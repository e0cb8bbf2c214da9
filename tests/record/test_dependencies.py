"""Dependency changes are told against the baseline's bill of materials, and not known without one."""

from __future__ import annotations

from typing import Any

import orjson

from release_staging.model.exceptions import Code
from tests.packets import PacketBuilder
from tests.staging_domain import stage

BEFORE = "sbom/before.cdx.json"


def packet(**changed: dict[str, str]) -> PacketBuilder:
    """The clean packet with the bill of materials of the release before: that of the candidate, with some packages changed."""
    clean = PacketBuilder.clean()
    bill: dict[str, Any] = orjson.loads(clean.documents["sbom/sbom.cdx.json"])
    bill["metadata"]["component"]["version"] = "4.11.2"
    for component in bill["components"]:
        component |= changed.get(component["name"].replace("-", "_"), {})
    return clean.without("sbom/sbom.spdx.json").add(BEFORE, orjson.dumps(bill)).entry(BEFORE, source="sboms", baseline=True)


def flags(builder: PacketBuilder) -> dict[str, Any]:
    outcome = stage(builder).outcome
    assert [one.code for one in outcome.exceptions if one.blocking] == []
    dependencies: dict[str, Any] = outcome.document["dependencies"]
    return dependencies


def test_without_a_baseline_changes_are_not_known() -> None:
    assert flags(PacketBuilder.clean())["flags"] == {"added": None, "removed": None, "major_version": None, "licence": None}


def test_the_same_packages_are_no_change_and_the_baseline_is_named() -> None:
    found = flags(packet())
    assert found["baseline"] == "4.11.2"
    assert found["flags"] == {"added": False, "removed": False, "major_version": False, "licence": False}


def test_a_package_of_another_name_was_added_and_one_removed() -> None:
    name = orjson.loads(PacketBuilder.clean().documents["sbom/sbom.cdx.json"])["components"][0]["name"]
    found = flags(packet(**{name.replace("-", "_"): {"name": "left-pad", "purl": "pkg:pypi/left-pad@1.0"}}))
    assert found["flags"] == {"added": True, "removed": True, "major_version": False, "licence": False}


def test_another_major_version_is_told() -> None:
    components = orjson.loads(PacketBuilder.clean().documents["sbom/sbom.cdx.json"])["components"]
    component = next(one for one in components if not one["version"].startswith("0"))
    older = {"version": "0.0.1", "purl": component["purl"].rpartition("@")[0] + "@0.0.1"}
    assert flags(packet(**{component["name"].replace("-", "_"): older}))["flags"]["major_version"] is True


def test_the_baselines_packages_are_not_counted_as_the_candidates() -> None:
    assert flags(packet())["packages"] == flags(PacketBuilder.clean().without("sbom/sbom.spdx.json"))["packages"]


def test_a_baseline_alone_is_no_bill_of_materials_of_the_candidate() -> None:
    outcome = stage(packet().without("sbom/sbom.cdx.json")).outcome
    assert {(one.code, one.subject) for one in outcome.exceptions if one.blocking} == {(Code.EVIDENCE_MISSING, "sboms")}
