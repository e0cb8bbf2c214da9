import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from hypothesis import given
from hypothesis import strategies as st

from release_staging.evidence.provenance_attestations import certificate
from tests.evidence.provenance_attestations.fulcio import COMMIT, NEW, OLD, REPOSITORY, RUN, WORKFLOW, bundle, identity, message_bundle
from tests.evidence.provenance_attestations.signing import as_bytes
from tests.evidence.support import claims, extract, problems, rows

DIGEST = bytes(range(32))


def read(signer):
    return extract(as_bytes(message_bundle(DIGEST, signer)), "sigstore-bundle@0.3")


def test_what_fulcio_writes_of_a_ci_run_is_claimed_from_the_certificate():
    signer = identity()
    extraction = read(signer)
    assert claims(extraction, "builder.id") == [WORKFLOW]
    assert claims(extraction, "repository.url") == [REPOSITORY]
    assert claims(extraction, "candidate.commit") == [COMMIT]
    assert claims(extraction, "candidate.tag") == ["v4.12.0-rc.3"]
    assert claims(extraction, "build.url") == [RUN]
    [commit] = [claim for claim in rows(extraction, "claims") if claim["field"] == "candidate.commit"]
    assert commit["locator"] == "json-pointer:/verificationMaterial/certificate/rawBytes"
    assert commit["confidence"] == "derived"
    assert "1.3.6.1.4.1.57264.1.13" in commit["loss"]


def test_certificates_from_before_the_common_extensions_name_repository_and_commit_too():
    extraction = read(identity(OLD))
    assert claims(extraction, "repository.url") == [REPOSITORY]
    assert claims(extraction, "candidate.commit") == [COMMIT]
    assert claims(extraction, "candidate.branch") == ["main"]


def test_a_bare_repository_name_of_another_issuer_is_no_address():
    assert claims(read(identity(OLD | {1: "https://gitlab.example"})), "repository.url") == []


def test_an_email_address_is_a_persons_and_is_never_copied():
    extraction = read(identity({8: "https://accounts.example"}, x509.RFC822Name("jane.doe@example.com")))
    assert claims(extraction, "builder.id") == []
    derived = [claim["value"] for claim in rows(extraction, "claims")]
    assert not any("jane.doe" in value for value in derived)


@pytest.mark.parametrize("text", ["main", "", "9f2c", "9F2C" * 10])
def test_a_source_digest_that_is_no_commit_is_not_claimed_as_one(text):
    assert claims(read(identity(NEW | {13: text})), "candidate.commit") == []


def test_an_extension_that_is_not_text_is_passed_over():
    signer = identity({number: text for number, text in NEW.items() if number != 13})
    number = x509.ObjectIdentifier("1.3.6.1.4.1.57264.1.13")
    builder = x509.CertificateBuilder(
        signer.certificate.issuer,
        signer.certificate.subject,
        signer.private.public_key(),
        9,
        signer.certificate.not_valid_before_utc,
        signer.certificate.not_valid_after_utc,
    ).add_extension(x509.UnrecognizedExtension(number, b"\x30\x03\x02\x01\x01"), critical=False)
    made = builder.sign(signer.private, signer.certificate.signature_hash_algorithm)
    found = certificate.parse(made.public_bytes(serialization.Encoding.PEM))
    assert found is not None
    assert (found.extensions, found.workload) == ({}, None)


@given(st.binary(max_size=80))
def test_bytes_that_are_no_certificate_are_none(data):
    assert certificate.parse(data) is None


@given(st.integers(0, 600), st.integers(0, 255))
def test_a_damaged_certificate_never_raises(position, value):
    data = bytearray(_DER)
    data[position % len(data)] = value
    certificate.parse(bytes(data))


_DER = identity().der


def test_a_certificate_that_cannot_be_read_is_told_and_verifies_nothing():
    data = bundle(
        b'{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"a","digest":{"sha256":"aa"}}],"predicateType":"x"}', identity()
    )
    data["verificationMaterial"]["certificate"]["rawBytes"] = "AAAA"
    extraction = extract(as_bytes(data), "sigstore-bundle@0.3")
    assert claims(extraction, "signature.state") == ["not_attempted"]
    assert problems(extraction) == [("SCHEMA_DRIFT", "json-pointer:/verificationMaterial/certificate/rawBytes")]
