from pathlib import Path

from release_staging.parsing import json
from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLES = Path(__file__).parent / "samples"
DESCRIBED = (SAMPLES / "ecr-describe-images.json").read_bytes()
FETCHED = (SAMPLES / "ecr-batch-get-image.json").read_bytes()
DIGEST = "sha256:3b1f6a0de0c1b1a7f4d5c6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b"
FORMAT = "ecr-images/describe-images"


def changed(**members):
    value = json.parse(DESCRIBED)
    value["imageDetails"][0] |= members
    return extract(drift.as_json(value), FORMAT)


def test_an_image_is_listed_with_its_digest_and_tags():
    extraction = extract(DESCRIBED, FORMAT)
    [row] = rows(extraction, "artifacts")
    assert (row["role"], row["name"], row["reference"], row["digest"]) == ("registry", "4.12.0-rc.3", "billing/billing-api", DIGEST)
    assert (row["size"], row["media_type"]) == (48318255, "application/vnd.oci.image.manifest.v1+json")
    assert claims(extraction, "artifact.digest") == [DIGEST]
    assert claims(extraction, "artifact.reference") == ["billing/billing-api:4.12.0-rc.3"]
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_seconds_since_1970_become_a_time_and_say_so():
    [claim] = [claim for claim in rows(extract(DESCRIBED, FORMAT), "claims") if claim["field"] == "produced_at"]
    assert (claim["value"], claim["source_value"]) == ("2026-11-20T08:40:12.500000Z", "1795164012.5")
    assert "pushed" in claim["loss"]
    assert "seconds since 1970" in claim["loss"]


def test_a_time_in_words_of_the_newer_command_line_stays_as_it_is():
    assert claims(changed(imagePushedAt="2026-11-20T09:40:12+01:00"), "produced_at") == ["2026-11-20T09:40:12+01:00"]


def test_a_number_that_is_no_time_is_told():
    assert problems(changed(imagePushedAt=1e300)) == [("SCHEMA_DRIFT", "json-pointer:/imageDetails/0/imagePushedAt")]


def test_of_several_images_no_push_time_is_the_candidate_s():
    value = json.parse(DESCRIBED)
    value["imageDetails"] *= 2
    extraction = extract(drift.as_json(value), FORMAT)
    assert claims(extraction, "produced_at") == []
    assert len(rows(extraction, "artifacts")) == 2


def test_an_image_that_the_registry_does_not_have_is_told():
    extraction = extract(FETCHED, "ecr-images/batch-get-image")
    assert claims(extraction, "artifact.digest") == [DIGEST]
    assert problems(extraction) == [("EVIDENCE_MISSING", "json-pointer:/failures/0")]
    assert not_understood(extraction) == []


def test_the_ids_of_a_repository_are_a_list_of_digests():
    data = drift.as_json({"imageIds": [{"imageDigest": DIGEST, "imageTag": "4.12.0-rc.3"}]})
    assert claims(extract(data, "ecr-images/list-images"), "artifact.digest") == [DIGEST]


def test_an_untagged_image_has_no_reference():
    value = json.parse(DESCRIBED)
    del value["imageDetails"][0]["imageTags"]
    extraction = extract(drift.as_json(value), FORMAT)
    assert claims(extraction, "artifact.reference") == []
    assert problems(extraction) == []


def test_an_unknown_member_is_not_understood():
    assert not_understood(changed(sealed=True)) == ["/imageDetails/*/sealed"]


def test_repositories_and_other_lists_of_images_are_something_else():
    assert recognised(b'{"repositories": [{"registryId": "0", "repositoryName": "x"}]}') == []
    assert recognised(b'{"images": [{"url": "https://example.com/a.png"}]}') == []


def test_drift_is_told():
    image = "/imageDetails/*"
    value = json.parse(DESCRIBED)
    value["imageDetails"][0]["imagePushedAt"] = 1795164012
    drift.assert_drift_is_told(drift.as_json(value), {"/imageDetails", f"{image}/imageDigest", f"{image}/repositoryName"}, joined={"name"})


def test_the_corpus_is_read():
    for path, extractions in corpus.read_all("artifact-registry/ecr-describe-images").items():
        if "epositories" not in path:
            [extraction] = extractions
            assert extraction.format.startswith("ecr-images/"), path
            assert problems(extraction) == [], path
            assert not_understood(extraction) == [], path
