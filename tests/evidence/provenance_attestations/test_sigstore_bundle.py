import base64
import csv
import hashlib
import os
from pathlib import Path

import orjson
import pytest

from release_staging.evidence.extract import Options
from release_staging.evidence.provenance_attestations.dsse import pae
from tests.evidence import corpus, drift
from tests.evidence.provenance_attestations.fulcio import COMMIT, LOGGED, RUN, bundle, envelope, identity, message_bundle, text64
from tests.evidence.provenance_attestations.signing import TYPE, as_bytes, ed25519_signer
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

STATEMENT = (Path(__file__).parent / "samples" / "slsa-v1.json").read_bytes()
DIGEST = bytes(range(32))
SIGNER, OTHER = identity(), identity()
REVIEW = orjson.dumps(
    {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "billing-api", "digest": {"sha256": "5f" * 32}}],
        "predicateType": "https://slsa.dev/verification_summary/v1",
        "predicate": {"verifier": {"id": "https://verifier.example"}, "resourceUri": "pkg:oci/billing-api", "verificationResult": "PASSED"},
    }
)


def states(extraction):
    return [row["signature"] for row in rows(extraction, "attestations")]


def claim_of(extraction, field):
    [claim] = [claim for claim in rows(extraction, "claims") if claim["field"] == field]
    return claim


@pytest.mark.parametrize(
    ("version", "at"),
    [("0.1", "x509CertificateChain/certificates/0"), ("0.2", "x509CertificateChain/certificates/0"), ("0.3", "certificate")],
)
def test_every_version_yields_the_statement_the_signer_and_the_time(version, at):
    extraction = extract(as_bytes(bundle(STATEMENT, SIGNER, version)), f"sigstore-bundle@{version}")
    commits = [claim for claim in rows(extraction, "claims") if claim["field"] == "candidate.commit"]
    inner = "json-pointer:/predicate/buildDefinition/resolvedDependencies/0/digest/gitCommit"
    assert [(claim["value"], claim["locator"]) for claim in commits] == [
        (COMMIT, f"json-pointer:/dsseEnvelope/payload;base64;{inner}"),
        (COMMIT, f"json-pointer:/verificationMaterial/{at}/rawBytes"),
    ]
    assert {*claims(extraction, "build.url")} == {RUN}
    logged = claim_of(extraction, "produced_at")
    assert (logged["value"], logged["source_value"]) == ("2026-11-20T08:31:04Z", LOGGED)
    assert "1970" in logged["loss"]
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_what_only_the_certificate_verifies_is_unverifiable_and_says_why():
    extraction = extract(as_bytes(bundle(STATEMENT, SIGNER)), "sigstore-bundle@0.3")
    state = claim_of(extraction, "signature.state")
    assert (state["value"], state["locator"]) == ("unverifiable", "json-pointer:/dsseEnvelope/signatures/0/sig")
    assert "no trust root" in state["loss"]
    assert states(extraction) == ["unverifiable"]


def test_a_signature_that_its_own_certificate_does_not_verify_has_failed_and_the_certificate_speaks_for_nothing():
    data = bundle(STATEMENT, SIGNER) | {"dsseEnvelope": envelope(STATEMENT, OTHER.sign)}
    extraction = extract(as_bytes(data), "sigstore-bundle@0.3")
    assert states(extraction) == claims(extraction, "signature.state") == ["failed"]
    assert len(claims(extraction, "candidate.commit")) == 1  # the Statement's alone


def test_a_changed_statement_has_failed():
    data = bundle(STATEMENT, SIGNER)
    data["dsseEnvelope"]["payload"] = text64(STATEMENT.replace(b"rc.3", b"rc.4"))
    assert states(extract(as_bytes(data), "sigstore-bundle@0.3")) == ["failed"]


def test_of_a_verification_by_others_the_signer_is_not_the_builder():
    extraction = extract(as_bytes(bundle(REVIEW, SIGNER)), "sigstore-bundle@0.3")
    assert claims(extraction, "verdict") == ["PASSED"]
    for field in ("candidate.commit", "repository.url", "builder.id", "build.url"):
        assert claims(extraction, field) == []


def test_a_key_that_policy_trusts_verifies_by_its_hint():
    key = ed25519_signer()
    data = bundle(STATEMENT, SIGNER) | {"dsseEnvelope": envelope(STATEMENT, key.sign)}
    data["verificationMaterial"] = {"publicKey": {"hint": "release-key"}, "tlogEntries": []}
    assert states(extract(as_bytes(data), "sigstore-bundle@0.3")) == ["not_attempted"]
    assert states(extract(as_bytes(data), "sigstore-bundle@0.3", Options((key.trusted("release-key"),)))) == ["verified"]
    assert states(extract(as_bytes(data), "sigstore-bundle@0.3", Options((ed25519_signer().trusted("release-key"),)))) == ["failed"]


