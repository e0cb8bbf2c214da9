import hashlib
from pathlib import Path

from release_staging.parsing import json
from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "config.json").read_bytes()
FORMAT = "oci-image-config"
LABELS = "org.opencontainers.image."


def labelled(labels):
    value = json.parse(SAMPLE)
    value["config"]["Labels"] = labels
    return extract(drift.as_json(value), FORMAT)


def test_the_image_id_is_the_digest_of_the_config():
    extraction = extract(SAMPLE, FORMAT)
    [row] = rows(extraction, "artifacts")
    assert row["digest"] == "sha256:" + hashlib.sha256(SAMPLE).hexdigest()
    assert (row["role"], row["name"], row["version"], row["platform"]) == ("config", "billing-api", "4.12.0-rc.3", "linux/arm64/v8")
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_labels_name_version_commit_and_repository():
    extraction = extract(SAMPLE, FORMAT)
    assert claims(extraction, "candidate.version") == ["4.12.0-rc.3"]
    assert claims(extraction, "candidate.commit") == ["9f2c4e1b7a6d5c3f8e0b1a2d4c6e8f0a1b3c5d7e"]
    assert claims(extraction, "repository.url") == ["https://github.com/acme-pay/billing-api"]
    assert claims(extraction, "produced_at") == ["2026-11-20T08:40:12.271718Z"]
    assert {claim["confidence"] for claim in rows(extraction, "claims")} == {"exact"}


def test_a_version_label_without_a_revision_may_be_that_of_the_base_image():
    [claim] = [claim for claim in rows(labelled({LABELS + "version": "22.04"}), "claims") if claim["field"] == "candidate.version"]
    assert (claim["value"], claim["confidence"]) == ("22.04", "low")
    assert "base image" in claim["loss"]


def test_labels_that_other_tools_write_claim_nothing():
    extraction = labelled({"version": "32", "name": "fedora"})
    assert claims(extraction, "candidate.version") == []
    assert not_understood(extraction) == ["/config/Labels/name", "/config/Labels/version"]


def test_an_image_without_labels_is_an_image():
    extraction = labelled(None)
    assert problems(extraction) == []
    assert not_understood(extraction) == []
    assert [row["platform"] for row in rows(extraction, "artifacts")] == ["linux/arm64/v8"]


def test_a_reproducible_build_has_no_time():
    value = json.parse(SAMPLE) | {"created": "1970-01-01T00:00:00Z"}
    extraction = extract(drift.as_json(value), FORMAT)
    assert claims(extraction, "produced_at") == []
    assert problems(extraction) == []


def test_no_environment_no_build_argument_and_no_person_is_copied():
    extraction = extract(SAMPLE, FORMAT)
    copied = str([rows(extraction, table) for table in extraction.tables])
    for secret in ("correct-horse-battery", "npm_abc", "a.person@example.com"):
        assert secret not in copied


def test_an_unknown_member_is_not_understood():
    assert not_understood(extract(drift.as_json(json.parse(SAMPLE) | {"sealed": True}), FORMAT)) == ["/sealed"]


def test_docker_inspect_output_is_something_else():
    assert recognised(b'[{"Id": "sha256:0", "Architecture": "amd64", "Os": "linux", "RootFS": {"Type": "layers"}}]') == []


def test_drift_is_told():
    joined = {"platform", "confidence"}
    drift.assert_drift_is_told(SAMPLE, {"/architecture", "/os", "/rootfs", "/rootfs/diff_ids"}, joined=joined)


def test_the_corpus_is_read():
    read_as = corpus.read_all("artifact-registry/oci-image-config")
    for path, extractions in read_as.items():
        assert [extraction.format for extraction in extractions] == [FORMAT], path
        assert problems(extractions[0]) == [], path
