from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from release_staging.evidence.sboms.component import digest_of, is_digest
from release_staging.parsing import json
from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLES = Path(__file__).parent / "samples"
SAMPLE = (SAMPLES / "cyclonedx-1.6.json").read_bytes()
IMAGE = (SAMPLES / "cyclonedx-1.4-image.json").read_bytes()
DIGEST = "sha256:4a44dc15364204a80fe80e9039455cc1608281820fe2b24f1e5233ade6af1dd5"


def bom(**changes):
    return json.parse(SAMPLE) | changes


def read(value):
    return extract(drift.as_json(value), f"cyclonedx-json@{value['specVersion']}")


def said(extraction, field):
    return [(claim["value"], claim["subject"], claim["locator"]) for claim in rows(extraction, "claims") if claim["field"] == field]


def test_the_described_component_makes_the_claims():
    extraction = extract(SAMPLE, "cyclonedx-json@1.6")
    assert said(extraction, "candidate.version") == [("4.12.0-rc.3", "billing-api", "json-pointer:/metadata/component/version")]
    digest = "sha256:1f0e3dad99908345f7439f8ffabdffc4e0b8d2f5c0c3b4a59687786950413223"
    assert said(extraction, "artifact.digest") == [(digest, "billing-api", "json-pointer:/metadata/component/hashes/0/content")]
    assert claims(extraction, "repository.url") == ["https://git.example.com/payments/billing-api"]
    assert claims(extraction, "produced_at") == ["2026-03-02T09:15:31+00:00"]
    assert said(extraction, "tool.version") == [("1.9.0", "syft", "json-pointer:/metadata/tools/components/0/version")]
    assert claims(extraction, "artifact.reference") == []
    assert problems(extraction) == []


def test_every_component_is_a_row_and_the_described_one_is_not():
    found = rows(extract(SAMPLE, "cyclonedx-json@1.6"), "packages")
    assert [(row["locator"], row["name"], row["version"], row["kind"], row["licence"]) for row in found] == [
        ("json-pointer:/components/0", "golang.org/x/text", "v0.14.0", "library", "BSD-3-Clause"),
        ("json-pointer:/components/0/components/0", "tables.go", None, "file", None),
        ("json-pointer:/components/1", "alpine", "3.20.1", "operating-system", "MIT AND BSD-2-Clause"),
    ]
    assert found[0]["ref"] == "c1"
    assert found[0]["purl"] == "pkg:golang/golang.org/x/text@v0.14.0"
    assert found[0]["digest"] == "sha256:6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b"


def test_components_nested_in_the_described_one_are_rows_too():
    value = bom()
    value["metadata"]["component"]["components"] = [{"type": "library", "name": "module"}]
    assert rows(read(value), "packages")[0]["locator"] == "json-pointer:/metadata/component/components/0"


def test_the_group_of_a_component_is_part_of_its_name():
    assert [row["name"] for row in rows(extract(IMAGE, "cyclonedx-json@1.4"), "packages")] == ["@babel/core"]


def test_an_image_is_named_by_its_purl_and_tied_by_its_digests():
    extraction = extract(IMAGE, "cyclonedx-json@1.4")
    assert claims(extraction, "artifact.reference") == [f"registry.example/payments/billing@{DIGEST}"]
    assert [(value, subject) for value, subject, _ in said(extraction, "artifact.digest")] == [
        (DIGEST, "billing:rc"),
        ("sha256:4e07408562bedb8b60ce05c1decfe3ad16b72230967de01f640b7e4729b49fce", "image config of billing:rc"),
        (DIGEST, "registry.example/payments/billing"),
    ]
    assert claims(extraction, "candidate.version") == []
    assert not_understood(extraction) == []


@pytest.mark.parametrize(
    ("purl", "reference"),
    [
        ("pkg:oci/billing@4.12.0?repository_url=registry.example/billing", "registry.example/billing:4.12.0"),
        ("pkg:oci/billing?repository_url=registry.example/billing&tag=rc", "registry.example/billing:rc"),
        ("pkg:docker/payments/billing@rc?repository_url=registry.example", "registry.example/payments/billing:rc"),
        (f"pkg:oci/billing@{DIGEST.replace(':', '%3A')}?arch=amd64", "billing"),
    ],
)
def test_a_reference_is_read_from_a_purl_that_says_where_the_image_is(purl, reference):
    value = bom()
    value["metadata"]["component"] = {"type": "container", "name": "billing", "purl": purl}
    assert claims(read(value), "artifact.reference") == [reference]


def test_a_purl_that_is_none_is_drift_and_no_reference():
    value = bom()
    value["metadata"]["component"]["purl"] = "pkg:oci/"
    extraction = read(value)
    assert claims(extraction, "artifact.reference") == []
    assert ("SCHEMA_DRIFT", "json-pointer:/metadata/component/purl") in problems(extraction)


def test_a_version_that_is_a_digest_is_a_digest():
    value = bom()
    value["metadata"]["component"] |= {"type": "container", "version": DIGEST, "name": "payments/billing"}
    extraction = read(value)
    assert claims(extraction, "candidate.version") == []
    assert DIGEST in claims(extraction, "artifact.digest")
    assert claims(extraction, "artifact.reference") == ["payments/billing"]


@pytest.mark.parametrize("version", ["1.2", "1.3", "1.4", "1.5", "1.6", "1.7"])
def test_every_version_is_read_the_same(version):
    extraction = read(bom(specVersion=version))
    assert len(rows(extraction, "packages")) == 3
    assert problems(extraction) == []


