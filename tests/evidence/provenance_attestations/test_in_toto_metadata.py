"""in-toto link and layout metadata, from before there were Statements."""

import hashlib
from collections import Counter

import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import given
from hypothesis import strategies as st
from securesystemslib.formats import encode_canonical
from securesystemslib.signer import SSlibKey

from release_staging.evidence.extract import Options, TrustedKey
from release_staging.evidence.provenance_attestations import canonical
from release_staging.evidence.provenance_attestations.key_names import names
from release_staging.parsing import json
from tests.evidence import corpus, drift
from tests.evidence.provenance_attestations.signing import SIGNERS, Signer, as_bytes, ed25519_signer, envelope
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SIGNATURES = [{"keyid": "d3ffd108", "sig": "7d42ca77", "cert": ""}]
LINK = {
    "signed": {
        "_type": "link",
        "name": "package",
        "materials": {"src/app.py": {"sha256": "ee" * 32}},
        "products": {"dist/billing-api.tar.gz": {"sha256": "5f" * 32}},
        "byproducts": {"return-value": 0, "stderr": "password=hunter2", "stdout": ""},
        "command": ["tar", "zcvf"],
        "environment": {"TOKEN": "hunter2"},
    },
    "signatures": SIGNATURES,
}
STEP = {"_type": "step", "name": "package", "pubkeys": ["d3ffd108"], "expected_command": [], "threshold": 1}
MATERIALS = {"expected_materials": [["DISALLOW", "*"]], "expected_products": [["ALLOW", "a.tar.gz"]]}
LAYOUT = {
    "signed": {
        "_type": "layout",
        "steps": [STEP | MATERIALS],
        "inspect": [{"_type": "inspection", "name": "untar", "run": ["tar", "xfz"]} | MATERIALS],
        "keys": {"d3ffd108": {"keyid": "d3ffd108", "keytype": "rsa", "keyval": {"public": "-----BEGIN PUBLIC KEY-----"}}},
        "expires": "2030-11-18T16:06:36Z",
        "readme": "",
    },
    "signatures": SIGNATURES,
}


def test_a_link_speaks_for_its_products_and_not_for_its_materials():
    extraction = extract(as_bytes(LINK), "in-toto-link")
    [digest] = [claim for claim in rows(extraction, "claims") if claim["field"] == "artifact.digest"]
    assert (digest["value"], digest["subject"]) == ("sha256:" + "5f" * 32, "dist/billing-api.tar.gz")
    assert digest["locator"] == "json-pointer:/signed/products/dist~1billing-api.tar.gz/sha256"
    assert claims(extraction, "verdict") == ["zero"]
    [row] = rows(extraction, "attestations")
    assert (row["subject_name"], row["predicate_type"], row["signature"]) == ("dist/billing-api.tar.gz", "link", "not_attempted")
    assert "hunter2" not in str([table.to_pylist() for table in extraction.tables.values()])
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_a_link_without_products_is_still_unverified_evidence():
    value = LINK | {"signed": LINK["signed"] | {"products": {}}}
    assert [row["signature"] for row in rows(extract(as_bytes(value), "in-toto-link"), "attestations")] == ["not_attempted"]


@pytest.mark.parametrize("product", [{}, None, "text", {"sha256": 7}])
def test_a_product_without_digest_is_told(product):
    value = LINK | {"signed": LINK["signed"] | {"products": {"a": product}}}
    extraction = extract(as_bytes(value), "in-toto-link")
    assert claims(extraction, "artifact.digest") == []
    assert {code for code, _ in problems(extraction)} == {"SCHEMA_DRIFT"}


def test_a_layout_says_nothing_of_a_candidate():
    extraction = extract(as_bytes(LAYOUT), "in-toto-layout")
    assert {claim["field"] for claim in rows(extraction, "claims")} == {"signature.state"}
    [row] = rows(extraction, "attestations")
    assert (row["predicate_type"], row["signature"]) == ("layout", "not_attempted")
    assert problems(extraction) == []
    assert not_understood(extraction) == []


@pytest.mark.parametrize(("value", "known"), [(LINK, "in-toto-link"), (LAYOUT, "in-toto-layout")])
def test_unknown_members_are_not_understood(value, known):
    changed = value | {"signed": value["signed"] | {"surprise": 1}}
    assert not_understood(extract(as_bytes(changed), known)) == ["/signed/surprise"]


@pytest.mark.parametrize("value", [LINK["signed"], {"signed": {"_type": "targets"}, "signatures": []}, {"signed": LINK["signed"]}])
def test_another_shape_is_neither(value):
    assert recognised(as_bytes(value)) == []


def test_drift_is_told():
    bare = LINK | {"signed": LINK["signed"] | {"products": {}}}  # names of products are data, not structure
    drift.assert_drift_is_told(as_bytes(bare), ["/signed/name", "/signed/products"])
    drift.assert_drift_is_told(as_bytes(LAYOUT), ["/signed/steps", "/signed/steps/*/name", "/signed/inspect"])


def metablock(signed: dict, *signers: tuple[Signer, str]) -> dict:
    message = canonical.encode(signed)
    return {"signed": signed, "signatures": [{"keyid": keyid, "sig": signer.sign(message).hex()} for signer, keyid in signers]}


def state(value: dict, *keys: TrustedKey, known: str = "in-toto-link") -> str:
    extraction = extract(as_bytes(value), known, Options(keys))
    [found] = {row["signature"] for row in rows(extraction, "attestations")} | {*claims(extraction, "signature.state")}
    return found


