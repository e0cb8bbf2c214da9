"""Verifying with ``sigstore``, offline: the one module that imports it, and what it stands on.

The library is given what the readers read, in one bundle made for it: the payload or the digest as it was decoded here, and what stands
beside it. So there are no two readings of one thing, and what it says it verified is compared all the same.

The library does not tell apart what fails and what it has nothing to check with, so what a trust root lacks is looked for first, and the
library gets what is relied on for this signature and nothing else (``relied``).
"""

from __future__ import annotations

import base64
import logging
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import orjson
import pydantic
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from sigstore.errors import Error, VerificationError
from sigstore.hashes import Hashed
from sigstore.models import Bundle, TrustedRoot
from sigstore.verify import Verifier
from sigstore_models.common.v1 import HashAlgorithm
from sigstore_models.trustroot.v1 import TrustedRoot as RootContent

from release_staging.config import trusted_root
from release_staging.config.trust import TrustRoot
from release_staging.evidence.provenance_attestations.signatures import FAILED, UNVERIFIABLE, VERIFIED, Verification
from release_staging.evidence.provenance_attestations.trust import relied
from release_staging.evidence.provenance_attestations.trust.accepted import Accepted, NotAccepted
from release_staging.evidence.provenance_attestations.trust.roots import Message, Proof, Sealed
from release_staging.evidence.tree import unbase64
from release_staging.parsing import json

logging.getLogger("sigstore").addHandler(logging.NullHandler())  # what it has to say stands in the reason
_SAID = 200  # characters of what the library says that a reason quotes
_QUOTED = re.compile(r":? ?', '|: expected| \(|<")

# The log entries that the library verifies the two kinds of content by.
_KINDS: dict[type, tuple[str, ...]] = {
    Sealed: ("dsse 0.0.1", "hashedrekord 0.0.2"),
    Message: ("hashedrekord 0.0.1", "hashedrekord 0.0.2"),
}


class _Unable(Exception):
    """Nothing can be said under this trust root; ``str()`` says why."""


def verify(root: TrustRoot, proof: Proof, signed: Sealed | Message) -> Verification:
    """Whether ``signed`` holds under one trust root. Never raises, whatever the library does."""
    try:
        return _verified(root, proof, signed)
    except _Unable as error:
        return Verification(UNVERIFIABLE, str(error), None, 0)
    except NotAccepted as error:
        return Verification(FAILED, f"trust root {root.id} does not accept who signed: {error}", root.id, 0)
    except VerificationError as error:
        return Verification(FAILED, f"does not hold under trust root {root.id}: {_said(error)}", root.id, 0)
    except BaseException as error:  # its defects, and panics of what it stands on, which are no Exception
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        return Verification(UNVERIFIABLE, f"sigstore broke off under trust root {root.id} ({type(error).__name__})", None, 0)


def _verified(root: TrustRoot, proof: Proof, signed: Sealed | Message) -> Verification:
    """Raises where it does not hold."""
    bundle = _bundle(proof, signed)
    if not isinstance(bundle.signing_certificate.public_key(), ec.EllipticCurvePublicKey):
        raise _Unable("sigstore verifies signatures of ECDSA keys, and the certificate is of another")
    entry = proof.material["tlogEntries"][0]
    kind = "{kind} {version}".format(**entry["kindVersion"])
    if kind not in _KINDS[type(signed)]:
        raise _Unable(f"sigstore does not verify this content by a log entry of kind {kind[:40]!r}")
    tokens = _tokens(bundle)
    try:
        verifier = _verifier(root, relied.members(_parsed(root), bundle.signing_certificate, entry, tokens))
    except relied.Lacking as error:
        raise _Unable(f"trust root {root.id} {error}") from None
    accepted = Accepted(root.identities)
    if isinstance(signed, Message):
        if signed.digest.algorithm != "sha256":
            raise _Unable(f"sigstore does not verify signatures over digests by {signed.digest.algorithm}")
        verifier.verify_artifact(Hashed(algorithm=HashAlgorithm.SHA2_256, digest=signed.digest.value), bundle, accepted)
    elif verifier.verify_dsse(bundle, accepted) != (signed.payload_type, signed.payload):
        raise VerificationError("what sigstore verified is not what was read")
    stamped = tokens[0].time if len(tokens) == 1 and not relied.promised(entry) else None
    reason = f"signed by {accepted.signer}, under trust root {root.id}"
    return Verification(VERIFIED, reason, root.id, 0, by_certificate=True, stamped=stamped)


