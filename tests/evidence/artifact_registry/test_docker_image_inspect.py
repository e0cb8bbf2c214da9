from pathlib import Path

from release_staging.parsing import json
from tests.evidence import drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "docker-image-inspect.json").read_bytes()
FORMAT = "docker-image-inspect"
IMAGE = "registry.example.com/billing/billing-api"
MANIFEST = "sha256:3b1f6a0de0c1b1a7f4d5c6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b"
CONFIG = "sha256:6171c7451a50945f8ddd72f7732cc04d7a0d1f48138a426b2e64387fdeb834ed"


def changed(**members):
    [image] = json.parse(SAMPLE)
    return extract(drift.as_json([image | members]), FORMAT)


def test_an_image_is_known_by_its_tags_and_by_the_digests_of_repositories():
    extraction = extract(SAMPLE, FORMAT)
    assert claims(extraction, "artifact.reference") == [f"{IMAGE}:4.12.0-rc.3", f"{IMAGE}:latest"]
    digests = [(c["subject"], c["value"], c["locator"]) for c in rows(extraction, "claims") if c["field"] == "artifact.digest"]
    assert digests == [
        (IMAGE, MANIFEST, "json-pointer:/0/RepoDigests/0"),
        (f"image config of {IMAGE}:4.12.0-rc.3", CONFIG, "json-pointer:/0/Id"),
    ]


def test_the_id_is_that_of_the_config_which_the_manifest_lists():
    registry, config = rows(extract(SAMPLE, FORMAT), "artifacts")
    assert (registry["role"], registry["digest"]) == ("registry", MANIFEST)
    assert (config["role"], config["digest"], config["parent_digest"]) == ("config", CONFIG, MANIFEST)
    assert (config["platform"], config["version"], config["size"]) == ("linux/arm64/v8", "4.12.0-rc.3", 48318255)


def test_with_the_containerd_store_the_id_is_that_of_the_manifest():
    for members in ({"Id": MANIFEST}, {"RepoDigests": [], "Descriptor": {"digest": CONFIG, "mediaType": "x", "size": 1}}):
        *_, row = rows(changed(**members), "artifacts")
        assert (row["role"], row["parent_digest"]) == ("registry", None), members


def test_an_image_that_was_never_pushed_has_no_repository_digest():
    extraction = changed(RepoDigests=[])
    [row] = rows(extraction, "artifacts")
    assert (row["role"], row["digest"]) == ("config", CONFIG)
    assert problems(extraction) == []


def test_an_id_in_bare_hexadecimal_is_a_sha256():
    assert claims(changed(Id=CONFIG.removeprefix("sha256:")), "artifact.digest") == [MANIFEST, CONFIG]


def test_labels_name_version_commit_and_repository():
    extraction = extract(SAMPLE, FORMAT)
    assert claims(extraction, "candidate.version") == ["4.12.0-rc.3"]
    assert claims(extraction, "candidate.commit") == ["9f2c4e1b7a6d5c3f8e0b1a2d4c6e8f0a1b3c5d7e"]
    assert claims(extraction, "produced_at") == ["2026-11-20T08:40:12.271718Z"]
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_labels_of_several_images_are_of_none():
    [image] = json.parse(SAMPLE)
    extraction = extract(drift.as_json([image, image]), FORMAT)
    assert claims(extraction, "candidate.version") == []
    assert len(rows(extraction, "artifacts")) == 4


def test_the_answer_of_the_engine_is_one_image_without_a_list():
    extraction = extract(drift.as_json(json.parse(SAMPLE)[0]), FORMAT)
    assert claims(extraction, "candidate.version") == ["4.12.0-rc.3"]
    assert not_understood(extraction) == []


def test_no_environment_and_no_person_is_copied():
    extraction = extract(SAMPLE, FORMAT)
    copied = str([rows(extraction, table) for table in extraction.tables])
    assert "correct-horse" not in copied
    assert "a.person" not in copied


def test_a_repository_digest_without_a_digest_is_drift():
    assert problems(changed(RepoDigests=["billing-api"])) == [("SCHEMA_DRIFT", "json-pointer:/0/RepoDigests/0")]


def test_an_unknown_member_is_not_understood():
    assert not_understood(changed(Sealed=True)) == ["/*/Sealed"]


def test_an_inspected_container_is_something_else():
    assert recognised(b'[{"Id": "0a", "Image": "sha256:0", "State": {"Status": "running"}, "Config": {}}]') == []


def test_drift_is_told():
    drift.assert_drift_is_told(SAMPLE, {"/*/Id", "/*/RepoTags", "/*/RepoDigests"}, joined={"platform", "confidence"})
