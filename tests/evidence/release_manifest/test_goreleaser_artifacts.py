from pathlib import Path

from release_staging.parsing import json
from tests.evidence import corpus, drift
from tests.evidence.support import extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "goreleaser-artifacts.json").read_bytes()
FORMAT = "goreleaser-artifacts"
IMAGE = "registry.example.com/billing/billing-api:4.12.0-rc.3"


def test_every_artifact_is_listed_with_its_kind_and_platform():
    artifacts = rows(extract(SAMPLE, FORMAT), "artifacts")
    assert [(row["kind"], row["platform"], row["digest"] is not None) for row in artifacts] == [
        ("Metadata", None, False),
        ("Binary", "linux/arm/v7", False),
        ("Archive", "linux/amd64", True),
        ("Docker Image", "linux/amd64", True),
        ("Docker Manifest", None, True),
    ]
    assert artifacts[2]["locator"] == "json-pointer:/2"


def test_digests_are_claimed_for_what_has_one_by_its_name():
    claims = [claim for claim in rows(extract(SAMPLE, FORMAT), "claims") if claim["field"] == "artifact.digest"]
    assert [(claim["subject"], claim["locator"]) for claim in claims] == [
        ("billing-api_4.12.0-rc.3_linux_amd64.tar.gz", "json-pointer:/2/extra/Checksum"),
        (f"{IMAGE}-amd64", "json-pointer:/3/extra/Digest"),
        (IMAGE, "json-pointer:/4/extra/Digest"),
    ]


def test_only_images_have_a_reference_claimed():
    claims = [claim["value"] for claim in rows(extract(SAMPLE, FORMAT), "claims") if claim["field"] == "artifact.reference"]
    assert claims == [f"{IMAGE}-amd64", IMAGE]


def test_an_image_of_the_newer_kind_is_an_image():
    value = json.parse(SAMPLE)
    value[4]["type"] = "Docker Image V2"
    extraction = extract(drift.as_json(value), FORMAT)
    assert rows(extraction, "artifacts")[4]["reference"] == IMAGE


def test_an_empty_extra_hides_no_unknown_member_of_another():
    value = json.parse(SAMPLE)
    value[1]["extra"]["Provenance"] = "x"
    assert not_understood(extract(drift.as_json(value), FORMAT)) == ["/*/extra/Provenance"]
    assert not_understood(extract(SAMPLE, FORMAT)) == []


def test_a_list_of_named_paths_is_not_enough():
    assert recognised(b'[{"name": "a", "path": "b", "type": "c"}]') == []


def test_drift_is_told():
    drift.assert_drift_is_told(SAMPLE, {"/*/name", "/*/type"}, joined={"platform"})


def test_the_corpus_is_read_whole():
    for path, extractions in corpus.read_all("release-manifest/goreleaser-artifacts").items():
        assert [extraction.format for extraction in extractions] == [FORMAT], path
        assert extractions[0].loss()["not_understood"] == 0, path
        assert problems(extractions[0]) == [], path
