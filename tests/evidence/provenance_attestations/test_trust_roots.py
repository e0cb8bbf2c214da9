"""Bundles under the trust roots of policy, made by a whole Sigstore instance of the test's own."""

import base64
import copy
import hashlib
import os
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from hypothesis import given, settings
from hypothesis import strategies as st

from release_staging.config.policy import Policy
from release_staging.config.trust import AcceptedIdentity, TrustRoot
from release_staging.evidence.extract import Options
from release_staging.evidence.gather import extract_document, options
from release_staging.evidence.inspection import inspect
from release_staging.evidence.provenance_attestations.dsse import pae
from release_staging.evidence.tree import unbase64
from tests.config.support import changed_policy
from tests.evidence.provenance_attestations.fulcio import COMMIT, ISSUER, RUN, WORKFLOW, text64
from tests.evidence.provenance_attestations.signing import TYPE, as_bytes, ed25519_signer
from tests.evidence.provenance_attestations.signing import envelope as envelope_by_key
from tests.evidence.provenance_attestations.sigstore_instance import SIGNED, START, Instance
from tests.evidence.provenance_attestations.timestamps import timestamp_response
from tests.evidence.support import claims, extract, not_understood, problems, rows

STATEMENT = (Path(__file__).parent / "samples" / "slsa-v1.json").read_bytes()
DIGEST = hashlib.sha256(b"an artifact").digest()
ACME, OTHER = Instance(), Instance()
SIGNER, SECOND = ACME.issue(), ACME.issue()
ROOT = Path(__file__).resolve().parents[3]


def root(instance: Instance = ACME, *identities: AcceptedIdentity, name: str = "acme", **changed) -> TrustRoot:
    return TrustRoot(id=name, content=instance.trusted_root(**changed), identities=identities or (identity(),))


def identity(exact: str = WORKFLOW, issuer: str = ISSUER) -> AcceptedIdentity:
    return AcceptedIdentity(exact=exact, issuer=issuer)


ACCEPTED = root()
BUNDLES = {
    "sealed": ACME.seal(STATEMENT, SIGNER),
    "sealed, log of version 2": ACME.seal_v2(STATEMENT, SIGNER),
    "over an artifact": ACME.sign(DIGEST, SIGNER),
}


def read(bundle: object, *roots: TrustRoot):
    return extract(as_bytes(bundle), "sigstore-bundle@0.3", Options(trust_roots=roots or (ACCEPTED,)))


def outcome(bundle: object, *roots: TrustRoot) -> tuple[str, str]:
    """State and reason of the one signature in a bundle."""
    [(state, reason)] = {(row["signature"], row["signature_reason"]) for row in rows(read(bundle, *roots), "attestations")}
    return state, reason


def states(data: bytes, *roots: TrustRoot) -> set[str]:
    """The states that anything in a document has, whatever the document is."""
    made = inspect("document", data, Options(trust_roots=roots or (ACCEPTED,))).extraction
    return {row["signature"] for row in rows(made, "attestations")} | {*claims(made, "signature.state")} if made else set()


@pytest.mark.parametrize("version", ["0.1", "0.2", "0.3"])
@pytest.mark.parametrize(
    "make", [lambda version: ACME.seal(STATEMENT, SIGNER, version), lambda version: ACME.sign(DIGEST, SIGNER, version)]
)
def test_a_bundle_of_any_version_is_verified_and_says_by_whom_and_under_what(version, make):
    extraction = extract(as_bytes(make(version)), f"sigstore-bundle@{version}", Options(trust_roots=(ACCEPTED,)))
    [row] = {(row["signature"], row["signature_key"], row["signature_reason"]) for row in rows(extraction, "attestations")}
    assert row == ("verified", "acme", f"signed by {WORKFLOW}, vouched for by {ISSUER}, under trust root acme")
    assert claims(extraction, "signature.state") == ["verified"]
    assert COMMIT in claims(extraction, "candidate.commit")
    assert RUN in claims(extraction, "build.url")
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_the_time_of_the_log_is_then_proven():
    for roots, told in (((), "whose proof is not checked"), ((ACCEPTED,), "proven"), ((root(OTHER),), "whose proof is not checked")):
        extraction = extract(as_bytes(BUNDLES["sealed"]), "sigstore-bundle@0.3", Options(trust_roots=roots))
        [time] = [claim for claim in rows(extraction, "claims") if claim["field"] == "produced_at"]
        assert (time["value"], told in time["loss"]) == ("2026-11-20T08:31:04Z", True)


