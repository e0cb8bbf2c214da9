from pathlib import Path

from release_staging.parsing import json
from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "bundle.json").read_bytes()
FORMAT = "cnab-bundle@1.2.0"
API = "registry.example.com/billing/billing-api:4.12.0-rc.3"


def changed(**members):
    return drift.as_json(json.parse(SAMPLE) | members)


def test_a_bundle_names_itself_and_its_version():
    extraction = extract(SAMPLE, FORMAT)
    assert claims(extraction, "service.name") == ["billing-api"]
    assert claims(extraction, "candidate.version") == ["4.12.0-rc.3"]


def test_images_are_artifacts_with_the_digest_of_their_manifest():
    extraction = extract(SAMPLE, FORMAT)
    installer, api = rows(extraction, "artifacts")
    assert (installer["name"], installer["kind"], installer["size"]) == ("invocation-image", "docker", 942)
    assert (api["name"], api["reference"], api["locator"]) == ("api", API, "json-pointer:/images/api")
    digests = [(c["subject"], c["value"]) for c in rows(extraction, "claims") if c["field"] == "artifact.digest"]
    assert digests[1] == (API, "sha256:3b1f6a0de0c1b1a7f4d5c6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b")
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_an_image_without_a_digest_claims_none():
    assert claims(extract(changed(images={"api": {"image": API}}, invocationImages=[]), FORMAT), "artifact.digest") == []


def test_no_default_of_a_parameter_and_no_person_is_copied():
    extraction = extract(SAMPLE, FORMAT)
    copied = str([rows(extraction, table) for table in extraction.tables])
    assert "correct-horse" not in copied
    assert "a.person" not in copied


def test_a_schema_version_that_is_not_known_is_drift():
    assert [code for code, _ in problems(extract(changed(schemaVersion="v99.98"), "cnab-bundle@99.98"))] == ["SCHEMA_DRIFT"]


def test_an_unknown_member_is_not_understood():
    assert not_understood(extract(changed(sealed=True), FORMAT)) == ["/sealed"]


def test_images_alone_make_no_bundle():
    assert recognised(b'{"invocationImages": [], "name": "x", "version": "1"}') == []


def test_drift_is_told():
    required = {"/name", "/version", "/schemaVersion", "/invocationImages", "/images/api/image", "/invocationImages/*/image"}
    drift.assert_drift_is_told(SAMPLE, required, named={"/images/api"})


def test_the_corpus_is_read():
    for path, extractions in corpus.read_all("release-manifest/cnab-bundle").items():
        [extraction] = extractions
        assert extraction.format.startswith("cnab-bundle"), path
        if "/malformed/" in path or extraction.format.startswith("cnab-bundle@99"):
            assert "SCHEMA_DRIFT" in [code for code, _ in problems(extraction)], path
        else:
            assert problems(extraction) == [], path
            assert not_understood(extraction) == [], path
