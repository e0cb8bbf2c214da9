from pathlib import Path

from release_staging.parsing import json
from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "skopeo-inspect.json").read_bytes()
FORMAT = "skopeo-inspect"
DIGEST = "sha256:3b1f6a0de0c1b1a7f4d5c6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b"


def test_the_digest_is_of_what_was_named():
    [claim] = [claim for claim in rows(extract(SAMPLE, FORMAT), "claims") if claim["field"] == "artifact.digest"]
    assert (claim["subject"], claim["value"]) == ("registry.example.com/billing/billing-api", DIGEST)


def test_the_digest_has_no_platform_for_it_may_be_that_of_an_index():
    extraction = extract(SAMPLE, FORMAT)
    named, platform, layer = rows(extraction, "artifacts")
    assert (named["role"], named["digest"], named["platform"]) == ("registry", DIGEST, None)
    assert (platform["role"], platform["digest"], platform["platform"]) == ("platform", None, "linux/amd64")
    assert (layer["role"], layer["parent_digest"]) == ("layer", DIGEST)
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_an_image_in_a_folder_has_no_name():
    image = json.parse(SAMPLE)
    del image["Name"]
    extraction = extract(drift.as_json(image | {"RepoTags": []}), FORMAT)
    assert claims(extraction, "artifact.digest") == [DIGEST]
    assert rows(extraction, "artifacts")[0]["reference"] is None
    assert problems(extraction) == []


def test_the_tags_are_of_the_repository_and_not_of_the_image():
    extraction = extract(SAMPLE, FORMAT)
    assert claims(extraction, "artifact.reference") == []
    assert "4.11.0" not in str(rows(extraction, "claims") + rows(extraction, "artifacts"))


def test_labels_name_version_and_commit():
    extraction = extract(SAMPLE, FORMAT)
    assert claims(extraction, "candidate.version") == ["4.12.0-rc.3"]
    assert claims(extraction, "candidate.commit") == ["9f2c4e1b7a6d5c3f8e0b1a2d4c6e8f0a1b3c5d7e"]


def test_no_environment_is_copied():
    extraction = extract(SAMPLE, FORMAT)
    assert "correct-horse" not in str([rows(extraction, table) for table in extraction.tables])


def test_an_unknown_member_is_not_understood():
    assert not_understood(extract(drift.as_json(json.parse(SAMPLE) | {"Sealed": True}), FORMAT)) == ["/Sealed"]


def test_an_image_without_a_digest_is_something_else():
    assert recognised(b'{"Name": "x", "RepoTags": [], "Layers": []}') == []


def test_drift_is_told():
    drift.assert_drift_is_told(SAMPLE, {"/Digest", "/Layers"}, joined={"platform", "confidence"})


def test_the_corpus_is_read():
    for path, extractions in corpus.read_all("artifact-registry/skopeo-inspect").items():
        assert [extraction.format for extraction in extractions] == [FORMAT], path
        assert problems(extractions[0]) == [], path
