import base64
import csv
import hashlib
import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, x25519
from hypothesis import given, settings
from hypothesis import strategies as st

from release_staging.evidence.extract import TrustedKey
from release_staging.evidence.provenance_attestations import signatures
from release_staging.evidence.provenance_attestations.dsse import pae, verify
from release_staging.evidence.provenance_attestations.signatures import Signature
from release_staging.evidence.tree import unbase64
from release_staging.parsing import json, json_lines
from release_staging.parsing.limits import Unreadable
from tests.evidence import corpus
from tests.evidence.provenance_attestations.signing import SIGNERS, TYPE, Signer, ecdsa_signer, ed25519_signer

PAYLOAD = b'{"a": 1}'
ALICE, MALLORY = ed25519_signer(), ed25519_signer()
TRUSTED = (ALICE.trusted(),)


def signature(signer: Signer, keyid: str | None = None, payload: bytes = PAYLOAD, payload_type: str = TYPE) -> Signature:
    return Signature(keyid, base64.b64encode(signer.sign(pae(payload_type, payload))).decode())


def state(*signatures: Signature, keys=TRUSTED, payload: bytes = PAYLOAD, payload_type: str = TYPE) -> str:
    return verify(payload_type, payload, signatures, keys).state


def test_the_encoding_is_that_of_the_specification():
    assert pae("http://example.com/HelloWorld", b"hello world") == b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"


def test_the_specifications_own_example_verifies():
    numbers = ec.EllipticCurvePublicNumbers(
        46950820868899156662930047687818585632848591499744589407958293238635476079160,
        5640078356564379163099075877009565129882514886557779369047442380624545832820,
        ec.SECP256R1(),
    )
    pem = numbers.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
    sig = "A3JqsQGtVsJ2O2xqrI5IcnXip5GToJ3F+FnZ+O88SjtR6rDAajabZKciJTfUiHqJPcIAriEGAHTVeCUjW2JIZA=="
    found = verify("http://example.com/HelloWorld", b"hello world", [Signature(None, sig)], [TrustedKey("spec", pem)])
    assert (found.state, found.key) == ("verified", "spec")


@pytest.mark.parametrize("algorithm", SIGNERS)
def test_a_signature_of_a_trusted_key_verifies_and_the_key_and_algorithm_are_told(algorithm):
    signer = SIGNERS[algorithm]()
    found = verify(TYPE, PAYLOAD, [signature(signer, "release-key")], [MALLORY.trusted("other"), signer.trusted()])
    assert (found.state, found.key, found.index) == ("verified", "release-key", 0)
    assert algorithm in found.reason


@pytest.mark.parametrize("algorithm", SIGNERS)
def test_no_algorithm_verifies_other_bytes_or_another_type(algorithm):
    signer = SIGNERS[algorithm]()
    signed = signature(signer, "release-key")
    assert state(signed, keys=[signer.trusted()], payload=PAYLOAD + b" ") == "failed"
    assert state(signed, keys=[signer.trusted()], payload_type="text/plain") == "failed"


def test_without_trusted_keys_nothing_is_attempted():
    assert state(signature(ALICE), keys=()) == "not_attempted"


@pytest.mark.parametrize("keyid", [None, "", "unknown-hint"])
def test_without_a_keyid_that_names_a_trusted_key_every_trusted_key_is_tried(keyid):
    assert state(signature(ALICE, keyid), keys=[MALLORY.trusted("m"), ALICE.trusted("a")]) == "verified"
    assert state(signature(MALLORY, keyid)) == "unverifiable"


def test_a_signature_that_names_a_trusted_key_and_is_by_another_has_failed():
    assert state(signature(MALLORY, "release-key")) == "failed"


def test_a_keyid_is_a_hint_that_never_makes_another_trusted_key_pass_for_the_named_one():
    assert state(signature(ALICE, "bob"), keys=[ALICE.trusted("alice"), MALLORY.trusted("bob")]) == "failed"


def test_a_key_is_known_by_its_digests_too():
    pem = ALICE.pem.encode()
    der = serialization.load_pem_public_key(pem).public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    digest = hashlib.sha256(der)
    for keyid in (digest.hexdigest(), hashlib.sha256(pem).hexdigest(), "SHA256:" + base64.b64encode(digest.digest()).decode().rstrip("=")):
        assert state(signature(MALLORY, keyid)) == "failed"


def test_a_failed_signature_outweighs_a_verified_one():
    found = verify(TYPE, PAYLOAD, [signature(ALICE, "a"), signature(ALICE, "m")], [ALICE.trusted("a"), MALLORY.trusted("m")])
    assert (found.state, found.index, found.key) == ("failed", 1, "m")