def test_a_log_that_keeps_no_time_leaves_it_to_the_timestamp():
    extraction = read(BUNDLES["sealed, log of version 2"])
    [time] = [claim for claim in rows(extraction, "claims") if claim["field"] == "produced_at"]
    at = "json-pointer:/verificationMaterial/timestampVerificationData/rfc3161Timestamps/0/signedTimestamp"
    assert (time["value"], time["locator"]) == ("2026-11-20T08:31:04Z", at)
    assert claims(read(BUNDLES["sealed, log of version 2"], root(OTHER)), "produced_at") == []


def test_the_digest_that_a_message_signature_is_over_is_verified_with_it():
    [row] = rows(read(BUNDLES["over an artifact"]), "attestations")
    assert (row["signature"], row["subject_digest"]) == ("verified", f"sha256:{DIGEST.hex()}")
    changed = copy.deepcopy(BUNDLES["over an artifact"])
    changed["messageSignature"]["messageDigest"]["digest"] = text64(hashlib.sha256(b"another").digest())
    assert outcome(changed)[0] == "failed"


def test_a_digest_by_an_algorithm_that_the_library_does_not_know_is_unverifiable():
    changed = copy.deepcopy(BUNDLES["over an artifact"])
    digest = hashlib.sha512(b"an artifact").digest()
    signature = text64(SIGNER.private.sign(b"an artifact", ec.ECDSA(hashes.SHA512())))
    changed["messageSignature"] = {"messageDigest": {"algorithm": "SHA2_512", "digest": text64(digest)}, "signature": signature}
    assert outcome(changed) == ("unverifiable", "sigstore does not verify signatures over digests by sha512")


def wrapped(bundle: dict) -> dict[str, object]:
    """A bundle as those who keep it answer."""
    entry, signature = bundle["verificationMaterial"]["tlogEntries"][0], bundle["dsseEnvelope"]["signatures"][0]["sig"]
    attestation = {
        "version": 1,
        "verification_material": {
            "certificate": bundle["verificationMaterial"]["certificate"]["rawBytes"],
            "transparency_entries": [entry],
        },
        "envelope": {"statement": bundle["dsseEnvelope"]["payload"], "signature": signature},
    }
    return {
        "npm": {"attestations": [{"predicateType": "https://slsa.dev/provenance/v1", "bundle": bundle}]},
        "GitHub": {"attestations": [{"bundle": bundle, "repository_id": 1, "bundle_url": "https://a.example/b"}]},
        "gh": [{"attestation": {"bundle": bundle}, "verificationResult": {}}],
        "PEP 740": attestation,
        "PEP 740 provenance": {"version": 1, "attestation_bundles": [{"publisher": {}, "attestations": [attestation]}]},
        "several": [bundle, bundle],
    }


@pytest.mark.parametrize("kind", wrapped(BUNDLES["sealed"]))
def test_a_bundle_is_verified_wherever_it_stands(kind):
    assert states(as_bytes(wrapped(BUNDLES["sealed"])[kind])) == {"verified"}
    assert states(as_bytes(wrapped(BUNDLES["sealed"])[kind]), root(OTHER)) == {"unverifiable"}
    changed = copy.deepcopy(BUNDLES["sealed"])
    changed["dsseEnvelope"]["payload"] = text64(STATEMENT.replace(b"rc.3", b"rc.4"))
    assert states(as_bytes(wrapped(changed)[kind])) == {"failed"}


@pytest.mark.parametrize(
    ("accepted", "state"),
    [
        (AcceptedIdentity(exact=WORKFLOW, issuer=ISSUER), "verified"),
        (
            AcceptedIdentity(pattern=r"https://github\.com/acme-pay/billing-api/\.github/workflows/.+@refs/tags/v.+", issuer=ISSUER),
            "verified",
        ),
        (AcceptedIdentity(pattern=r"https://github\.com/acme-pay/.*|nobody", issuer=ISSUER), "verified"),
        (AcceptedIdentity(exact=WORKFLOW[:-1], issuer=ISSUER), "failed"),
        (AcceptedIdentity(exact=WORKFLOW + "1", issuer=ISSUER), "failed"),
        (AcceptedIdentity(pattern=r"https://github\.com/acme-pay/", issuer=ISSUER), "failed"),  # the beginning alone
        (AcceptedIdentity(pattern=r"release\.yml@.*", issuer=ISSUER), "failed"),
        (AcceptedIdentity(exact=WORKFLOW, issuer="https://gitlab.com"), "failed"),
        (AcceptedIdentity(exact=WORKFLOW, issuer=ISSUER + "/"), "failed"),
        (AcceptedIdentity(pattern=".*", issuer="https://gitlab.com"), "failed"),
    ],
)
def test_only_an_identity_that_policy_accepts_verifies(accepted, state):
    for bundle in BUNDLES.values():
        assert outcome(bundle, root(ACME, accepted))[0] == state
        assert outcome(bundle, root(ACME, AcceptedIdentity(exact="somebody", issuer=ISSUER), accepted))[0] == state


