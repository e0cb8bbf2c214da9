"""Dependency changes are told against the baseline's bill of materials, and not known without one."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from release_staging.model.exceptions import Code
from tests.packets import PacketBuilder
from tests.staging_domain import stage

BEFORE = "sbom/before.cdx.json"


def packet(**changed: dict[str, Any]) -> PacketBuilder:
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
    assert set(flags(PacketBuilder.clean())["flags"].values()) == {None}


def test_the_same_packages_are_no_change_and_the_baseline_is_named() -> None:
    found = flags(packet())
    assert found["baseline"] == "4.11.2"
    assert set(found["flags"].values()) == {False}


def test_a_package_of_another_name_was_added_and_one_removed() -> None:
    name = orjson.loads(PacketBuilder.clean().documents["sbom/sbom.cdx.json"])["components"][0]["name"]
    found = flags(packet(**{name.replace("-", "_"): {"name": "left-pad", "purl": "pkg:pypi/left-pad@1.0"}}))
    assert {flag for flag, shown in found["flags"].items() if shown} == {"added", "removed"}


@pytest.mark.parametrize(
    ("licence", "differs"),
    [
        ("(MIT OR Apache-2.0) AND MPL-2.0", False),  # what the bill of the candidate says, in another order
        ("mpl-2.0 and (apache-2.0 or mit)", False),
        ("MPL-2.0 AND Apache-2.0", True),
    ],
)
def test_a_licence_that_only_looks_different_is_no_change(licence: str, differs: bool) -> None:
    told = {"licenses": [{"expression": licence}], "purl": "pkg:PyPI/ORJSON@3.13.0"}
    assert flags(packet(orjson=told))["flags"] == {**dict.fromkeys(flags(packet())["flags"], False), "licence": differs}


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


SCAN = "scans/trivy.json"


def with_scan(packet: PacketBuilder, path: str, findings: list[dict[str, Any]], **entry: Any) -> PacketBuilder:
    scan: dict[str, Any] = orjson.loads(PacketBuilder.clean().documents[SCAN])
    scan["Results"] = [{"Target": "requirements.txt", "Class": "lang-pkgs", "Type": "pip", "Vulnerabilities": findings}]
    data = orjson.dumps(scan | ({"CreatedAt": "2026-10-01T10:00:00Z"} if entry else {}))
    return packet.replace(path, data) if path in packet.documents else packet.add(path, data, source="vulnerability_scans", **entry)


def finding(name: str, number: int = 1) -> dict[str, Any]:
    component = next(
        one for one in orjson.loads(PacketBuilder.clean().documents["sbom/sbom.cdx.json"])["components"] if one["name"] == name
    )
    return {
        "VulnerabilityID": f"CVE-2026-{number:04}",
        "PkgName": name,
        "PkgIdentifier": {"PURL": component["purl"]},
        "InstalledVersion": component["version"],
        "Severity": "LOW",
        "Status": "affected",
    }


def only(scanned: PacketBuilder) -> PacketBuilder:
    return scanned.without("scans/grype.json").without("scans/bandit.sarif")


NAMES = [one["name"] for one in orjson.loads(PacketBuilder.clean().documents["sbom/sbom.cdx.json"])["components"]]


def test_a_finding_in_a_package_that_was_there_before_is_not_new() -> None:
    assert flags(only(with_scan(packet(), SCAN, [finding(NAMES[0])])))["flags"]["newly_vulnerable"] is False


def test_a_finding_in_another_version_than_before_is_new() -> None:
    older = packet(**{NAMES[0].replace("-", "_"): {"version": "0.0.1"}})
    assert flags(only(with_scan(older, SCAN, [finding(NAMES[0])])))["flags"]["newly_vulnerable"] is True


def test_the_scan_of_the_release_before_says_what_was_known() -> None:
    scanned = with_scan(packet(), "scans/before.json", [finding(NAMES[0])], baseline=True)
    assert flags(only(with_scan(scanned, SCAN, [finding(NAMES[0])])))["flags"]["newly_vulnerable"] is False
    assert flags(only(with_scan(scanned, SCAN, [finding(NAMES[0]), finding(NAMES[0], 2)])))["flags"]["newly_vulnerable"] is True


def test_a_finding_known_by_another_of_its_names_is_not_new() -> None:
    """The scan before was another scanner's, which goes by GitHub's advisories."""
    other = orjson.loads(PacketBuilder.clean().documents["scans/grype.json"])
    component = finding(NAMES[0])
    match = {"vulnerability": {"id": "GHSA-hrpp-h998-j3pp", "severity": "Low"}, "relatedVulnerabilities": [{"id": "CVE-2026-0001"}]}
    artifact = {"name": NAMES[0], "version": component["InstalledVersion"], "purl": component["PkgIdentifier"]["PURL"]}
    other["matches"] = [{**match, "artifact": artifact}]
    before = packet().add("scans/before.json", orjson.dumps(other), source="vulnerability_scans", baseline=True)
    assert flags(only(with_scan(before, SCAN, [component])))["flags"]["newly_vulnerable"] is False


def test_what_a_bill_of_materials_is_of_is_no_dependency() -> None:
    """SPDX lists it among the packages: its own major version is none of a dependency."""
    clean = PacketBuilder.clean().without("sbom/sbom.cdx.json")
    bill: dict[str, Any] = orjson.loads(clean.documents["sbom/sbom.spdx.json"])
    [root] = [one for one in bill["packages"] if one["SPDXID"] in bill.get("documentDescribes", _described(bill))]
    root["versionInfo"] = "3.11.2"
    found = flags(clean.add("sbom/before.spdx.json", orjson.dumps(bill), source="sboms", baseline=True))
    assert found["baseline"] == "3.11.2"
    assert set(found["flags"].values()) == {False}


def _described(bill: dict[str, Any]) -> list[str]:
    return [one["relatedSpdxElement"] for one in bill["relationships"] if one["relationshipType"] == "DESCRIBES"]