def test_a_message_signature_names_a_digest_and_no_artifact():
    extraction = extract(as_bytes(message_bundle(DIGEST, SIGNER)), "sigstore-bundle@0.3")
    digest = claim_of(extraction, "artifact.digest")
    assert (digest["value"], digest["source_value"]) == (f"sha256:{DIGEST.hex()}", base64.b64encode(DIGEST).decode())
    [row] = rows(extraction, "attestations")
    assert (row["subject_digest"], row["subject_name"], row["signature"]) == (f"sha256:{DIGEST.hex()}", None, "unverifiable")
    assert claims(extraction, "candidate.commit") == [COMMIT]
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_a_message_signature_over_another_digest_has_failed():
    data = message_bundle(DIGEST, SIGNER)
    data["messageSignature"]["messageDigest"]["digest"] = text64(bytes(32))
    assert states(extract(as_bytes(data), "sigstore-bundle@0.3")) == ["failed"]


@pytest.mark.parametrize("change", [{"algorithm": "SHA3_256"}, {"digest": "AAAA"}, {"digest": "!"}])
def test_a_digest_that_cannot_be_one_is_told_and_not_claimed(change):
    data = message_bundle(DIGEST, SIGNER)
    data["messageSignature"]["messageDigest"].update(change)
    extraction = extract(as_bytes(data), "sigstore-bundle@0.3")
    assert claims(extraction, "artifact.digest") == []
    assert [code for code, _ in problems(extraction)] == ["SCHEMA_DRIFT"]


@pytest.mark.parametrize("time", ["0", None, "missing"])
def test_the_log_of_rekor_v2_has_no_time_and_none_is_made_up(time):
    data = bundle(STATEMENT, SIGNER)
    entry = data["verificationMaterial"]["tlogEntries"][0]
    entry.pop("integratedTime") if time == "missing" else entry.update(integratedTime=time)
    extraction = extract(as_bytes(data), "sigstore-bundle@0.3")
    assert claims(extraction, "produced_at") == []
    assert problems(extraction) == []


@pytest.mark.parametrize("time", ["9" * 400, "0" * 13 + "9" * 400, "999999999999", "-5", "yesterday", "²"])
def test_a_time_that_is_none_is_told(time):
    data = bundle(STATEMENT, SIGNER)
    data["verificationMaterial"]["tlogEntries"][0]["integratedTime"] = time
    extraction = extract(as_bytes(data), "sigstore-bundle@0.3")
    assert claims(extraction, "produced_at") == []
    assert problems(extraction) == [("SCHEMA_DRIFT", "json-pointer:/verificationMaterial/tlogEntries/0/integratedTime")]


def logged(payload: bytes, signature: str) -> dict[str, dict]:
    """What Rekor logs of an envelope, by kind and version."""
    hexadecimal, encoding = hashlib.sha256(payload).hexdigest(), hashlib.sha256(pae(TYPE, payload)).digest()
    payload_hash = {"algorithm": "sha256", "value": hexadecimal}
    envelope_sig = [{"sig": text64(signature.encode()), "publicKey": "LS0t"}]
    return {
        "dsse 0.0.1": {"payloadHash": payload_hash, "signatures": [{"signature": signature, "verifier": "LS0t"}]},
        "intoto 0.0.2": {"content": {"payloadHash": payload_hash, "envelope": {"signatures": envelope_sig}}},
        "hashedrekord 0.0.2": {
            "hashedRekordV002": {
                "data": {"algorithm": "SHA2_256", "digest": text64(encoding)},
                "signature": {"content": signature, "verifier": {}},
            }
        },
    }


@pytest.mark.parametrize("kind", logged(b"", ""))
def test_a_log_entry_of_another_payload_or_signature_is_told(kind):
    data = bundle(STATEMENT, SIGNER)
    [entry] = data["verificationMaterial"]["tlogEntries"]
    sig = data["dsseEnvelope"]["signatures"][0]["sig"]
    for payload, signature, expected in ((STATEMENT, sig, 0), (STATEMENT, "AAAA", 1), (b"{}", sig, 1), (b"{}", "AAAA", 2)):
        body = {"kind": kind.split()[0], "apiVersion": kind.split()[1], "spec": logged(payload, signature)[kind]}
        entry["canonicalizedBody"] = text64(as_bytes(body))
        extraction = extract(as_bytes(data), "sigstore-bundle@0.3")
        told = [("CONTRADICTION", "json-pointer:/verificationMaterial/tlogEntries/0/canonicalizedBody")] * expected
        assert problems(extraction) == told, (payload, signature)
        assert not_understood(extraction) == []