def test_who_signed_and_is_not_accepted_is_told_and_speaks_for_nothing():
    extraction = read(BUNDLES["sealed"], root(ACME, identity("https://github.com/acme-pay/other")))
    [(state, reason)] = {(row["signature"], row["signature_reason"]) for row in rows(extraction, "attestations")}
    assert (state, reason) == ("failed", f"trust root acme does not accept who signed: {WORKFLOW}, vouched for by {ISSUER}")
    assert claims(extraction, "candidate.commit") == [COMMIT]  # the Statement's alone


@pytest.mark.parametrize(
    ("name", "accepted", "told"),
    [
        (x509.RFC822Name("jane@acme.example"), "jane@acme.example", "an e-mail address at acme.example"),
        (
            x509.OtherName(x509.ObjectIdentifier("1.3.6.1.4.1.57264.1.7"), b"\x0c\x11jane!acme.example"),
            "jane!acme.example",
            "a user name at acme.example",
        ),
    ],
)
def test_a_person_is_accepted_by_name_and_named_by_nobody(name, accepted, told):
    bundle = ACME.seal(STATEMENT, ACME.issue(name))
    for who, expected in ((identity(accepted), "verified"), (identity(), "failed")):
        state, reason = outcome(bundle, root(ACME, who))
        assert (state, told in reason, "jane" in reason) == (expected, True, False)


def test_a_name_of_any_length_and_kind_is_shown_bounded_and_in_one_line():
    _, reason = outcome(ACME.seal(STATEMENT, ACME.issue(x509.UniformResourceIdentifier("https://a\nb/" + "c" * 5000))))
    assert len(reason) < 1000
    assert reason.isprintable()


@pytest.mark.parametrize("extensions", [{}, {1: ISSUER, 8: "https://gitlab.com"}, {8: "https://gitlab.com"}])
def test_a_certificate_without_the_issuer_or_with_two_is_not_accepted(extensions):
    assert outcome(ACME.seal(STATEMENT, ACME.issue(extensions=extensions)))[0] == "failed"


@pytest.mark.parametrize("extensions", [{1: ISSUER}, {8: ISSUER}, {1: ISSUER, 8: ISSUER}])
def test_the_issuer_may_stand_in_either_extension(extensions):
    assert outcome(ACME.seal(STATEMENT, ACME.issue(extensions=extensions)))[0] == "verified"


def test_another_instance_with_authorities_of_the_same_names_is_not_trusted():
    for bundle in (OTHER.seal(STATEMENT, OTHER.issue()), OTHER.sign(DIGEST, OTHER.issue()), OTHER.seal_v2(STATEMENT, OTHER.issue())):
        assert outcome(bundle)[0] == "unverifiable"


@pytest.mark.parametrize("forged", ["authority", "certificate_log", "log", "log_v2", "stamping"])
def test_whoever_goes_by_the_name_of_a_trusted_service_without_its_key_has_failed(forged):
    impostor = copy.copy(ACME)
    if forged in ("authority", "stamping"):
        setattr(impostor, forged, copy.copy(getattr(ACME, forged)))
        getattr(impostor, forged).key = ec.generate_private_key(ec.SECP256R1())
    else:
        setattr(impostor, forged, getattr(OTHER, forged))
        impostor.log_ids = ACME.log_ids
    bundle = (impostor.seal_v2 if forged in ("log_v2", "stamping") else impostor.seal)(STATEMENT, impostor.issue())
    state, reason = outcome(bundle)
    assert (state, "does not hold under trust root acme" in reason) == ("failed", True), reason


RETIRED = {"start": START.isoformat(), "end": (SIGNED - timedelta(days=1)).isoformat()}


