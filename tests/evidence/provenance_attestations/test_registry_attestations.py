"""Answers of registries that hold bundles: npm and GitHub."""

import copy

import orjson
import pytest

from release_staging.evidence.extract import Options, TrustedKey
from tests.evidence import corpus, drift
from tests.evidence.provenance_attestations.fulcio import COMMIT, bundle, envelope, identity
from tests.evidence.provenance_attestations.signing import as_bytes, ecdsa_signer
from tests.evidence.provenance_attestations.test_sigstore_bundle import STATEMENT
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

NPM, GITHUB = "npm-attestations", "github-attestations/rest"
PROVENANCE, PUBLISH = "https://slsa.dev/provenance/v1", "https://github.com/npm/attestation/tree/main/specs/publish/v0.1"
SIGNER, REGISTRY = identity(), ecdsa_signer()
PUBLICATION = orjson.dumps(
    {
        "_type": "https://in-toto.io/Statement/v0.1",
        "subject": [{"name": "pkg:npm/%40acme-pay/billing@4.12.0-rc.3", "digest": {"sha512": "5f" * 64}}],
        "predicateType": PUBLISH,
        "predicate": {"name": "@acme-pay/billing", "version": "4.12.0-rc.3", "registry": "https://registry.example"},
    }
)


def by_registry(payload: bytes = PUBLICATION) -> dict:
    sealed = envelope(payload, REGISTRY.sign, "SHA256:registry")
    made = bundle(payload, SIGNER, "0.1") | {"dsseEnvelope": sealed}
    made["verificationMaterial"] = {"publicKey": {"hint": "SHA256:registry"}, "tlogEntries": []}
    return made


def npm() -> dict:
    provenance = {"predicateType": PROVENANCE, "bundle": bundle(STATEMENT, SIGNER, "0.1")}
    return {"attestations": [provenance, {"predicateType": PUBLISH, "bundle": by_registry()}]}


def github() -> dict:
    address = "https://blob.example/attestations/1.json.sn?se=2026&sig=secret"
    return {"attestations": [{"bundle": bundle(STATEMENT, SIGNER), "repository_id": 643210, "bundle_url": address, "initiator": "user"}]}


def states(extraction):
    return [(claim["subject"], claim["value"]) for claim in rows(extraction, "claims") if claim["field"] == "signature.state"]


def test_npm_answers_with_provenance_by_the_run_and_publication_by_the_registry():
    extraction = extract(as_bytes(npm()), NPM, Options((REGISTRY.trusted("SHA256:registry"),)))
    assert states(extraction) == [("attestation 1", "unverifiable"), ("attestation 2", "verified")]
    [version] = [claim for claim in rows(extraction, "claims") if claim["field"] == "candidate.version"]
    assert (version["value"], version["subject"]) == ("4.12.0-rc.3", "@acme-pay/billing")
    assert version["locator"] == "json-pointer:/attestations/1/bundle/dsseEnvelope/payload;base64;json-pointer:/predicate/version"
    assert {*claims(extraction, "candidate.commit")} == {COMMIT}
    assert [row["predicate_type"] for row in rows(extraction, "attestations")] == [PROVENANCE, PUBLISH]
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_a_bundle_with_another_statement_than_the_registry_lists_is_a_contradiction():
    value = npm()
    value["attestations"][1]["predicateType"] = PROVENANCE
    place = "json-pointer:/attestations/1/bundle/dsseEnvelope/payload;base64;json-pointer:/predicateType"
    assert problems(extract(as_bytes(value), NPM)) == [("CONTRADICTION", place)]


def test_github_answers_with_bundles():
    extraction = extract(as_bytes(github()), GITHUB)
    assert states(extraction) == [("attestation 1", "unverifiable")]
    assert {*claims(extraction, "candidate.commit")} == {COMMIT}
    assert "sig=secret" not in str([table.to_pylist() for table in extraction.tables.values()])
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_what_gh_says_it_verified_is_no_signature_state():
    result = {"statement": orjson.loads(STATEMENT), "verifiedTimestamps": [{"type": "Tlog"}], "signature": {"certificate": {}}}
    entry = github()["attestations"][0]
    del entry["repository_id"]
    extraction = extract(as_bytes([{"attestation": entry, "verificationResult": result}]), "github-attestations/gh-verify")
    assert states(extraction) == [("attestation 1", "unverifiable")]
    assert not_understood(extraction) == []
    assert {loss["rule"] for loss in rows(extraction, "losses") if "verificationResult" in loss["path"]} == {"verified-by-others"}


@pytest.mark.parametrize("made", [npm, github])
def test_an_unknown_member_is_not_understood(made):
    value = made()
    value["attestations"][0]["surprise"] = 1
    known = NPM if made is npm else GITHUB
    assert not_understood(extract(as_bytes(value), known)) == ["/attestations/*/surprise"]


@pytest.mark.parametrize(
    "value", [{"attestations": []}, {"attestations": [{"bundle": {}}]}, {"attestations": [1]}, {"attestations": {}}, []]
)
def test_another_shape_is_neither(value):
    assert recognised(as_bytes(value)) == []


@pytest.mark.parametrize("made", [npm, github])
def test_drift_is_told(made):
    sealed = "/attestations/*/bundle/dsseEnvelope"
    required = ["/attestations", "/attestations/*/bundle", sealed, f"{sealed}/payload", f"{sealed}/signatures/*/sig"]
    drift.assert_drift_is_told(as_bytes(made()), required, joined={"signature", "signature_reason", "signature.state"})


def test_a_changed_statement_in_an_answer_has_failed():
    value = copy.deepcopy(github())
    value["attestations"][0]["bundle"]["dsseEnvelope"] = envelope(STATEMENT, identity().sign)
    assert states(extract(as_bytes(value), GITHUB)) == [("attestation 1", "failed")]


def test_the_corpus_is_read():
    for path, known in corpus.read_all("provenance/npm-attestations").items():
        assert [match.format for match in known] == [NPM], path
        told = [problem["message"] for problem in rows(known[0], "problems") if problem["code"] == "CONTRADICTION"]
        assert any("registry lists" in message for message in told) == ("predicatetype" in path), path
        if "invalidsig" in path:
            assert any("transparency log entry" in message for message in told), path
        if "invalidsigprov" in path or "prov-invalid-signature" in path:
            assert "failed" in claims(known[0], "signature.state"), path
    for path, known in corpus.read_all("provenance/github-attestation-api").items():
        assert [match.format for match in known] == [GITHUB], path
        assert problems(known[0]) == []


def test_the_registrys_own_key_verifies_the_publications_of_the_corpus():
    [pem] = [
        data for path, data in corpus.documents("provenance/verification-keys/sigstore__sigstore-go") if path.endswith("publish_key.pub")
    ]
    trusted = Options((TrustedKey("SHA256:jl3bwswu80PjjokCgh0o2w5c2U4LhQAE57gj9cz1kzA", pem.decode()),))
    found = {path: claims(extract(data, NPM, trusted), "signature.state") for path, data in corpus.documents("provenance/npm-attestations")}
    assert sum("verified" in states for states in found.values()) >= 10
    assert all("failed" in states for path, states in found.items() if "invalidsigpub" in path)
