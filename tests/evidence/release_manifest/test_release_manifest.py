from pathlib import Path

import jsonschema
import pytest

from release_staging.parsing import json
from schemas import __file__ as schemas_file
from tests.evidence import drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "release-manifest.json").read_bytes()
SCHEMA = json.parse((Path(schemas_file).parent / "release-manifest-1.0.json").read_bytes())
FORMAT = "release-manifest@1.0"


def edited(**changes):
    return drift.as_json(json.parse(SAMPLE) | changes)


def test_the_manifest_says_what_is_released():
    extraction = extract(SAMPLE, FORMAT)
    said = {claim["field"]: (claim["value"], claim["locator"]) for claim in rows(extraction, "claims")}
    assert said["service.name"] == ("billing-api", "json-pointer:/service")
    assert said["repository.url"] == ("https://github.com/acme-pay/billing-api", "json-pointer:/repository")
    assert said["candidate.version"] == ("4.12.0-rc.3", "json-pointer:/version")
    assert said["candidate.commit"] == ("9f2c4e1b7a6d5c3f8e0b1a2d4c6e8f0a1b3c5d7e", "json-pointer:/commit")
    assert said["candidate.tag"] == ("v4.12.0-rc.3", "json-pointer:/tag")
    assert said["candidate.branch"] == ("release/4.12", "json-pointer:/branch")
    assert said["build.id"] == ("7714620931", "json-pointer:/build/id")
    assert said["build.attempt"] == ("1", "json-pointer:/build/attempt")
    assert said["produced_at"] == ("2026-11-20T08:41:12Z", "json-pointer:/createdAt")
    assert said["rollback.version"] == ("4.11.2", "json-pointer:/rollback/version")
    assert said["rollback.artifact"][1] == "json-pointer:/rollback/digest"
    assert claims(extraction, "environment.target") == ["production-eu", "production-us"]
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_an_artifact_is_claimed_and_listed_by_its_name():
    extraction = extract(SAMPLE, FORMAT)
    [digest] = [claim for claim in rows(extraction, "claims") if claim["field"] == "artifact.digest"]
    [artifact] = rows(extraction, "artifacts")
    assert (digest["subject"], digest["locator"]) == ("billing-api", "json-pointer:/artifacts/0/digest")
    assert (artifact["role"], artifact["kind"], artifact["digest"]) == ("declared", "oci-image", digest["value"])
    assert artifact["locator"] == "json-pointer:/artifacts/0"


def test_a_security_review_is_a_reference_for_each_file_it_covers_and_its_result_is_not_read():
    review = {"reference": "SEC-482", "covers": ["a.yaml", "b.yaml"], "result": "passed"}
    extraction = extract(edited(securityReview=[review]), FORMAT)
    said = [(claim["subject"], claim["value"]) for claim in rows(extraction, "claims") if claim["field"] == "security_review.reference"]
    assert said == [("a.yaml", "SEC-482"), ("b.yaml", "SEC-482")]
    assert not_understood(extraction) == ["/securityReview/*/result"]
    assert "passed" not in [claim["value"] for claim in rows(extraction, "claims")]


@pytest.mark.parametrize("key", ["artifacts", "environments"])
def test_an_empty_list_of_what_is_released_is_told(key):
    assert problems(extract(edited(**{key: []}), FORMAT)) == [("SCHEMA_DRIFT", f"json-pointer:/{key}")]


def test_an_unknown_version_is_read_and_said_to_be_drift():
    extraction = extract(edited(releaseManifest="2.0"), "release-manifest@2.0")
    assert claims(extraction, "service.name") == ["billing-api"]
    assert [code for code, _ in problems(extraction)] == ["SCHEMA_DRIFT"]


def test_an_unknown_member_is_not_understood():
    assert not_understood(extract(edited(changeWindow={"from": "22:00"}), FORMAT)) == ["/changeWindow/from"]


def test_a_packet_descriptor_is_not_a_manifest():
    assert recognised(b'{"service": "billing-api", "version": "4.12.0", "artifacts": []}') == []


def test_drift_is_told():
    required = {f"/{key}" for key in SCHEMA["required"]} | {"/build/id", "/rollback/version", "/artifacts/*/name", "/artifacts/*/digest"}
    drift.assert_drift_is_told(SAMPLE, required | {"/securityReview/*/reference", "/securityReview/*/covers"})


def test_the_sample_and_the_published_schema_agree():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(json.parse(SAMPLE), SCHEMA, jsonschema.Draft202012Validator)


def test_what_the_schema_requires_is_drift_for_the_reader_where_it_is_missing():
    for key in SCHEMA["required"]:
        manifest = json.parse(SAMPLE)
        del manifest[key]
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(manifest, SCHEMA, jsonschema.Draft202012Validator)
        if key != "releaseManifest":  # without it the document is no manifest at all
            assert problems(extract(drift.as_json(manifest), FORMAT)) == [("SCHEMA_DRIFT", f"json-pointer:/{key}")]
