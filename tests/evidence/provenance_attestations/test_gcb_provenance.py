import base64
import copy
from pathlib import Path

import pytest

from release_staging.evidence.extract import Options, TrustedKey
from release_staging.parsing import json
from tests.evidence import corpus, drift
from tests.evidence.provenance_attestations.fulcio import COMMIT, text64
from tests.evidence.provenance_attestations.signing import TYPE, as_bytes, ecdsa_signer, envelope
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

FORMAT = "gcb-provenance"
PAYLOAD = (Path(__file__).parent / "samples" / "gcb-payload.json").read_bytes()
DIGEST = "sha256:5f2a1c9d3b4e6f708192a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8"
IMAGE = f"europe-west4-docker.pkg.dev/acme-pay/images/billing-api@{DIGEST}"
SIGNER = ecdsa_signer()
COPY = "json-pointer:/provenance_summary/provenance/0/build/intotoStatement"
SIGNED = "json-pointer:/provenance_summary/provenance/0/envelope/payload;base64;json-pointer:"


def described(payload: bytes = PAYLOAD, sealed: dict | None = None) -> dict:
    told = json.parse(PAYLOAD)
    told["slsaProvenance"] = told.pop("predicate")
    del told["slsaProvenance"]["recipe"]["definedInMaterial"]  # 0: the API leaves what is empty out
    occurrence = {
        "build": {"intotoStatement": told},
        "createTime": "2026-11-20T08:41:00Z",
        "envelope": sealed or envelope(payload, (SIGNER, "projects/verified-builder/keys/1")),
        "kind": "BUILD",
        "name": "projects/acme-pay/occurrences/1",
        "noteName": "projects/verified-builder/notes/1",
        "resourceUri": f"https://{IMAGE}",
        "updateTime": "2026-11-20T08:41:00Z",
    }
    image = {"digest": DIGEST, "fully_qualified_digest": IMAGE, "registry": "europe-west4-docker.pkg.dev", "repository": "images"}
    return {"image_summary": image, "provenance_summary": {"provenance": [occurrence]}}


def read(value: dict, options: Options | None = None):
    return extract(drift.as_json(value), FORMAT, options)


def test_the_signed_envelope_is_what_is_read():
    extraction = read(described())
    [commit] = [claim for claim in rows(extraction, "claims") if claim["field"] == "candidate.commit"]
    assert (commit["value"], commit["locator"]) == (COMMIT, f"{SIGNED}/predicate/materials/0/digest/sha1")
    assert claims(extraction, "repository.url") == ["https://github.com/acme-pay/billing-api"]
    assert claims(extraction, "build.id") == ["11f6c682-3451-4f72-ac2a-8e386eab66af"]
    assert claims(extraction, "artifact.reference") == [IMAGE]
    assert claims(extraction, "artifact.digest") == [DIGEST, DIGEST]
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_a_copy_that_says_something_else_than_the_envelope_is_a_contradiction_and_never_read():
    value = described()
    told = value["provenance_summary"]["provenance"][0]["build"]["intotoStatement"]
    told["slsaProvenance"]["materials"][0]["digest"]["sha1"] = "0" * 40
    extraction = read(value)
    assert claims(extraction, "candidate.commit") == [COMMIT]
    assert problems(extraction) == [("CONTRADICTION", COPY)]
    assert "/predicate/materials/0/digest/sha1" in rows(extraction, "problems")[0]["message"]


def test_a_predicate_that_the_envelope_holds_twice_must_be_the_same():
    payload = json.parse(PAYLOAD)
    payload["slsaProvenance"] = copy.deepcopy(payload["predicate"])
    assert problems(read(described(drift.as_json(payload)))) == []
    payload["slsaProvenance"]["builder"]["id"] = "https://elsewhere.example"
    assert problems(read(described(drift.as_json(payload)))) == [("CONTRADICTION", f"{SIGNED}/slsaProvenance")]


