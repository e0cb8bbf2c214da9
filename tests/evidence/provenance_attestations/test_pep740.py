"""Attestation and provenance objects of a Python package index."""

import orjson
import pytest

from tests.evidence import corpus, drift
from tests.evidence.provenance_attestations.fulcio import COMMIT, REPOSITORY, RUN, envelope, identity, log_entry, text64
from tests.evidence.provenance_attestations.signing import as_bytes
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

ATTESTATION, PROVENANCE = "pep740-attestation@1", "pep740-provenance@1"
SIGNER = identity()
STATEMENT = orjson.dumps(
    {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "billing_api-4.12.0rc3-py3-none-any.whl", "digest": {"sha256": "5f" * 32}}],
        "predicateType": "https://docs.example.org/attestations/publish/v1",
        "predicate": None,
    }
)


def attestation(signer=SIGNER) -> dict:
    sealed = envelope(STATEMENT, signer.sign)
    return {
        "version": 1,
        "verification_material": {"certificate": text64(SIGNER.der), "transparency_entries": [log_entry()]},
        "envelope": {"statement": sealed["payload"], "signature": sealed["signatures"][0]["sig"]},
    }


def provenance() -> dict:
    publisher = {"kind": "GitHub", "repository": "acme-pay/billing-api", "workflow": "release.yml", "environment": None}
    return {"version": 1, "attestation_bundles": [{"publisher": publisher, "attestations": [attestation()]}]}


@pytest.mark.parametrize(
    ("value", "known", "at"), [(attestation(), ATTESTATION, ""), (provenance(), PROVENANCE, "/attestation_bundles/0/attestations/0")]
)
def test_who_published_stands_in_the_certificate(value, known, at):
    extraction = extract(as_bytes(value), known)
    assert claims(extraction, "repository.url") == [REPOSITORY]
    assert claims(extraction, "build.url") == [RUN]
    [commit] = [claim for claim in rows(extraction, "claims") if claim["field"] == "candidate.commit"]
    assert (commit["value"], commit["locator"]) == (COMMIT, f"json-pointer:{at}/verification_material/certificate")
    assert claims(extraction, "produced_at") == ["2026-11-20T08:31:04Z"]
    [row] = rows(extraction, "attestations")
    assert (row["subject_name"], row["subject_digest"]) == ("billing_api-4.12.0rc3-py3-none-any.whl", "sha256:" + "5f" * 32)
    assert row["signature"] == "unverifiable"
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_a_signature_by_another_key_has_failed_and_nobody_published():
    extraction = extract(as_bytes(attestation(identity())), ATTESTATION)
    assert claims(extraction, "signature.state") == ["failed"]
    assert claims(extraction, "repository.url") == []


def test_another_version_is_read_and_told():
    assert ("SCHEMA_DRIFT", "json-pointer:/version") in problems(extract(as_bytes(attestation() | {"version": 2}), "pep740-attestation@2"))


def test_unknown_members_are_not_understood():
    assert not_understood(extract(as_bytes(attestation() | {"surprise": 1}), ATTESTATION)) == ["/surprise"]
    assert not_understood(extract(as_bytes(provenance() | {"surprise": 1}), PROVENANCE)) == ["/surprise"]


def test_another_shape_is_neither():
    for key in attestation():
        assert recognised(as_bytes({name: value for name, value in attestation().items() if name != key})) == []
    assert recognised(as_bytes(provenance() | {"attestation_bundles": {}})) == []


def test_drift_is_told():
    required = ["/envelope/statement", "/envelope/signature", "/verification_material", "/verification_material/certificate"]
    joined = {"signature", "signature_reason", "signature.state"}
    drift.assert_drift_is_told(as_bytes(attestation()), required, joined=joined)
    drift.assert_drift_is_told(as_bytes(provenance()), ["/attestation_bundles", "/attestation_bundles/*/attestations"], joined=joined)


def test_the_corpus_is_read():
    for folder, known_as in (("provenance/pep740-attestation", ATTESTATION), ("provenance/pep740-provenance", PROVENANCE)):
        for path, known in corpus.read_all(folder).items():
            assert [match.format for match in known] == [known_as], path
            assert claims(known[0], "signature.state") == ["unverifiable"], path
            assert problems(known[0]) == [], path