@pytest.mark.parametrize("body", ["e30=", text64(b"[]"), text64(b'{"spec": {"data": {"hash": []}, "signature": 7, "signatures": [7]}}')])
def test_a_log_entry_of_a_kind_that_is_not_known_compares_nothing(body):
    data = bundle(STATEMENT, SIGNER)
    data["verificationMaterial"]["tlogEntries"][0]["canonicalizedBody"] = body
    assert problems(extract(as_bytes(data), "sigstore-bundle@0.3")) == []


def test_json_lines_and_arrays_hold_several_bundles_each_with_its_own_state():
    pair = [bundle(STATEMENT, SIGNER), bundle(STATEMENT, SIGNER) | {"dsseEnvelope": envelope(STATEMENT, OTHER.sign)}]
    for data in (b"\n".join(map(as_bytes, pair)), as_bytes(pair)):
        extraction = extract(data, "sigstore-bundle@0.3")
        found = [(claim["subject"], claim["value"]) for claim in rows(extraction, "claims") if claim["field"] == "signature.state"]
        assert found == [("bundle 1", "unverifiable"), ("bundle 2", "failed")]
        assert not_understood(extraction) == []


def test_an_unknown_version_is_read_and_told():
    data = bundle(STATEMENT, SIGNER) | {"mediaType": "application/vnd.dev.sigstore.bundle+json;version=99.9"}
    assert ("SCHEMA_DRIFT", None) in problems(extract(as_bytes(data), "sigstore-bundle@99.9"))


@pytest.mark.parametrize("change", [{"mediaType": "application/json"}, {"mediaType": None}])
def test_another_shape_is_no_bundle(change):
    assert recognised(as_bytes(bundle(STATEMENT, SIGNER) | change)) == []


def test_unknown_members_are_not_understood_inside_the_payload_too():
    data = bundle(STATEMENT.replace(b'"runDetails"', b'"surprise": 1, "runDetails"'), SIGNER)
    data["verificationMaterial"]["more"] = 1
    assert not_understood(extract(as_bytes(data), "sigstore-bundle@0.3")) == [
        "/dsseEnvelope/payload/base64/predicate/surprise",
        "/verificationMaterial/more",
    ]


@pytest.mark.parametrize(
    ("data", "required"),
    [
        (bundle(STATEMENT, SIGNER), ["/dsseEnvelope", "/dsseEnvelope/payload", "/dsseEnvelope/signatures", "/verificationMaterial"]),
        (message_bundle(DIGEST, SIGNER), [f"/messageSignature/{key}" for key in ("signature", "messageDigest", "messageDigest/digest")]),
    ],
)
def test_drift_is_told(data, required):
    drift.assert_drift_is_told(as_bytes(data), required, joined={"signature", "signature_reason", "signature.state"})


def _expected():
    root = os.environ.get(corpus.VARIABLE)
    if not root:
        pytest.skip(f"{corpus.VARIABLE} is not set")
    with (Path(root) / "SIGNATURES.tsv").open(encoding="utf-8", newline="") as file:
        yield from ((row["path"], row["signature"]) for row in csv.DictReader(file, delimiter="\t") if "leaf cert" in row["how"])


def test_the_corpus_is_read_and_no_signature_of_a_certificate_alone_is_verified():
    expected = dict(_expected())
    checked = 0
    for path, known in corpus.read_all("provenance/sigstore-bundle", "provenance/sigstore-conformance-cases").items():
        if not path.endswith(("bundle.sigstore.json", ".sigstore")) and "sigstore-bundle/" not in path:
            continue
        if path.endswith(("onebad.jsonl", "bundle-malformed-json_fail/bundle.sigstore.json")):  # not JSON
            continue
        assert [match.format.partition("@")[0] for match in known] == ["sigstore-bundle"], path
        found = {*claims(known[0], "signature.state")}
        assert "verified" not in found, path
        if any(case in path for case in ("happy-path", "mismatch-sig_fail", "mismatch-envelope_fail", "wrong-hashedrekord-entry_fail")):
            told = [code for code, _ in problems(known[0])]
            assert ("CONTRADICTION" in told) == ("happy-path" not in path), path
        if path in expected:
            # A payload that is no Statement has no state.
            assert found <= ({"unverifiable"} if expected[path] == "VALID" else {"failed"}), (path, expected[path])
            checked += 1
    assert checked >= 40