def test_the_key_of_a_retired_log_does_not_sign_for_the_one_that_came_after():
    """The id of a log of version 2 is not the digest of its key, and the library then tries all keys of the trust root."""
    after = copy.copy(ACME)
    after.log_ids = ACME.log_ids | {"log_v2": bytes(32)}
    logs = orjson.loads(after.trusted_root())["tlogs"]
    logs[1]["logId"]["keyId"] = text64(bytes(32))
    logs.append(orjson.loads(OTHER.trusted_root())["tlogs"][1])
    logs[2]["publicKey"]["validFor"] = RETIRED
    trusted = root(ACME, tlogs=logs)
    assert outcome(after.seal_v2(STATEMENT, SIGNER), trusted)[0] == "verified"
    after.log_v2 = OTHER.log_v2
    state, reason = outcome(after.seal_v2(STATEMENT, SIGNER), trusted)
    assert (state, "does not hold" in reason) == ("failed", True), reason


def test_the_key_of_a_retired_authority_does_not_issue_for_the_one_that_came_after():
    retired = OTHER.authority.described() | {"validFor": RETIRED}
    trusted = root(ACME, certificateAuthorities=[ACME.authority.described(), retired])
    impostor = copy.copy(ACME)
    impostor.authority = copy.copy(ACME.authority)  # by name and key identifier the one of today
    impostor.authority.key = OTHER.authority.key
    assert outcome(ACME.seal(STATEMENT, ACME.issue()), trusted)[0] == "verified"
    state, reason = outcome(impostor.seal(STATEMENT, impostor.issue()), trusted)
    assert (state, "does not hold" in reason) == ("failed", True), reason


@pytest.mark.parametrize(
    ("member", "kind", "told"),
    [
        ("certificateAuthorities", "sealed", "does not know the authority that issued the certificate"),
        ("tlogs", "sealed", "does not know the transparency log"),
        ("tlogs", "sealed, log of version 2", "does not know the transparency log"),
        ("ctlogs", "over an artifact", "does not know the certificate log"),
        ("timestampAuthorities", "sealed, log of version 2", "does not know the authority that made the timestamp"),
    ],
)
def test_what_the_trust_root_does_not_know_is_told(member, kind, told):
    foreign = orjson.loads(OTHER.trusted_root())[member]
    state, reason = outcome(BUNDLES[kind], root(ACME, **{member: foreign}))
    assert (state, f"trust root acme {told}" in reason) == ("unverifiable", True), reason


@pytest.mark.parametrize("member", ["tlogs", "certificateAuthorities", "ctlogs", "timestampAuthorities"])
@pytest.mark.parametrize(
    ("start", "end", "state"), [(0, 0, "verified"), (-9, -1, "unverifiable"), (1, None, "unverifiable"), (-9, 9, "verified")]
)
def test_what_the_trust_root_relies_on_for_another_time_verifies_nothing(member, start, end, state):
    period = {"start": (SIGNED + timedelta(seconds=start)).isoformat()}
    if end is not None:
        period["end"] = (SIGNED + timedelta(seconds=end)).isoformat()
    described = orjson.loads(ACME.trusted_root())[member]
    for one in described:
        one.get("publicKey", one)["validFor"] = period
    kind = "sealed" if member != "timestampAuthorities" else "sealed, log of version 2"
    found = outcome(BUNDLES[kind], root(ACME, **{member: described}))[0]
    assert found == state


def test_the_clock_is_not_asked_for_what_the_trust_root_will_rely_on():
    """A root that relies on everything from a day on that is still to come, and a signature of that day: the same answer today and then."""
    at = datetime(2090, 2, 3, tzinfo=UTC)
    described = orjson.loads(ACME.trusted_root())
    for member in ("tlogs", "certificateAuthorities", "ctlogs", "timestampAuthorities"):
        for one in described[member]:
            one.get("publicKey", one)["validFor"] = {"start": "2090-01-01T00:00:00Z"}
    future = root(ACME, **described)
    signer = ACME.issue(at=at)
    for made in (ACME.seal(STATEMENT, signer, at=at), ACME.seal_v2(STATEMENT, signer, at=at)):
        assert outcome(made, future)[0] == "verified"
    for bundle in BUNDLES.values():
        assert outcome(bundle, future)[0] == "unverifiable"


