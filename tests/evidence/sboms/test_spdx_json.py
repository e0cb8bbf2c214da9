from pathlib import Path

import pytest

from release_staging.parsing import json
from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLES = Path(__file__).parent / "samples"
SAMPLE = (SAMPLES / "spdx-2.3.json").read_bytes()
IMAGE = (SAMPLES / "spdx-2.2-image.json").read_bytes()
DIGEST = "sha256:4a44dc15364204a80fe80e9039455cc1608281820fe2b24f1e5233ade6af1dd5"
ROOT = "SPDXRef-Package-root"


def document(**changes):
    return json.parse(SAMPLE) | changes


def read(value):
    return extract(drift.as_json(value), "spdx-json@" + value["spdxVersion"].removeprefix("SPDX-"))


def described_by(value):
    return [(claim["value"], claim["subject"]) for claim in rows(read(value), "claims") if claim["field"] == "candidate.version"]


def test_the_described_package_makes_the_claims():
    extraction = extract(SAMPLE, "spdx-json@2.3")
    said = {claim["field"]: (claim["value"], claim["subject"], claim["locator"]) for claim in rows(extraction, "claims")}
    assert said["candidate.version"] == ("4.12.0-rc.3", "billing-api", "json-pointer:/packages/1/versionInfo")
    assert said["artifact.digest"] == (
        "sha256:1f0e3dad99908345f7439f8ffabdffc4e0b8d2f5c0c3b4a59687786950413223",
        "billing-api",
        "json-pointer:/packages/1/checksums/0/checksumValue",
    )
    assert said["candidate.commit"][0] == "9f2c1d0e8b7a6f5e4d3c2b1a09182736455463f1"
    assert said["repository.url"][0] == "https://git.example.com/payments/billing-api.git"
    assert said["produced_at"][0] == "2026-03-02T09:15:31Z"
    assert said["tool.name"][0] == "syft"
    assert said["tool.version"][:2] == ("1.9.0", "syft")
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_every_package_is_a_row():
    found = rows(extract(SAMPLE, "spdx-json@2.3"), "packages")
    assert [(row["locator"], row["ref"], row["name"], row["version"]) for row in found] == [
        ("json-pointer:/packages/0", "SPDXRef-Package-lib", "zlib", "1.3.1"),
        ("json-pointer:/packages/1", ROOT, "billing-api", "4.12.0-rc.3"),
    ]
    assert found[0]["purl"] == "pkg:generic/zlib@1.3.1"
    assert found[0]["digest"] == "sha1:356a192b7913b04c54574d18c28d46e6395428ab"
    assert found[1]["kind"] == "APPLICATION"


def test_none_and_noassertion_are_never_a_licence_or_a_version():
    assert [row["licence"] for row in rows(extract(SAMPLE, "spdx-json@2.3"), "packages")] == ["Zlib", None]
    value = document()
    value["packages"][1]["versionInfo"] = "NOASSERTION"
    assert claims(read(value), "candidate.version") == []
    assert rows(read(value), "packages")[1]["version"] is None


@pytest.mark.parametrize(
    "forms",
    [
        {"relationships": [{"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": ROOT}]},
        {"relationships": [{"spdxElementId": ROOT, "relationshipType": "DESCRIBED_BY", "relatedSpdxElement": "SPDXRef-DOCUMENT"}]},
        {"documentDescribes": [ROOT], "relationships": []},
        {
            "documentDescribes": [ROOT],
            "relationships": [{"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": ROOT}],
        },
    ],
)
def test_what_the_document_describes_is_said_in_one_of_three_ways(forms):
    assert described_by(document(**forms)) == [("4.12.0-rc.3", "billing-api")]


def test_a_document_that_describes_nothing_makes_no_claim_about_a_candidate():
    assert described_by(document(relationships=[])) == []


def test_the_relation_of_another_element_does_not_describe():
    other = {"spdxElementId": "SPDXRef-Package-lib", "relationshipType": "DESCRIBES", "relatedSpdxElement": ROOT}
    assert described_by(document(relationships=[other])) == []


def test_an_element_that_is_described_and_missing_is_told():
    extraction = read(document(documentDescribes=["SPDXRef-gone"], relationships=[]))
    assert problems(extraction) == [("SCHEMA_DRIFT", "json-pointer:/documentDescribes/0")]