@pytest.mark.parametrize("version", ["2.0", "${specVersion}"])
def test_another_version_is_read_and_said_to_be_drift(version):
    extraction = read(bom(specVersion=version))
    assert len(rows(extraction, "packages")) == 3
    assert problems(extraction) == [("SCHEMA_DRIFT", None)]


def test_tools_may_be_an_array_or_an_object():
    assert claims(extract(IMAGE, "cyclonedx-json@1.4"), "tool.name") == ["trivy"]
    assert claims(extract(SAMPLE, "cyclonedx-json@1.6"), "tool.name") == ["syft"]


def test_several_licences_are_listed_because_the_format_does_not_say_how_they_relate():
    value = bom(components=[{"type": "library", "name": "a", "licenses": [{"license": {"id": "MIT"}}, {"license": {"name": "Custom"}}]}])
    assert rows(read(value), "packages")[0]["licence"] == "MIT, Custom"


def test_a_digest_with_its_algorithm_twice_is_no_version():
    value = bom()
    value["metadata"]["component"]["version"] = f"sha256:{DIGEST}"
    extraction = read(value)
    assert claims(extraction, "candidate.version") == []
    assert DIGEST in claims(extraction, "artifact.digest")


@pytest.mark.parametrize("components", [None, []])
def test_no_components_are_not_a_clean_bill(components):
    extraction = read(bom(components=components))
    assert ("EVIDENCE_EMPTY", "json-pointer:/components") in problems(extraction)


def test_vulnerabilities_without_components_are_vex_and_not_this_format():
    value = bom(vulnerabilities=[{"id": "CVE-2026-0001"}])
    del value["components"]
    assert not [known for known in recognised(drift.as_json(value)) if known.startswith("cyclonedx-json")]


def test_vulnerabilities_beside_components_are_rows_as_in_vex():
    rating = {"method": "CVSSv31", "score": 8, "severity": "high", "vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"}
    found = {"id": "CVE-2026-0001", "ratings": [rating], "affects": [{"ref": "pkg:golang/golang.org/x/text@v0.3.0"}]}
    extraction = read(bom(vulnerabilities=[found]))
    (row,) = rows(extraction, "vulnerabilities")
    assert (row["id"], row["severity"], row["purl"]) == ("CVE-2026-0001", "high", "pkg:golang/golang.org/x/text@v0.3.0")
    assert row["locator"] == "json-pointer:/vulnerabilities/0/affects/0"
    assert rows(extraction, "packages") == rows(read(bom()), "packages")
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_an_empty_list_of_vulnerabilities_says_nothing():
    assert rows(read(bom(vulnerabilities=[])), "vulnerabilities") == []


def test_an_unknown_key_is_not_understood():
    value = bom(unheard="of")
    value["components"][0]["unknown"] = {"deep": 1}
    value["components"][0]["components"][0]["unknown"] = True
    assert not_understood(read(value)) == ["/components/*/components/*/unknown", "/components/*/unknown/deep", "/unheard"]


def test_the_ledger_adds_up():
    extraction = extract(SAMPLE, "cyclonedx-json@1.6")
    leaves = json.parse(SAMPLE)
    assert sum(extraction.loss().values()) == _leaves(leaves)
    assert extraction.loss()["not_understood"] == 0


def test_drift_is_told():
    drift.assert_drift_is_told(
        SAMPLE,
        {
            "/bomFormat",
            "/specVersion",
            "/components/*/name",
            "/components/*/type",
            "/components/*/hashes/*/alg",
            "/components/*/hashes/*/content",
            "/components/*/licenses/*/license",
            "/metadata/component/name",
            "/metadata/component/externalReferences/*/type",
        },
    )
    drift.assert_drift_is_told(IMAGE, {"/components", "/components/*/name"}, joined=("name", "artifact.reference"))


def test_what_is_no_component_is_drift_and_does_not_stop_the_rest():
    extraction = read(bom(components=["text", {"type": "library", "name": "b", "hashes": "none"}]))
    assert [row["name"] for row in rows(extraction, "packages")] == [None, "b"]
    assert ("SCHEMA_DRIFT", "json-pointer:/components/1/hashes") in problems(extraction)


@given(algorithm=st.sampled_from([("SHA-256", 64), ("SHA256", 64), ("SHA-384", 96), ("SHA-512", 128)]), data=st.data())
def test_a_digest_has_the_oci_form_however_its_algorithm_is_written(algorithm, data):
    name, length = algorithm
    content = data.draw(st.text("0123456789abcdefABCDEF", min_size=length, max_size=length))
    assert is_digest(digest_of(name, content))
    assert digest_of(name, content) == digest_of(name.lower(), content.lower())


@pytest.mark.parametrize("folder", ["sbom/cyclonedx-json"])
def test_the_corpus_is_read(folder):
    for path, extractions in corpus.read_all(folder).items():
        assert [known.format.partition("@")[0] for known in extractions] == ["cyclonedx-json"], path


def test_the_corpus_of_vex_is_not_taken_for_sboms():
    for path, extractions in corpus.read_all("vuln-scans/cyclonedx-vex").items():
        assert not [known for known in extractions if known.format.startswith("cyclonedx-json@")], path


def _leaves(value):
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return sum(map(_leaves, items)) if items else 1