def test_a_certificate_is_held_to_the_time_of_the_signature_and_not_to_todays():
    for at in (START + timedelta(days=1), datetime(2090, 2, 3, tzinfo=UTC)):
        signer = ACME.issue(at=at)
        assert outcome(ACME.seal(STATEMENT, signer, at=at))[0] == "verified"
        assert outcome(ACME.seal_v2(STATEMENT, signer, at=at))[0] == "verified"
        for late in (at + timedelta(hours=1), at - timedelta(hours=1)):
            assert outcome(ACME.seal(STATEMENT, signer, at=late))[0] == "failed"
            assert outcome(ACME.seal_v2(STATEMENT, signer, at=late))[0] == "failed"


@pytest.mark.parametrize("kind", BUNDLES)
def test_without_a_proven_time_nothing_is_verified(kind):
    changed = copy.deepcopy(BUNDLES[kind])
    changed["verificationMaterial"].pop("timestampVerificationData", None)
    changed["verificationMaterial"]["tlogEntries"][0].pop("inclusionPromise", None)
    assert outcome(changed)[0] == "unverifiable"


def test_a_certificate_that_no_certificate_log_has_noted_is_unverifiable():
    assert outcome(ACME.seal(STATEMENT, ACME.issue(noted=False)))[0] == "unverifiable"


# Bytes that something signs or proves, by where they stand in a bundle.
_ENTRY = ("verificationMaterial", "tlogEntries", 0)
_SIGNED_BYTES = {
    "certificate": ("verificationMaterial", "certificate", "rawBytes"),
    "logged body": (*_ENTRY, "canonicalizedBody"),
    "root of the proof": (*_ENTRY, "inclusionProof", "rootHash"),
    "hash of the proof": (*_ENTRY, "inclusionProof", "hashes", 0),
    "promise": (*_ENTRY, "inclusionPromise", "signedEntryTimestamp"),
    "payload": ("dsseEnvelope", "payload"),
    "signature of the envelope": ("dsseEnvelope", "signatures", 0, "sig"),
    "signature": ("messageSignature", "signature"),
    "digest": ("messageSignature", "messageDigest", "digest"),
}
_SIGNED_TEXTS = {
    "checkpoint": (*_ENTRY, "inclusionProof", "checkpoint", "envelope"),
    "time of the log": (*_ENTRY, "integratedTime"),
    "type of the payload": ("dsseEnvelope", "payloadType"),
}


def _at(value, path):
    for key in path:
        value = value[key] if isinstance(value, list) else value.get(key) if isinstance(value, dict) else None
    return value


def _put(value, path, new):
    _at(value, path[:-1])[path[-1]] = new


_BYTES = [(kind, what) for kind, bundle in BUNDLES.items() for what, path in _SIGNED_BYTES.items() if _at(bundle, path)]


@settings(max_examples=400, deadline=None)
@given(place=st.sampled_from(_BYTES), position=st.integers(0, 10_000), flip=st.integers(1, 255))
def test_no_changed_byte_of_what_is_signed_or_proves_it_verifies(place, position, flip):
    kind, what = place
    changed = copy.deepcopy(BUNDLES[kind])
    data = bytearray(unbase64(_at(changed, _SIGNED_BYTES[what])))
    data[position % len(data)] ^= flip
    _put(changed, _SIGNED_BYTES[what], text64(bytes(data)))
    assert "verified" not in states(as_bytes(changed))


@settings(max_examples=150, deadline=None)
@given(kind=st.sampled_from([*BUNDLES]), what=st.sampled_from([*_SIGNED_TEXTS]), position=st.integers(0, 10_000), flip=st.integers(1, 127))
def test_no_changed_character_of_what_is_signed_verifies(kind, what, position, flip):
    text = _at(BUNDLES[kind], _SIGNED_TEXTS[what])
    if text is None:
        return
    signed, _, _ = text.partition("\n\n")  # of a checkpoint, what stands below is the log's name and its signature
    changed, at = copy.deepcopy(BUNDLES[kind]), position % len(signed)
    _put(changed, _SIGNED_TEXTS[what], text[:at] + chr(ord(text[at]) ^ flip) + text[at + 1 :])
    assert "verified" not in states(as_bytes(changed))


@settings(max_examples=100, deadline=None)
@given(position=st.integers(0, 1000), flip=st.integers(1, 255))
def test_no_changed_byte_of_a_timestamp_verifies(position, flip):
    """Of what it stamps, of the time, or of the signature; the framing has places that nothing signs."""
    changed = copy.deepcopy(BUNDLES["sealed, log of version 2"])
    place = ("verificationMaterial", "timestampVerificationData", "rfc3161Timestamps", 0, "signedTimestamp")
    data = bytearray(unbase64(_at(changed, place)))
    stamped = hashlib.sha256(unbase64(changed["dsseEnvelope"]["signatures"][0]["sig"])).digest()
    imprint, time, end = data.index(stamped), data.index(b"20261120083104Z"), len(data)
    signed = [*range(imprint, imprint + 32), *range(time, time + 15), *range(end - 32, end)]
    data[signed[position % len(signed)]] ^= flip
    _put(changed, place, text64(bytes(data)))
    assert "verified" not in states(as_bytes(changed))


