import base64
import copy
from pathlib import Path

import pytest

from release_staging.evidence.extract import Options
from release_staging.parsing import json
from tests.evidence import corpus, drift
from tests.evidence.provenance_attestations import fulcio
from tests.evidence.provenance_attestations.signing import as_bytes, ed25519_signer, envelope
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

STATEMENT = (Path(__file__).parent / "samples" / "slsa-v1.json").read_bytes()
SIGNER, OTHER = ed25519_signer(), ed25519_signer()
TRUSTED = Options(trusted_keys=(SIGNER.trusted("release-key"),))
FORMAT = "dsse-envelope"


def signed(payload=STATEMENT, signer=SIGNER, keyid="release-key", **more):
    return envelope(payload, (signer, keyid), **more)


def states(extraction):
    return [row["signature"] for row in rows(extraction, "attestations")]


def test_a_signed_statement_is_read_from_the_bytes_that_were_verified():
    extraction = extract(as_bytes(signed()), FORMAT, TRUSTED)
    [commit] = [claim for claim in rows(extraction, "claims") if claim["field"] == "candidate.commit"]
    inner = "json-pointer:/predicate/buildDefinition/resolvedDependencies/0/digest/gitCommit"
    assert commit["locator"] == f"json-pointer:/payload;base64;{inner}"
    [row] = rows(extraction, "attestations")
    assert (row["signature"], row["signature_key"]) == ("verified", "release-key")
    assert row["locator"] == "json-pointer:/payload;base64;json-pointer:/subject/0"
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_the_state_is_claimed_at_the_signature_that_decided_it():
    data = envelope(STATEMENT, (OTHER, ""), (SIGNER, "release-key"))
    [claim] = [claim for claim in rows(extract(as_bytes(data), FORMAT, TRUSTED), "claims") if claim["field"] == "signature.state"]
    assert (claim["value"], claim["confidence"]) == ("verified", "derived")
    assert claim["locator"] == "json-pointer:/signatures/1/sig"
    assert claim["source_value"] == data["signatures"][1]["sig"]
    assert "release-key" in claim["loss"]


def test_a_changed_payload_has_failed():
    data = signed()
    data["payload"] = base64.b64encode(STATEMENT.replace(b"rc.3", b"rc.4")).decode()
    extraction = extract(as_bytes(data), FORMAT, TRUSTED)
    assert states(extraction) == claims(extraction, "signature.state") == ["failed"]


def test_a_changed_payload_type_has_failed():
    data = signed() | {"payloadType": "https://in-toto.io/Statement/v1"}
    assert states(extract(as_bytes(data), FORMAT, TRUSTED)) == ["failed"]


def test_a_signature_of_an_unknown_key_is_unverifiable():
    assert states(extract(as_bytes(signed(signer=OTHER, keyid="stranger")), FORMAT, TRUSTED)) == ["unverifiable"]


def test_without_keys_nothing_is_attempted():
    extraction = extract(as_bytes(signed()), FORMAT)
    assert states(extraction) == claims(extraction, "signature.state") == ["not_attempted"]


def test_a_signature_without_keyid_is_tried_with_every_key():
    assert states(extract(as_bytes(signed(keyid=None)), FORMAT, TRUSTED)) == ["verified"]


@pytest.mark.parametrize("payload", [b"not json", b'{"a":1,"a":2}', b"", b"\xff\xfe\xfd"])
def test_a_payload_that_cannot_be_read_is_never_verified_however_well_it_is_signed(payload):
    extraction = extract(as_bytes(signed(payload)), FORMAT, TRUSTED)
    assert claims(extraction, "signature.state") == []
    assert rows(extraction, "attestations") == []
    assert ("SCHEMA_DRIFT", "json-pointer:/payload") in problems(extraction)


@pytest.mark.parametrize("payload", [b"[]", b'"text"', b'{"_type":"link"}', b'{"_type":"https://in-toto.io/StatementA/v1"}'])
def test_a_signed_payload_that_is_no_statement_is_told_and_has_no_state(payload):
    extraction = extract(as_bytes(signed(payload)), FORMAT, TRUSTED)
    assert claims(extraction, "signature.state") == []
    assert [code for code, _ in problems(extraction)] == ["SCHEMA_DRIFT"]


def test_a_foreign_payload_type_is_told():
    extraction = extract(as_bytes(signed(payload_type="application/vnd.othertype+json")), FORMAT, TRUSTED)
    assert states(extraction) == ["verified"]
    assert problems(extraction) == [("SCHEMA_DRIFT", "json-pointer:/payloadType")]


def test_an_envelope_without_signatures_is_not_verified():
    extraction = extract(as_bytes(signed() | {"signatures": []}), FORMAT, TRUSTED)
    assert states(extraction) == ["unverifiable"]
    assert problems(extraction) == []


