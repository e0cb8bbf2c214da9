import hashlib
from pathlib import Path

import pytest

from release_staging.parsing import json
from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLES = Path(__file__).parent / "samples"
MANIFEST = (SAMPLES / "manifest.json").read_bytes()
REFERRER = (SAMPLES / "referrer.json").read_bytes()
DOCKER = (SAMPLES / "docker-v2s2.json").read_bytes()
FORMAT = "oci-image-manifest"


def test_manifest_config_and_layers_are_three_kinds_of_digest():
    extraction = extract(MANIFEST, FORMAT)
    own, config, *layers = rows(extraction, "artifacts")
    assert own["digest"] == "sha256:" + hashlib.sha256(MANIFEST).hexdigest()
    assert (own["role"], config["role"], [layer["role"] for layer in layers]) == ("registry", "config", ["layer", "layer"])
    assert {row["parent_digest"] for row in (config, *layers)} == {own["digest"]}
    assert config["locator"] == "json-pointer:/config"
    assert layers[1]["size"] == 16724
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_blobs_are_no_artifacts_of_the_candidate():
    assert claims(extract(MANIFEST, FORMAT), "artifact.digest") == []


def test_a_revision_written_with_branch_and_algorithm_is_cut_down_to_the_commit():
    [commit] = [claim for claim in rows(extract(MANIFEST, FORMAT), "claims") if claim["field"] == "candidate.commit"]
    assert commit["value"] == "9f2c4e1b7a6d5c3f8e0b1a2d4c6e8f0a1b3c5d7e"
    assert commit["source_value"].startswith("release/4.12@sha1:")
    assert commit["confidence"] == "derived"
    assert commit["loss"] is not None


def test_a_manifest_attached_to_another_names_it_as_its_subject():
    extraction = extract(REFERRER, FORMAT)
    [subject] = [row for row in rows(extraction, "artifacts") if row["role"] == "subject"]
    assert subject["digest"] == "sha256:23678f31b3b3586c4fb318aecfe64a96a1f0916ba8f9b3c2d1e0f9a8b7c6d5e4"
    assert rows(extraction, "artifacts")[0]["kind"] == "application/vnd.dev.sigstore.bundle.v0.3+json"
    assert not_understood(extraction) == []


def test_a_docker_manifest_is_told_apart_by_its_media_type():
    extraction = extract(DOCKER, "oci-image-manifest/docker-v2s2")
    assert [row["role"] for row in rows(extraction, "artifacts")] == ["registry", "config", "layer"]
    assert problems(extraction) == []


def test_a_manifest_without_a_media_type_is_known_by_its_shape():
    value = json.parse(MANIFEST)
    del value["mediaType"]
    assert recognised(drift.as_json(value)) == [FORMAT]


def test_an_unknown_member_of_a_layer_is_not_understood():
    value = json.parse(MANIFEST)
    value["layers"][0]["encryption"] = "jwe"
    assert not_understood(extract(drift.as_json(value), FORMAT)) == ["/layers/*/encryption"]


def test_a_manifest_of_schema_1_and_a_bare_descriptor_are_something_else():
    assert recognised(b'{"schemaVersion": 1, "name": "a", "tag": "b", "fsLayers": [], "signatures": []}') == []
    assert recognised(b'{"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": "sha256:0", "size": 1}') == []


@pytest.mark.parametrize("sample", [MANIFEST, REFERRER, DOCKER])
def test_drift_is_told(sample):
    drift.assert_drift_is_told(sample, {"/schemaVersion", "/config", "/config/digest", "/layers", "/layers/*/digest"})


def test_the_corpus_is_read():
    read_as = corpus.read_all("artifact-registry/oci-image-manifest", "artifact-registry/docker-manifest-v2s2")
    known = [extraction for found in read_as.values() for extraction in found]
    assert len(known) == 58
    assert all(extraction.format.startswith(FORMAT) for extraction in known)
    assert sum(bool(problems(extraction)) for extraction in known) == 3  # two fragments of documentation, one with `"layers": null`
