"""What ``cosign download signature`` prints: payload and signature together."""

import hashlib

import pytest

from release_staging.config.trust import AcceptedIdentity, TrustRoot
from release_staging.evidence.extract import Options
from tests.evidence import drift
from tests.evidence.provenance_attestations.fulcio import COMMIT, ISSUER, LOGGED, WORKFLOW, identity, text64
from tests.evidence.provenance_attestations.signing import SIGNERS, as_bytes, ed25519_signer
from tests.evidence.provenance_attestations.sigstore_instance import Instance
from tests.evidence.provenance_attestations.test_cosign_simple_signing import DIGEST, PAYLOAD, REFERENCE
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

FORMAT = "cosign-signatures"
DATA = as_bytes(PAYLOAD)
KEY, SIGNER = ed25519_signer(), identity()


def printed(data: bytes, signature: bytes, certificate: bytes | None = None) -> dict:
    whole = {
        "Base64Signature": text64(signature),
        "Payload": text64(data),
        "Cert": None,
        "Chain": None,
        "Bundle": None,
        "RFC3161Timestamp": None,
    }
    if certificate is None:
        return whole
    spec = {
        "data": {"hash": {"algorithm": "sha256", "value": hashlib.sha256(data).hexdigest()}},
        "signature": {"content": text64(signature)},
    }
    body = text64(as_bytes({"apiVersion": "0.0.1", "kind": "hashedrekord", "spec": spec}))
    logged = {"body": body, "integratedTime": int(LOGGED), "logIndex": 7, "logID": "c0d23d6a"}
    return whole | {
        "Cert": {"Raw": text64(certificate), "Version": 3, "Subject": {"Names": None}, "DNSNames": None},
        "Chain": [{"Raw": text64(certificate)}],
        "Bundle": {"SignedEntryTimestamp": "MEUCIQDxlog=", "Payload": logged},
    }


@pytest.mark.parametrize("algorithm", SIGNERS)
def test_a_payload_is_verified_by_a_key_that_policy_trusts(algorithm):
    signer = SIGNERS[algorithm]()
    extraction = extract(as_bytes(printed(DATA, signer.sign(DATA))), FORMAT, Options((signer.trusted(),)))
    [row] = rows(extraction, "attestations")
    assert (row["signature"], row["signature_key"], row["subject_name"], row["subject_digest"]) == (
        "verified",
        "release-key",
        REFERENCE,
        DIGEST,
    )
    [digest] = [claim for claim in rows(extraction, "claims") if claim["field"] == "artifact.digest"]
    assert digest["locator"] == "json-pointer:/Payload;base64;json-pointer:/critical/image/docker-manifest-digest"
    assert claims(extraction, "signature.state") == ["verified"]
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_another_payload_or_key_is_not_verified():
    other = DATA.replace(b"5f5f", b"5e5e")
    for data, signature in ((other, KEY.sign(DATA)), (DATA, ed25519_signer().sign(DATA)), (DATA, b"")):
        extraction = extract(as_bytes(printed(data, signature)), FORMAT, Options((KEY.trusted(),)))
        assert "verified" not in claims(extraction, "signature.state")
        assert [row["signature"] for row in rows(extraction, "attestations")] == ["unverifiable"]


def test_without_keys_nothing_is_attempted():
    assert claims(extract(as_bytes(printed(DATA, KEY.sign(DATA))), FORMAT), "signature.state") == ["not_attempted"]


def test_what_only_the_certificate_verifies_stays_unverifiable_under_a_trust_root_too():
    """The log entry has no inclusion proof: the time of the signature is not proven."""
    acme = Instance()
    signer = acme.issue()
    trusted = TrustRoot(id="acme", content=acme.trusted_root(), identities=(AcceptedIdentity(exact=WORKFLOW, issuer=ISSUER),))
    for options in (Options(), Options(trust_roots=(trusted,))):
        extraction = extract(as_bytes(printed(DATA, signer.sign(DATA), signer.der)), FORMAT, options)
        assert claims(extraction, "signature.state") == ["unverifiable"]
        assert claims(extraction, "candidate.commit") == [COMMIT]
        assert claims(extraction, "produced_at") == ["2026-11-20T08:31:04Z"]
        assert problems(extraction) == []
        assert not_understood(extraction) == []
        changed = extract(as_bytes(printed(DATA.replace(b"5f5f", b"5e5e"), signer.sign(DATA), signer.der)), FORMAT, options)
        assert claims(changed, "signature.state") == ["failed"]


def test_a_log_entry_of_another_payload_is_told():
    signature = SIGNER.sign(DATA)
    value = printed(DATA, signature, SIGNER.der)
    value["Bundle"] = printed(b"{}", signature, SIGNER.der)["Bundle"]
    assert [code for code, _ in problems(extract(as_bytes(value), FORMAT))] == ["CONTRADICTION"]


def test_several_are_a_line_each():
    lines = b"\n".join(as_bytes(printed(DATA, key.sign(DATA))) for key in (KEY, ed25519_signer()))
    extraction = extract(lines, FORMAT, Options((KEY.trusted(),)))
    found = [(claim["subject"], claim["value"]) for claim in rows(extraction, "claims") if claim["field"] == "signature.state"]
    assert found == [("signature 1", "verified"), ("signature 2", "unverifiable")]


@pytest.mark.parametrize("payload", ["", "!", text64(b"no JSON"), None, 7])
def test_a_payload_that_cannot_be_read_has_no_state(payload):
    extraction = extract(as_bytes(printed(DATA, KEY.sign(DATA)) | {"Payload": payload}), FORMAT, Options((KEY.trusted(),)))
    assert claims(extraction, "signature.state") == []
    assert "SCHEMA_DRIFT" in [code for code, _ in problems(extraction)]


def test_another_shape_is_none():
    assert recognised(as_bytes({"base64Signature": "AAAA", "cert": "AAAA", "rekorBundle": {}})) == []


def test_drift_is_told():
    required = ["/Base64Signature", "/Payload", "/Cert/Raw"]
    drift.assert_drift_is_told(
        as_bytes(printed(DATA, SIGNER.sign(DATA), SIGNER.der)), required, joined={"signature", "signature_reason", "signature.state"}
    )
