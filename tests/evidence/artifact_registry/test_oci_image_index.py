import hashlib
from pathlib import Path

import pytest

from release_staging.parsing import json
from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLES = Path(__file__).parent / "samples"
INDEX = (SAMPLES / "index.json").read_bytes()
LIST = (SAMPLES / "manifest-list.json").read_bytes()
LAYOUT = (SAMPLES / "layout-index.json").read_bytes()
FORMAT = "oci-image-index"


def digests(extraction):
    return [(claim["subject"], claim["locator"]) for claim in rows(extraction, "claims") if claim["field"] == "artifact.digest"]


def test_the_digest_of_an_index_is_that_of_its_exact_bytes():
    own = rows(extract(INDEX, FORMAT), "artifacts")[0]
    assert (own["role"], own["locator"]) == ("registry", "json-pointer:")
    assert own["digest"] == "sha256:" + hashlib.sha256(INDEX).hexdigest()
    respaced = drift.as_json(json.parse(INDEX))
    assert rows(extract(respaced, FORMAT), "artifacts")[0]["digest"] != own["digest"]


def test_each_platform_is_a_child_of_the_index():
    own, *children = rows(extract(INDEX, FORMAT), "artifacts")
    assert [(child["role"], child["platform"]) for child in children] == [
        ("platform", "linux/amd64"),
        ("platform", "linux/arm64/v8"),
        ("attestation", None),
    ]
    assert {child["parent_digest"] for child in children} == {own["digest"]}
    assert children[0]["locator"] == "json-pointer:/manifests/0"


def test_the_digest_of_a_child_is_claimed_for_its_platform():
    assert digests(extract(INDEX, FORMAT)) == [
        ("linux/amd64", "json-pointer:/manifests/0/digest"),
        ("linux/arm64/v8", "json-pointer:/manifests/1/digest"),
    ]


def test_an_attestation_beside_the_images_is_no_artifact_of_the_candidate():
    value = json.parse(INDEX)
    del value["manifests"][2]["annotations"]
    extraction = extract(drift.as_json(value), FORMAT)
    assert rows(extraction, "artifacts")[3]["role"] == "attestation"
    assert len(digests(extraction)) == 2


def test_annotations_name_version_commit_and_repository():
    extraction = extract(INDEX, FORMAT)
    assert claims(extraction, "candidate.version") == ["4.12.0-rc.3"]
    assert claims(extraction, "candidate.commit") == ["9f2c4e1b7a6d5c3f8e0b1a2d4c6e8f0a1b3c5d7e"]
    assert claims(extraction, "repository.url") == ["https://github.com/acme-pay/billing-api"]
    assert claims(extraction, "produced_at") == ["2026-11-20T08:40:59Z"]
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_a_docker_manifest_list_is_an_index():
    extraction = extract(LIST, "oci-image-index/docker-manifest-list")
    assert digests(extraction) == [("windows/amd64:10.0.17763.1040", "json-pointer:/manifests/0/digest")]
    assert problems(extraction) == []


def test_an_index_without_a_media_type_is_known_by_its_shape_and_its_children_by_their_names():
    extraction = extract(LAYOUT, FORMAT)
    child = rows(extraction, "artifacts")[1]
    assert (child["role"], child["name"], child["platform"]) == ("registry", "4.12.0-rc.3", None)
    assert digests(extraction) == [("registry.example.com/billing/billing-api:4.12.0-rc.3", "json-pointer:/manifests/0/digest")]


@pytest.mark.parametrize("zero", ["1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z"])
def test_the_zero_of_a_clock_is_no_time(zero):
    value = json.parse(INDEX)
    value["annotations"]["org.opencontainers.image.created"] = zero
    extraction = extract(drift.as_json(value), FORMAT)
    assert claims(extraction, "produced_at") == []
    [loss] = [loss for loss in rows(extraction, "losses") if loss["path"].endswith("image.created")]
    assert (loss["dropped"], loss["rule"]) == (1, "zero-time")


def test_an_unknown_annotation_is_not_understood():
    value = json.parse(INDEX)
    value["annotations"]["com.example.ring"] = "canary"
    assert not_understood(extract(drift.as_json(value), FORMAT)) == ["/annotations/com.example.ring"]


def test_a_list_of_manifests_of_another_schema_is_something_else():
    assert recognised(b'{"schemaVersion": 1, "manifests": []}') == []
    assert recognised(b'{"manifests": [{"digest": "sha256:0"}]}') == []


@pytest.mark.parametrize("sample", [INDEX, LIST, LAYOUT])
def test_drift_is_told(sample):
    drift.assert_drift_is_told(
        sample,
        {"/schemaVersion", "/manifests", "/manifests/*/digest", "/manifests/*/mediaType"},
        joined={"platform", "role"},
    )


def test_a_child_whose_platform_has_another_name_is_not_silently_one_of_none():
    for kind, path, effect in drift.effects(INDEX, joined={"platform"}):
        assert kind == "remove" or effect in (None, drift.TOLD), f"{kind} {path}: {effect}"


def test_the_corpus_is_read():
    read_as = corpus.read_all("artifact-registry/oci-image-index", "artifact-registry/docker-manifest-list")
    assert sum(len(found) for found in read_as.values()) == 34
    for path, extractions in read_as.items():
        for extraction in extractions:
            assert extraction.format.startswith(FORMAT), path
            assert problems(extraction) == [], path