def test_provenance_of_another_image_than_the_described_one_is_told():
    value = described()
    value["image_summary"] |= {"digest": "sha256:" + "0" * 64, "fully_qualified_digest": IMAGE.replace(DIGEST, "sha256:" + "0" * 64)}
    assert problems(read(value)) == [("CONTRADICTION", f"{SIGNED}/subject")]


def test_an_image_whose_reference_names_another_digest_is_told():
    value = described()
    value["image_summary"]["fully_qualified_digest"] = IMAGE.replace(DIGEST, "sha256:" + "0" * 64)
    assert problems(read(value)) == [("CONTRADICTION", "json-pointer:/image_summary/fully_qualified_digest")]


@pytest.mark.parametrize("bare", [True, False])
def test_regional_keys_sign_the_payload_itself_and_global_keys_the_encoding(bare):
    sealed = envelope(PAYLOAD, (SIGNER, "regional"))
    if bare:
        sealed["signatures"][0]["sig"] = base64.urlsafe_b64encode(SIGNER.sign(PAYLOAD)).decode()
    extraction = read(described(sealed=sealed), Options((SIGNER.trusted("regional"),)))
    assert claims(extraction, "signature.state") == ["verified"]
    other = Options((ecdsa_signer().trusted("regional"),))
    assert claims(read(described(sealed=sealed), other), "signature.state") == ["failed"]


def test_no_provenance_is_told():
    value = described()
    value["provenance_summary"]["provenance"] = []
    assert ("SCHEMA_DRIFT", "json-pointer:/provenance_summary/provenance") in problems(read(value))


def test_an_envelope_without_payload_yields_nothing_of_its_copy():
    sealed = {"payload": "", "payloadType": TYPE, "signatures": [{"sig": text64(b"x")}]}
    extraction = read(described(sealed=sealed))
    assert claims(extraction, "candidate.commit") == []
    assert rows(extraction, "attestations") == []
    assert [code for code, _ in problems(extraction)] == ["SCHEMA_DRIFT"]


def test_unknown_members_are_not_understood():
    value = described() | {"surprise": 1}
    assert not_understood(read(value)) == ["/surprise"]


@pytest.mark.parametrize("key", ["image_summary", "provenance_summary"])
def test_another_shape_is_not_it(key):
    value = described()
    del value[key]
    assert recognised(drift.as_json(value)) == []


def test_drift_is_told():
    occurrence = "/provenance_summary/provenance/*"
    required = ["/image_summary/digest", f"{occurrence}/envelope", f"{occurrence}/envelope/payload", f"{occurrence}/envelope/signatures"]
    drift.assert_drift_is_told(as_bytes(described()), required)


def test_in_the_corpus_only_what_was_tampered_with_contradicts():
    told = {}
    for path, known in corpus.read_all("provenance/gcb-provenance-describe").items():
        assert [match.format for match in known] == [FORMAT], path
        told[path] = "CONTRADICTION" in [code for code, _ in problems(known[0])]
    # Of these the summary, the copy or the payload was changed; of the other negative tests the signature or the kind.
    changed = (
        "mismatch-payload",
        "mismatch-summary",
        "mismatch-text",
        "fullyqualifieddigest",
        "recipetype",
        "invalid-signature.json",
        "notstring",
    )
    assert {path for path, contradicts in told.items() if contradicts} == {path for path in told if any(one in path for one in changed)}


def test_the_corpus_is_verified_by_googles_own_keys():
    materials = "provenance/verification-keys/slsa-framework__slsa-verifier/verifiers/internal/gcb/keys/materials"
    keys = {
        Path(path).stem: TrustedKey(Path(path).stem, data.decode()) for path, data in corpus.documents(materials) if b"PUBLIC KEY" in data
    }
    verified = 0
    for path, data in corpus.documents("provenance/gcb-provenance-describe"):
        found = claims(extract(data, FORMAT, Options(tuple(keys.values()))), "signature.state")
        assert "failed" not in found, path  # no keyid there names a key as we call it
        verified += "verified" in found
    assert verified >= 30