def test_a_verified_signature_outweighs_one_that_cannot_be_checked():
    found = verify(TYPE, PAYLOAD, [signature(MALLORY, "?"), signature(ALICE, "?")], [ALICE.trusted()])
    assert (found.state, found.index) == ("verified", 1)


@pytest.mark.parametrize("sig", [None, "", "!!!", "AAAA", "A", "é" * 4])
def test_a_signature_that_is_none_is_never_verified(sig):
    assert state(Signature(None, sig)) == "unverifiable"
    assert state(Signature("release-key", sig)) == "failed"
    assert state(Signature(None, sig), keys=[ecdsa_signer().trusted()]) == "unverifiable"


def test_no_signature_cannot_be_verified():
    assert state() == "unverifiable"


def test_a_flood_of_signatures_is_not_tried():
    assert state(*[signature(ALICE)] * (signatures.MOST_SIGNATURES + 1)) == "unverifiable"
    assert state(*[signature(ALICE)] * signatures.MOST_SIGNATURES) == "verified"


def test_a_key_that_cannot_be_used_verifies_nothing_and_is_told():
    exchange = x25519.X25519PrivateKey.generate().public_key()
    pem = exchange.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
    for bad in (TrustedKey("release-key", "not a key"), TrustedKey("release-key", pem)):
        found = verify(TYPE, PAYLOAD, [signature(ALICE, "release-key")], [bad])
        assert found.state == "unverifiable"
        assert "release-key" in found.reason


@pytest.mark.parametrize("encode", [base64.urlsafe_b64encode, lambda raw: base64.b64encode(raw).rstrip(b"=")])
def test_either_alphabet_and_missing_padding_are_read(encode):
    raw = ALICE.sign(pae(TYPE, PAYLOAD))
    assert state(Signature(None, encode(raw).decode())) == "verified"


@settings(max_examples=60, deadline=None)
@given(position=st.integers(0, 63), bit=st.integers(0, 7))
def test_no_changed_bit_of_a_signature_verifies(position, bit):
    raw = bytearray(ALICE.sign(pae(TYPE, PAYLOAD)))
    raw[position] ^= 1 << bit
    assert state(Signature("release-key", base64.b64encode(raw).decode())) == "failed"


@settings(max_examples=60, deadline=None)
@given(payload=st.binary(max_size=64), other=st.binary(max_size=64))
def test_a_signature_verifies_its_own_payload_and_no_other(payload, other):
    signed = signature(ALICE, "release-key", payload)
    assert state(signed, payload=other) == ("verified" if payload == other else "failed")


def _envelopes(data: bytes):
    try:
        values = [json.parse(data)]
    except Unreadable:
        values = [value for _, _, value in json_lines.parse(data)]
    return [value for value in values if "payload" in value]


def _corpus_cases(kind: str):
    root = os.environ.get(corpus.VARIABLE)
    if not root:
        pytest.skip(f"{corpus.VARIABLE} is not set")
    with (Path(root) / "SIGNATURES.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if row["kind"] == "dsse" and row["signature"] == "VALID" and kind in row["how"]:
                yield Path(root), Path(root) / row["path"], row["how"]


def test_what_the_corpus_says_is_signed_by_a_key_is_verified_by_that_key_alone():
    checked = 0
    for root, path, how in _corpus_cases("key="):
        key = root / "provenance" / how.rpartition("key=")[2]
        if not key.is_file():
            continue
        trusted = [TrustedKey("theirs", key.read_text(encoding="ascii"))]
        for value in _envelopes(path.read_bytes()):
            signatures = [Signature(item.get("keyid"), item.get("sig")) for item in value["signatures"]]
            payload = unbase64(value["payload"])
            assert verify(value["payloadType"], payload, signatures, trusted).state == "verified", path
            assert verify(value["payloadType"], payload + b" ", signatures, trusted).state != "verified", path
            assert verify(value["payloadType"], payload, signatures, [ALICE.trusted()]).state == "unverifiable", path
            checked += 1
    assert checked >= 5


def test_what_only_a_certificate_verifies_is_unverifiable_by_keys():
    for _, path, _ in _corpus_cases("embedded cert"):
        if "malformed" not in path.parts:
            for value in _envelopes(path.read_bytes()):
                signatures = [Signature(item.get("keyid"), item.get("sig")) for item in value["signatures"]]
                assert verify(value["payloadType"], unbase64(value["payload"]), signatures, [ALICE.trusted()]).state == "unverifiable"
