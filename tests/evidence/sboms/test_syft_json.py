"""Syft's own format: where the source stands depends on the schema, what it says does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from release_staging.parsing import json
from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "syft-16.json").read_bytes()
FORMAT = "syft-json@16"


def sbom(**changes: Any) -> bytes:
    return drift.as_json(json.parse(SAMPLE) | changes)


def of_source(**source: Any) -> bytes:
    return sbom(source=source)


def test_an_image_is_tied_by_its_digests_and_its_tag_is_no_version() -> None:
    found = extract(SAMPLE, FORMAT)
    digests = [(claim["value"][:10], claim["subject"]) for claim in rows(found, "claims") if claim["field"] == "artifact.digest"]
    assert digests == [
        ("sha256:4a4", "registry.example/payments/billing"),
        ("sha256:6b8", "image manifest of registry.example/payments/billing:rc"),
        ("sha256:4e0", "image config of registry.example/payments/billing:rc"),
    ]
    assert claims(found, "candidate.version") == []
    assert claims(found, "tool.version") == ["1.9.0"]
    assert problems(found) == []
    assert not_understood(found) == []


def test_a_package_is_a_row() -> None:
    (row,) = rows(extract(SAMPLE, FORMAT), "packages")
    assert (row["locator"], row["name"], row["version"], row["kind"], row["licence"]) == (
        "json-pointer:/artifacts/0",
        "musl",
        "1.2.5-r0",
        "apk",
        "MIT",
    )


def test_schemas_up_to_6_keep_the_image_in_the_target() -> None:
    value = json.parse(SAMPLE)
    old = sbom(source={"type": "image", "target": value["source"]["metadata"]}, schema={"version": "6.2.0"})
    assert claims(extract(old, "syft-json@6"), "artifact.digest") == claims(extract(SAMPLE, FORMAT), "artifact.digest")


def test_licences_of_old_schemas_are_texts() -> None:
    value = json.parse(SAMPLE)
    value["artifacts"][0]["licenses"] = ["MIT", "BSD-2-Clause"]
    assert rows(extract(drift.as_json(value), FORMAT), "packages")[0]["licence"] == "MIT, BSD-2-Clause"


def test_a_folder_may_be_given_a_name_and_a_version() -> None:
    found = extract(of_source(type="directory", name="billing-api", version="4.12.0-rc.3", metadata={"path": "."}), FORMAT)
    assert claims(found, "candidate.version") == ["4.12.0-rc.3"]
    assert claims(extract(of_source(type="directory", target="/src"), FORMAT), "artifact.reference") == []


def test_a_file_is_tied_by_its_own_digest() -> None:
    digests = [{"algorithm": "sha256", "value": "4a" * 32}]
    found = extract(of_source(type="file", name="billing.jar", metadata={"path": "build/billing.jar", "digests": digests}), FORMAT)
    assert [(claim["value"], claim["subject"]) for claim in rows(found, "claims") if claim["field"] == "artifact.digest"] == [
        ("sha256:" + "4a" * 32, "build/billing.jar")
    ]


def test_a_version_that_was_not_provided_is_none() -> None:
    assert claims(extract(sbom(descriptor={"name": "syft", "version": "[not provided]"}), FORMAT), "tool.version") == []


def test_no_package_is_not_a_clean_bill_and_an_unknown_schema_is_drift() -> None:
    assert problems(extract(sbom(artifacts=[]), FORMAT)) == [("EVIDENCE_EMPTY", "json-pointer:/artifacts")]
    assert problems(extract(sbom(schema={"version": "99.0.0"}), "syft-json@99")) == [("SCHEMA_DRIFT", None)]


def test_the_envelope_of_another_tool_is_not_syft() -> None:
    assert recognised(sbom(descriptor={"name": "other", "version": "1"})) == []


def test_an_unknown_key_is_not_understood() -> None:
    assert not_understood(extract(sbom(unheard="of"), FORMAT)) == ["/unheard"]


def test_drift_is_told() -> None:
    required = {"/artifacts", "/artifacts/*/name", "/artifacts/*/type", "/source", "/source/type", "/source/metadata", "/descriptor/name"}
    drift.assert_drift_is_told(SAMPLE, required, joined={"artifact.digest", "licence"})


def test_the_corpus_is_read() -> None:
    for path, found in corpus.read_all("sbom/syft-json").items():
        assert [one.format.partition("@")[0] for one in found] == ["syft-json"], path