@settings(max_examples=100, deadline=None)
@given(kind=st.sampled_from([*BUNDLES]), size=st.integers(0, 20_000))
def test_nothing_cut_off_verifies(kind, size):
    data = as_bytes(BUNDLES[kind])
    assert "verified" not in states(data[: size % len(data)])


SWAPPED = {
    "certificate": ("verificationMaterial", "certificate"),
    "log entry": _ENTRY,
    "promise": (*_ENTRY, "inclusionPromise"),
    "proof": (*_ENTRY, "inclusionProof"),
    "body": (*_ENTRY, "canonicalizedBody"),
    "timestamps": ("verificationMaterial", "timestampVerificationData"),
    "envelope": ("dsseEnvelope",),
    "payload": ("dsseEnvelope", "payload"),
    "signatures": ("dsseEnvelope", "signatures"),
    "digest": ("messageSignature", "messageDigest"),
    "signature": ("messageSignature", "signature"),
}
OTHERS = {
    "sealed": ACME.seal(STATEMENT.replace(b"rc.3", b"rc.4"), SECOND, at=SIGNED + timedelta(seconds=60)),
    "sealed, log of version 2": ACME.seal_v2(STATEMENT.replace(b"rc.3", b"rc.4"), SECOND, at=SIGNED + timedelta(seconds=60)),
    "over an artifact": ACME.sign(hashlib.sha256(b"another").digest(), SECOND, at=SIGNED + timedelta(seconds=60)),
}


@pytest.mark.parametrize(("kind", "part"), [(kind, part) for kind in BUNDLES for part, path in SWAPPED.items() if _at(BUNDLES[kind], path)])
def test_no_part_of_one_bundle_verifies_in_another(kind, part):
    assert outcome(OTHERS[kind])[0] == "verified"
    for one, other in ((BUNDLES, OTHERS), (OTHERS, BUNDLES)):
        mixed = copy.deepcopy(one[kind])
        _put(mixed, SWAPPED[part], _at(other[kind], SWAPPED[part]))
        assert "verified" not in states(as_bytes(mixed))


def test_what_is_verified_is_what_is_read():
    """However the payload's base64 is written, and whatever else stands beside it."""
    changed = copy.deepcopy(BUNDLES["sealed"])
    changed["dsseEnvelope"]["payload"] = base64.urlsafe_b64encode(STATEMENT).decode().rstrip("=")
    assert outcome(changed)[0] == "verified"
    changed["dsseEnvelope"]["payload"] = text64(STATEMENT)[:8] + "!" + text64(STATEMENT)[8:]  # the library would leave it out
    assert states(as_bytes(changed)) == set()
    twice = as_bytes(BUNDLES["sealed"]).replace(b'"payloadType"', b'"payload":"e30=","payloadType"')
    assert states(twice) == set()
    for member in ("certificate", "x509CertificateChain"):
        changed = copy.deepcopy(BUNDLES["sealed"])
        changed["verificationMaterial"] |= {member: {"rawBytes": text64(SECOND.der), "certificates": [{"rawBytes": text64(SECOND.der)}]}}
        assert "verified" not in states(as_bytes(changed))


@pytest.mark.parametrize(("name", "other"), [("integratedTime", "integrated_time"), ("logId", "log_id"), ("kindVersion", "kind_version")])
def test_a_member_of_two_names_verifies_nothing(name, other):
    """The library reads both names; what is claimed and checked here comes from one of them."""
    for moved in (True, False):
        changed = copy.deepcopy(BUNDLES["sealed"])
        [entry] = changed["verificationMaterial"]["tlogEntries"]
        entry[other] = entry.pop(name) if moved else entry[name]
        state, reason = outcome(changed)
        assert (state, repr(other) in reason) == ("unverifiable", True)


def test_a_signature_more_in_the_envelope_is_unverifiable():
    changed = copy.deepcopy(BUNDLES["sealed"])
    changed["dsseEnvelope"]["signatures"] *= 2
    assert outcome(changed) == ("unverifiable", "the envelope has 2 signatures, and under a trust root one can be verified")