@pytest.mark.parametrize("broken", [None, "text", {"keyid": "release-key"}, 7])
def test_a_broken_signature_is_told_and_never_verified(broken):
    extraction = extract(as_bytes(signed() | {"signatures": [broken]}), FORMAT, TRUSTED)
    assert states(extraction)[0] != "verified"
    assert problems(extraction) == [("SCHEMA_DRIFT", "json-pointer:/signatures/0/sig")]


def test_json_lines_and_arrays_hold_several_envelopes_each_with_its_own_state():
    pair = [signed(), signed(signer=OTHER)]
    for data, first in ((b"\n".join(map(as_bytes, pair)), "line=0,1;json-pointer:"), (as_bytes(pair), "json-pointer:/0")):
        extraction = extract(data, FORMAT, TRUSTED)
        assert states(extraction) == ["verified", "failed"]
        found = [claim for claim in rows(extraction, "claims") if claim["field"] == "signature.state"]
        assert [(claim["subject"], claim["value"]) for claim in found] == [("envelope 1", "verified"), ("envelope 2", "failed")]
        assert found[0]["locator"] == f"{first}/signatures/0/sig"
        assert not_understood(extraction) == []


def test_an_embedded_certificate_names_the_builder_and_verifies_nothing_by_itself():
    signer = fulcio.identity()
    data = fulcio.envelope(STATEMENT, signer.sign, "")
    data["signatures"][0]["cert"] = signer.pem
    extraction = extract(as_bytes(data), FORMAT, TRUSTED)
    assert states(extraction) == ["unverifiable"]
    assert claims(extraction, "candidate.commit") == [fulcio.COMMIT] * 2
    assert "json-pointer:/signatures/0/cert" in {claim["locator"] for claim in rows(extraction, "claims")}
    data["signatures"][0]["cert"] = fulcio.identity().pem
    extraction = extract(as_bytes(data), FORMAT, TRUSTED)
    assert states(extraction) == ["failed"]
    assert claims(extraction, "candidate.commit") == [fulcio.COMMIT]


def test_an_embedded_certificate_that_cannot_be_read_is_told():
    data = signed(signer=OTHER, keyid="")
    data["signatures"][0]["cert"] = "-----BEGIN CERTIFICATE-----"
    extraction = extract(as_bytes(data), FORMAT, TRUSTED)
    assert states(extraction) == ["unverifiable"]
    assert problems(extraction) == [("SCHEMA_DRIFT", "json-pointer:/signatures/0/cert")]


def test_certificates_of_other_signers_are_left_out_by_rule():
    data = signed(signer=OTHER, keyid="")
    data["signatures"][0]["certificate"] = "LS0tLS1CRUdJTg=="
    [loss] = [loss for loss in rows(extract(as_bytes(data), FORMAT), "losses") if loss["path"] == "/signatures/*/certificate"]
    assert (loss["dropped"], loss["rule"]) == (1, "signing-certificate")


def test_an_unknown_member_is_not_understood():
    assert not_understood(extract(as_bytes(signed() | {"extra": 1}), FORMAT)) == ["/extra"]


def test_another_shape_is_not_an_envelope():
    for key in ("payload", "payloadType", "signatures"):
        data = signed()
        del data[key]
        assert recognised(as_bytes(data)) == []
    assert recognised(b"[]") == []


def test_drift_of_the_envelope_and_of_its_payload_is_told():
    drift.assert_drift_is_told(as_bytes(signed()), ["/payload", "/payloadType", "/signatures", "/signatures/*/sig"])
    renamed = copy.deepcopy(json.parse(STATEMENT))
    renamed["subjects"] = renamed.pop("subject")
    extraction = extract(as_bytes(signed(drift.as_json(renamed))), FORMAT, TRUSTED)
    assert claims(extraction, "artifact.digest") == []
    assert ("SCHEMA_DRIFT", "json-pointer:/payload;base64;json-pointer:/subject") in problems(extraction)


def test_the_corpus_is_read_and_nothing_in_it_is_verified_by_a_key_of_ours():
    for path, data in corpus.documents("provenance/dsse-envelope"):
        if "malformed" in path or "derived/fence" in path:
            continue
        assert recognised(data) == [FORMAT], path
        if len(data) < 200_000:
            assert {*states(extract(data, FORMAT, TRUSTED))} <= {"unverifiable"}, path
    assert corpus.read_all("provenance/dsse-envelope/malformed")


@pytest.mark.parametrize(("version", "known"), [("v0.1", True), ("v1", True), ("v1.0", True), ("v2", False), ("v1.9", False)])
def test_a_statement_of_a_version_that_nobody_reads_yet_is_told(version, known):
    payload = STATEMENT.replace(b"https://in-toto.io/Statement/v1", f"https://in-toto.io/Statement/{version}".encode())
    told = [("SCHEMA_DRIFT", "json-pointer:/payload;base64;json-pointer:/_type")]
    assert problems(extract(as_bytes(signed(payload)), FORMAT, TRUSTED)) == ([] if known else told)
