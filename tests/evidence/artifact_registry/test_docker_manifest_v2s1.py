import base64
import hashlib

from release_staging.parsing import json
from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

FORMAT = "docker-manifest-v2s1"
LAYER = "sha256:160d823fdc48e62f97ba62df31e55424f8f5eb6b679c865eec6e59adfe304710"
UNSIGNED = (
    b'{\n   "schemaVersion": 1,\n   "name": "billing/billing-api",\n   "tag": "4.12.0-rc.3",\n   "architecture": "amd64",\n'
    b'   "fsLayers": [\n      {\n         "blobSum": "' + LAYER.encode() + b'"\n      }\n   ],\n'
    b'   "history": [\n      {\n         "v1Compatibility": "{\\"config\\":{\\"Env\\":[\\"PASSWORD=correct-horse\\"]}}"\n      }\n   ]\n}'
)


def unpadded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def signed(payload=UNSIGNED, length=None, tail=b"\n}"):
    """The manifest as libtrust signs it: the signatures stand between the start of the payload and its end."""
    start = len(payload) - len(tail) if length is None else length
    protected = unpadded(drift.as_json({"formatLength": start, "formatTail": unpadded(tail), "time": "2026-11-20T09:00:00Z"}))
    signature = {"header": {"jwk": {"crv": "P-256"}, "alg": "ES256"}, "signature": "bvTL", "protected": protected}
    return payload[:-2] + b',\n   "signatures": ' + drift.as_json([signature]) + b"\n}"


SIGNED = signed()


def test_the_digest_is_over_the_payload_without_its_signatures():
    image, layer = rows(extract(SIGNED, FORMAT), "artifacts")
    assert image["digest"] == "sha256:" + hashlib.sha256(UNSIGNED).hexdigest()
    assert (image["reference"], image["platform"]) == ("billing/billing-api:4.12.0-rc.3", "amd64")
    assert (layer["digest"], layer["parent_digest"]) == (LAYER, image["digest"])


def test_without_signatures_the_digest_is_that_of_the_document():
    extraction = extract(UNSIGNED, FORMAT)
    assert rows(extraction, "artifacts")[0]["digest"] == "sha256:" + hashlib.sha256(UNSIGNED).hexdigest()
    assert problems(extraction) == []


def test_it_names_repository_and_tag():
    extraction = extract(SIGNED, FORMAT)
    assert claims(extraction, "artifact.reference") == ["billing/billing-api:4.12.0-rc.3"]
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_signatures_that_are_broken_leave_no_digest():
    value = json.parse(SIGNED)
    for protected in ("!", unpadded(b"{}"), unpadded(b'{"formatLength": 3, "formatTail": "#"}')):
        value["signatures"][0]["protected"] = protected
        extraction = extract(drift.as_json(value), FORMAT)
        assert rows(extraction, "artifacts")[0]["digest"] is None
        assert {code for code, _ in problems(extraction)} == {"SCHEMA_DRIFT"}


def test_signatures_over_different_payloads_leave_no_digest():
    value = json.parse(SIGNED)
    value["signatures"] += json.parse(signed(length=7))["signatures"]
    extraction = extract(drift.as_json(value), FORMAT)
    assert rows(extraction, "artifacts")[0]["digest"] is None
    assert problems(extraction) == [("CONTRADICTION", "json-pointer:/signatures")]


def test_the_history_of_the_build_is_never_copied():
    extraction = extract(SIGNED, FORMAT)
    assert "correct-horse" not in str([rows(extraction, table) for table in extraction.tables])


def test_an_unknown_member_is_not_understood():
    assert not_understood(extract(drift.as_json(json.parse(UNSIGNED) | {"sealed": True}), FORMAT)) == ["/sealed"]


def test_another_schema_is_something_else():
    assert recognised(drift.as_json(json.parse(UNSIGNED) | {"schemaVersion": 3})) == []


def test_drift_is_told():
    required = {"/name", "/tag", "/schemaVersion", "/fsLayers", "/fsLayers/*/blobSum"}
    drift.assert_drift_is_told(UNSIGNED, required, joined={"reference", "artifact.reference"})


def test_the_corpus_is_read():
    for path, extractions in corpus.read_all("artifact-registry/docker-manifest-v2s1").items():
        assert [extraction.format for extraction in extractions] == [FORMAT], path
        assert ("/malformed/" in path) == (problems(extractions[0]) != []), path