def test_a_certificate_without_anything_that_proves_the_time_is_unverifiable():
    sealed = copy.deepcopy(BUNDLES["sealed"]["dsseEnvelope"])
    sealed["signatures"][0]["cert"] = SIGNER.pem
    [(state, reason)] = {
        (row["signature"], row["signature_reason"])
        for row in rows(extract(as_bytes(sealed), "dsse-envelope", Options(trust_roots=(ACCEPTED,))), "attestations")
    }
    assert (state, "when it was made is not proven" in reason) == ("unverifiable", True)


def test_what_policy_says_reaches_the_readers(tmp_path):
    (tmp_path / "acme.json").write_text(ACME.trusted_root())
    named = f"trust_roots: [{{id: acme, file: acme.json, identities: [{{exact: '{WORKFLOW}', issuer: '{ISSUER}'}}]}}]"
    policy = Policy.load(changed_policy(tmp_path, "trust_roots: []", named))
    found = extract_document(as_bytes(BUNDLES["sealed"]), "sigstore-bundle@0.3", "json", options(policy))
    assert claims(found, "signature.state") == ["verified"]


def test_one_of_several_trust_roots_is_enough_and_the_reasons_of_all_are_told():
    assert outcome(BUNDLES["sealed"], root(OTHER, name="first"), ACCEPTED)[0] == "verified"
    assert outcome(BUNDLES["sealed"], root(ACME, identity("somebody"), name="first"), ACCEPTED)[0] == "verified"
    state, reason = outcome(BUNDLES["sealed"], root(OTHER, name="first"), root(ACME, identity("somebody")))
    assert (state, "trust root acme does not accept" in reason) == ("failed", True)
    state, reason = outcome(BUNDLES["sealed"], root(OTHER, name="first"), root(OTHER, name="second"))
    assert (state, "first" in reason, "second" in reason) == ("unverifiable", True, True)


def test_a_trusted_key_outweighs_the_certificate():
    key = ed25519_signer()
    bundle = copy.deepcopy(BUNDLES["sealed"])
    bundle["dsseEnvelope"] = envelope_by_key(STATEMENT, (key, "release-key"))
    found = extract(as_bytes(bundle), "sigstore-bundle@0.3", Options((key.trusted(),), (ACCEPTED,)))
    assert {row["signature_key"] for row in rows(found, "attestations")} == {"release-key"}
    assert COMMIT not in claims(found, "candidate.commit")[1:]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"verificationMaterial": {"tlogEntries": []}}, "expected exactly one log entry"),
        ({"mediaType": "application/vnd.dev.sigstore.bundle+json; version=0.3"}, "mediaType"),
    ],
)
def test_what_the_library_cannot_read_is_unverifiable_and_told_without_its_values(change, told):
    changed = copy.deepcopy(BUNDLES["sealed"])
    changed |= {key: changed[key] | value if isinstance(value, dict) else value for key, value in change.items()}
    state, reason = outcome(changed)
    assert (state, told in reason) == ("unverifiable", True), reason


@pytest.mark.parametrize("number", [1.5, 10**30, -1, True])
def test_numbers_where_none_belong_are_unverifiable(number):
    changed = copy.deepcopy(BUNDLES["sealed"])
    changed["verificationMaterial"]["tlogEntries"][0]["logIndex"] = number
    data = as_bytes(BUNDLES["sealed"]).replace(b'"logIndex":"171438627"', b'"logIndex":' + str(number).lower().encode())
    assert states(data) == {"unverifiable"}


@pytest.mark.parametrize("proof", [None, "missing", {}, {"logIndex": "1", "rootHash": "AAAA", "treeSize": "2", "hashes": []}])
def test_a_log_entry_without_an_inclusion_proof_is_told(proof):
    changed = copy.deepcopy(BUNDLES["sealed"])
    [entry] = changed["verificationMaterial"]["tlogEntries"]
    entry.pop("inclusionProof") if proof == "missing" else entry.update(inclusionProof=proof)
    assert outcome(changed) == ("unverifiable", "sigstore cannot read the bundle: the log entry has no inclusion proof that it could check")


def test_kinds_of_log_entries_that_the_library_does_not_verify_are_told():
    changed = copy.deepcopy(BUNDLES["sealed"])
    changed["verificationMaterial"]["tlogEntries"][0]["kindVersion"] = {"kind": "intoto", "version": "0.0.2"}
    assert outcome(changed) == ("unverifiable", "sigstore does not verify this content by a log entry of kind 'intoto 0.0.2'")