def test_a_described_file_or_element_of_another_document_is_no_package_and_not_missing():
    value = document(
        documentDescribes=["SPDXRef-File", "DocumentRef-base:SPDXRef-image"],
        relationships=[],
        files=[{"SPDXID": "SPDXRef-File", "fileName": "./billing"}],
    )
    assert problems(read(value)) == []


def test_an_image_has_its_digest_where_others_have_a_version():
    extraction = extract(IMAGE, "spdx-json@2.2")
    assert claims(extraction, "candidate.version") == []
    assert claims(extraction, "artifact.digest") == [DIGEST]
    assert claims(extraction, "artifact.reference") == ["registry.example/payments/billing"]
    assert not_understood(extraction) == []


@pytest.mark.parametrize(
    ("creator", "name", "version"),
    [
        ("Tool: syft-1.9.0", "syft", "1.9.0"),
        ("Tool: Microsoft.SBOMTool-0.0.0-preview.0", "Microsoft.SBOMTool", "0.0.0-preview.0"),
        ("Tool: apko (v0.8.0-43-g85820bf)", "apko", "v0.8.0-43-g85820bf"),
        ("Tool: trivy-dev", "trivy-dev", None),
        ("Tool: GitHub.com-Dependency-Graph", "GitHub.com-Dependency-Graph", None),
    ],
)
def test_the_tool_is_read_from_its_creator(creator, name, version):
    value = document()
    value["creationInfo"]["creators"] = [creator]
    extraction = read(value)
    assert claims(extraction, "tool.name") == [name]
    assert claims(extraction, "tool.version") == ([version] if version else [])


def test_persons_are_never_copied():
    extraction = extract(SAMPLE, "spdx-json@2.3")
    assert "Jane" not in str([table.to_pylist() for name, table in extraction.tables.items() if name != "losses"])


@pytest.mark.parametrize(
    "location",
    ["https://git.example.com/a/b", "git+https://git.example.com/a/b@v1.2.3", "git@git.example.com:a/b.git#sub", "NOASSERTION"],
)
def test_a_download_location_without_a_whole_commit_is_no_revision(location):
    value = document()
    value["packages"][1]["downloadLocation"] = location
    assert claims(read(value), "candidate.commit") == []
    assert claims(read(value), "repository.url") == []


@pytest.mark.parametrize("packages", [None, []])
def test_no_packages_are_not_a_clean_bill(packages):
    assert ("EVIDENCE_EMPTY", "json-pointer:/packages") in problems(read(document(packages=packages, relationships=[])))


def test_another_version_is_said_to_be_drift():
    extraction = read(document(spdxVersion="SPDX-2.1"))
    assert problems(extraction) == [("SCHEMA_DRIFT", None)]
    assert len(rows(extraction, "packages")) == 2


def test_the_export_of_github_is_another_format():
    assert not [known for known in recognised(drift.as_json({"sbom": document()})) if known.startswith("spdx-json")]


def test_an_unknown_key_is_not_understood():
    value = document(unheard="of")
    value["packages"][0]["unknown"] = [1, 2]
    assert not_understood(read(value)) == ["/packages/*/unknown/*", "/unheard"]


def test_drift_is_told():
    required = {
        "/spdxVersion",
        "/SPDXID",
        "/creationInfo",
        "/creationInfo/created",
        "/packages",
        "/packages/*/name",
        "/packages/*/SPDXID",
        "/packages/*/checksums/*/algorithm",
        "/packages/*/checksums/*/checksumValue",
        "/packages/*/externalRefs/*/referenceType",
        "/relationships/*/relationshipType",
        "/relationships/*/spdxElementId",
        "/relationships/*/relatedSpdxElement",
    }
    drift.assert_drift_is_told(SAMPLE, required)
    drift.assert_drift_is_told(IMAGE, {"/packages", "/packages/*/name", "/packages/*/SPDXID", "/creationInfo/created"})


def test_the_corpus_is_read():
    unread = {path for path, extractions in corpus.read_all("sbom/spdx-json").items() if len(extractions) != 1}
    assert {path.rpartition("/")[2] for path in unread} <= {
        "external-references.spdx.json",
        "invalid-spdx.json",
    }  # neither says its version
