"""GitHub's SBOM export: an SPDX document in an envelope, of a branch and not of a release."""

from __future__ import annotations

from pathlib import Path

from release_staging.parsing import json
from tests.evidence import drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "github-sbom.json").read_bytes()
FORMAT = "github-sbom@2.3"


def test_the_version_of_the_repository_is_a_branch_and_no_version_of_the_candidate() -> None:
    found = extract(SAMPLE, FORMAT)
    assert claims(found, "candidate.branch") == ["main"]
    assert claims(found, "candidate.version") == []
    assert claims(found, "repository.url") == ["https://git.example.com/payments/billing-api"]
    assert claims(found, "produced_at") == ["2026-03-02T09:15:31Z"]
    assert problems(found) == []
    assert not_understood(found) == []


def test_the_document_inside_alone_is_spdx_and_says_the_same() -> None:
    found = extract(drift.as_json(json.parse(SAMPLE)["sbom"]), "spdx-json@2.3")
    assert claims(found, "candidate.branch") == ["main"]
    assert claims(found, "candidate.version") == []


def test_packages_are_rows_with_their_place_in_the_envelope() -> None:
    found = rows(extract(SAMPLE, FORMAT), "packages")
    assert [(row["locator"], row["name"], row["version"]) for row in found] == [
        ("json-pointer:/sbom/packages/0", "rails", "1.0.0"),
        ("json-pointer:/sbom/packages/1", "com.github.payments/billing-api", "main"),
    ]


def test_an_envelope_around_something_else_is_not_this_format() -> None:
    assert recognised(b'{"sbom": {"bomFormat": "CycloneDX", "specVersion": "1.6"}}') == []


def test_an_unknown_key_is_not_understood() -> None:
    value = json.parse(SAMPLE)
    value["sbom"]["unheard"] = value["beside"] = "of"
    assert not_understood(extract(drift.as_json(value), FORMAT)) == ["/beside", "/sbom/unheard"]


def test_drift_is_told() -> None:
    drift.assert_drift_is_told(SAMPLE, {"/sbom", "/sbom/packages/*/name", "/sbom/packages/*/SPDXID", "/sbom/creationInfo/created"})