def test_a_key_that_the_library_does_not_verify_with_is_told():
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    signer = ACME.issue(key=key)
    changed = copy.deepcopy(BUNDLES["sealed"])
    changed["verificationMaterial"]["certificate"]["rawBytes"] = text64(signer.der)
    changed["dsseEnvelope"]["signatures"] = [{"sig": text64(key.sign(pae(TYPE, STATEMENT), padding.PKCS1v15(), hashes.SHA256()))}]
    assert outcome(changed) == ("unverifiable", "sigstore verifies signatures of ECDSA keys, and the certificate is of another")


def test_a_defect_of_the_library_is_unverifiable_and_told():
    """A timestamp's status that RFC 3161 does not know: a ValueError that the library lets through."""
    signature = unbase64(BUNDLES["sealed, log of version 2"]["dsseEnvelope"]["signatures"][0]["sig"])
    made = timestamp_response(hashlib.sha256(signature).digest(), SIGNED, ACME.stamping.certificate, ACME.stamping.key, status=50)
    changed = copy.deepcopy(BUNDLES["sealed, log of version 2"])
    changed["verificationMaterial"]["timestampVerificationData"]["rfc3161Timestamps"] = [{"signedTimestamp": text64(made)}]
    assert outcome(changed) == ("unverifiable", "sigstore broke off under trust root acme (ValueError)")


_PROGRAM = """
import sys
from release_staging.config.policy import Policy
from release_staging.config.trust import AcceptedIdentity, TrustRoot
from release_staging.evidence.extract import Options
from release_staging.evidence.gather import extract_document, options
from release_staging.evidence.inspection import inspect

data, content = open(sys.argv[1], "rb").read(), open(sys.argv[2], encoding="utf-8").read()
reached = []
outside = {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.sendto", "socket.sendmsg"}
sys.addaudithook(lambda event, details: reached.append(event) if event in outside else None)
roots = (TrustRoot(id="acme", content=content, identities=(AcceptedIdentity(exact=sys.argv[3], issuer=sys.argv[4]),)),)
made = inspect("document", data, Options(trust_roots=roots if sys.argv[5] == "roots" else ()))
states = sorted({row["signature"] for row in made.extraction.tables["attestations"].to_pylist()})
print(states, "sigstore" in sys.modules, reached)
"""


def _run(folder: Path, document: object, mode: str, content: str) -> str:
    (folder / "document.json").write_bytes(as_bytes(document))
    (folder / "root.json").write_text(content)
    home = folder / "home"
    home.mkdir(exist_ok=True)
    arguments = [str(folder / "document.json"), str(folder / "root.json"), WORKFLOW, ISSUER, mode]
    run = subprocess.run(
        [sys.executable, "-c", _PROGRAM, *arguments],
        env={**os.environ, "HOME": str(home), "XDG_DATA_HOME": str(home), "XDG_CACHE_HOME": str(home), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert [*home.rglob("*")] == []  # no cache of anybody's metadata
    return run.stdout.strip()


def test_verification_opens_no_connection_and_asks_nobody_for_metadata(tmp_path):
    """The services that the trust root names listen, and nobody comes."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        described = orjson.loads(ACME.trusted_root())
        for member in ("tlogs", "ctlogs"):
            for log in described[member]:
                log["baseUrl"] = address
        for member in ("certificateAuthorities", "timestampAuthorities"):
            for authority in described[member]:
                authority["uri"] = address
        content = orjson.dumps(described).decode()
        for bundle in BUNDLES.values():
            assert _run(tmp_path, bundle, "roots", content) == "['verified'] True []"
        server.setblocking(False)
        with pytest.raises(BlockingIOError):
            server.accept()


def test_the_library_is_imported_only_where_a_trust_root_meets_what_a_certificate_signed(tmp_path):
    content = ACME.trusted_root()
    assert _run(tmp_path, BUNDLES["sealed"], "none", content) == "['unverifiable'] False []"
    assert _run(tmp_path, BUNDLES["sealed"]["dsseEnvelope"], "roots", content) == "['not_attempted'] False []"
    changed = copy.deepcopy(BUNDLES["sealed"])
    changed["dsseEnvelope"]["payload"] = text64(STATEMENT.replace(b"rc.3", b"rc.4"))
    assert _run(tmp_path, changed, "roots", content) == "['failed'] False []"