def _bundle(proof: Proof, signed: Sealed | Message) -> Bundle:
    made = {"mediaType": proof.media_type, "verificationMaterial": proof.material, **_content(signed)}
    other = next((name for name in _names(proof.material) if "_" in name), None)
    if other is not None:  # the library would take it for the name in camel case, which is what is read here
        raise _Unable(f"sigstore cannot be given the bundle: {other[:40]!r} is not how bundles name a member")
    try:
        bundle = Bundle.from_json(orjson.dumps(made, _plain, orjson.OPT_PASSTHROUGH_SUBCLASS))
    except orjson.JSONEncodeError:
        raise _Unable("sigstore cannot be given the bundle: it holds a number of more than 64 bits") from None
    except Error as error:
        fault = _said(error)
        if "inclusion proof" in fault or "inclusionProof" in fault:  # of older bundles, the usual case
            fault = "the log entry has no inclusion proof that it could check"
        raise _Unable(f"sigstore cannot read the bundle: {fault}") from None
    if bundle.signing_certificate.public_bytes(Encoding.DER) != proof.certificate:
        raise _Unable("sigstore reads another certificate in the bundle than is read here")
    return bundle


def _names(value: Any) -> Iterator[str]:
    if type(value) is dict:
        yield from value
    for below in value.values() if type(value) is dict else value if isinstance(value, list) else ():
        yield from _names(below)


def _content(signed: Sealed | Message) -> dict[str, Any]:
    if isinstance(signed, Message):
        return {"messageSignature": {"signature": _base64(unbase64(signed.signature.sig or ""))}}
    signatures = [{"sig": _base64(unbase64(one.sig or ""))} for one in signed.signatures]
    return {"dsseEnvelope": {"payloadType": signed.payload_type, "payload": _base64(signed.payload), "signatures": signatures}}


@lru_cache(maxsize=16)
def _parsed(root: TrustRoot) -> trusted_root.TrustedRoot:
    return trusted_root.parse(root.content or "")


@lru_cache(maxsize=64)
def _verifier(root: TrustRoot, members: relied.Members) -> Verifier:
    """A verifier that knows these members of a trust root, and of no time: ``relied`` holds them to theirs."""
    whole = json.parse((root.content or "").encode())
    for name, numbers in (("tlogs", members.logs), ("ctlogs", members.certificate_logs)):
        whole[name] = [whole[name][number] for number in numbers]
        for log in whole[name]:
            log["publicKey"].pop("validFor", None)
    for name, numbers in (("certificateAuthorities", members.authorities), ("timestampAuthorities", members.stampers)):
        whole[name] = [whole[name][number] | {"validFor": {"start": "1970-01-01T00:00:00Z"}} for number in numbers]
    try:
        return Verifier(trusted_root=TrustedRoot(RootContent.from_json(orjson.dumps(whole))))
    except (ValueError, Error) as error:
        raise _Unable(f"sigstore cannot use trust root {root.id}: {_said(error)}") from None


def _tokens(bundle: Bundle) -> list[relied.Token]:
    held = bundle.verification_material.timestamp_verification_data
    return [
        relied.Token(signer.issuer, signer.serial_number, made.tst_info.gen_time)
        for made in (held.rfc3161_timestamps if held is not None else ())
        for signer in made.signed_data.signer_infos
    ]


def _said(error: Exception) -> str:
    """The library's reason, without the values that it quotes: they are a packet's."""
    cause = error if isinstance(error, pydantic.ValidationError) else error.__context__
    if isinstance(cause, pydantic.ValidationError):
        fault = cause.errors(include_url=False, include_context=False, include_input=False)[0]
        text = f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}"
    else:
        text = _QUOTED.split(str(error).replace("('", ""), maxsplit=1)[0]
    return "".join(one if one.isprintable() else "?" for one in text[:_SAID])


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _plain(value: Any) -> Any:
    """For numbers and arrays that keep how they stand in the document."""
    return list(value) if isinstance(value, list) else float(value)