@pytest.mark.parametrize("algorithm", SIGNERS)
@pytest.mark.parametrize(("value", "known"), [(LINK, "in-toto-link"), (LAYOUT, "in-toto-layout")])
def test_metadata_is_verified_by_a_key_that_policy_trusts(algorithm, value, known):
    signer = SIGNERS[algorithm]()
    signed = metablock(value["signed"], (signer, "functionary"))
    assert state(signed, signer.trusted("functionary"), known=known) == "verified"
    assert state(signed, signer.trusted("another name"), known=known) == "verified"
    assert state(signed, ed25519_signer().trusted("functionary"), known=known) == "failed"
    assert state(signed, ed25519_signer().trusted("another name"), known=known) == "unverifiable"
    assert state(signed, known=known) == "not_attempted"
    changed = signed | {"signed": value["signed"] | {"surprise": 1}}
    assert state(changed, signer.trusted("functionary"), known=known) == "failed"


def test_a_layout_that_names_its_own_key_is_not_verified_by_it():
    signer = ed25519_signer()
    keys = {"d3ffd108": {"keyid": "d3ffd108", "keytype": "ed25519", "keyval": {"public": signer.pem}}}
    signed = metablock(LAYOUT["signed"] | {"keys": keys}, (signer, "d3ffd108"))
    assert state(signed, known="in-toto-layout") == "not_attempted"
    assert state(signed, ed25519_signer().trusted(), known="in-toto-layout") == "unverifiable"


@pytest.mark.parametrize("sig", ["", "zz", "7d4", None, 7, "é"])
def test_a_signature_that_is_none_is_never_verified(sig):
    value = LINK | {"signatures": [{"keyid": "functionary", "sig": sig}]}
    made = rows(extract(as_bytes(value), "in-toto-link", Options((ed25519_signer().trusted("functionary"),))), "attestations")
    assert {row["signature"] for row in made} == {"failed"}


def test_signatures_by_openpgp_are_not_attempted():
    signatures = [{"keyid": "8465a1e2e0fb2b40", "other_headers": "04000108", "signature": "7d42ca77"}]
    extraction = extract(as_bytes(LINK | {"signatures": signatures}), "in-toto-link", Options((ed25519_signer().trusted(),)))
    assert {(row["signature"], row["signature_reason"]) for row in rows(extraction, "attestations")} == {
        ("not_attempted", "OpenPGP signatures are not checked")
    }
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_a_number_without_canonical_form_is_unverifiable():
    signer = ed25519_signer()
    assert state(LINK | {"signed": LINK["signed"] | {"byproducts": {"return-value": 1.5}}}, signer.trusted()) == "unverifiable"


@pytest.mark.parametrize(("value", "kind"), [(LINK, "link"), (LAYOUT, "layout")])
def test_newer_writers_put_the_same_into_an_envelope(value, kind):
    signer = ed25519_signer()
    extraction = extract(as_bytes(envelope(as_bytes(value["signed"]), (signer, None))), "dsse-envelope", Options((signer.trusted(),)))
    [row] = rows(extraction, "attestations")
    assert (row["predicate_type"], row["signature"], row["signature_key"]) == (kind, "verified", "release-key")
    assert claims(extraction, "artifact.digest") == (["sha256:" + "5f" * 32] if kind == "link" else [])
    assert problems(extraction) == []
    assert not_understood(extraction) == []


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda below: st.lists(below, max_size=4) | st.dictionaries(st.text(), below, max_size=4),
    max_leaves=20,
)


@given(_VALUES)
def test_the_canonical_form_is_that_of_those_who_sign(value):
    assert canonical.encode(value) == encode_canonical(value).encode()


@pytest.mark.parametrize("algorithm", ["Ed25519", "ECDSA secp256r1 sha256, DER", "ECDSA secp384r1 sha384, DER", "RSA-PSS sha256"])
def test_a_key_is_known_by_the_names_that_those_who_sign_give_it(algorithm):
    signer = SIGNERS[algorithm]()
    key = SSlibKey.from_crypto(serialization.load_pem_public_key(signer.pem.encode()))
    assert key.keyid in names(signer.trusted())
    if not algorithm.startswith("ECDSA"):
        older = key.to_dict() | {"keyid_hash_algorithms": ["sha256", "sha512"]}
        older["keyval"] = {"public": older["keyval"]["public"].rstrip("\n")}
        assert hashlib.sha256(encode_canonical(older).encode()).hexdigest() in names(signer.trusted())


def test_what_the_corpus_holds_is_verified_by_the_keys_that_its_layout_names():
    layouts = [json.parse(data) for _, data in corpus.documents("provenance/in-toto-layout")]
    keys = {keyid: TrustedKey("theirs", key["keyval"]["public"]) for one in layouts for keyid, key in one["signed"]["keys"].items()}
    found = Counter()
    for path, data in corpus.documents("provenance/in-toto-link"):
        for signature in json.parse(data)["signatures"]:
            key = keys[signature["keyid"]]
            assert signature["keyid"] in names(key)
            assert state(json.parse(data), key) == "verified", path
            changed = json.parse(data)
            changed["signed"]["name"] += "-other"
            assert state(changed, key) == "failed"
            found["verified"] += 1
    assert found["verified"] >= 4


def test_the_corpus_is_read():
    for folder in ("in-toto-link", "in-toto-layout"):
        for path, known in corpus.read_all(f"provenance/{folder}").items():
            assert [match.format for match in known] == [folder], path
            assert problems(known[0]) == [], path
