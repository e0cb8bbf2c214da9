"""Transparency log entries (Rekor) beside a signature: when it was logged, and whether what was logged is this signature.

The log's own signatures and proofs are checked with the signature, under a trust root. That an entry is of another signature or
of another payload needs none: such an entry proves nothing of what it stands beside, and is told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from release_staging.evidence.extract import Extract
from release_staging.evidence.provenance_attestations.signatures import VERIFIED, Verification
from release_staging.evidence.tree import SCALARS, Node, unbase64
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code

_PROOF = ("logIndex", "logId/**", "kindVersion/**", "inclusionPromise/**", "inclusionProof/**")
_LAST_TIME = 253402300799  # of the year 9999


def rules(entries: str) -> dict[str, tuple[str, ...]]:
    """The ledger rule for log entries at ``entries``."""
    return {"transparency-log-proof": tuple(f"{entries}/*/{key}" for key in _PROOF)}


def read(entries: Iterable[Node], digests: Collection[str], signatures: Collection[str], outcome: Verification, out: Extract) -> None:
    """Claims when each entry was logged, and tells of one that is of something else.

    ``digests`` are those that the log may know what was signed by, ``algorithm:hex``; ``signatures`` are in base64; ``outcome`` is
    what became of them.
    """
    verified = outcome.state == VERIFIED and outcome.by_certificate
    for entry in entries:
        proven = verified and type(entry["inclusionPromise"].raw) is dict  # without the promise, nothing binds the time to the log
        claim_time(entry["integratedTime"], out, proven=proven)
        compare(entry, "canonicalizedBody", digests, signatures, out)


def compare(entry: Node, key: str, digests: Collection[str], signatures: Collection[str], out: Extract) -> None:
    """Tells where what was logged, in base64 at ``key``, is of something else."""
    decoded = entry.decoded(key) if entry[key].exists else None
    if decoded is None:
        return
    body = decoded[1]
    body.summarise(rule="log-entry-compared")
    given = {data for text in signatures if (data := _bytes(text))}
    algorithms = {digest.partition(":")[0] for digest in digests}
    comparable = {digest for digest in _digests(body.raw) if digest.partition(":")[0] in algorithms}
    for what, found, wanted in (("payload", comparable, {*digests}), ("signature", {*_signatures(body.raw)}, given)):
        if found and wanted and not found & wanted:
            message = f"the transparency log entry is of another {what} than the one it stands beside"
            out.problem(Code.CONTRADICTION, message, entry[key], subject="signature.state")


def claim_time(place: Node, out: Extract, *, proven: bool = False) -> None:
    """Claims the log's time, in seconds since 1970; Rekor v2 writes none, or 0."""
    text = out.scalar(place, accept=SCALARS)
    if text in (None, "0"):
        return
    if not (len(text) <= 12 and text.isascii() and text.isdecimal() and int(text) <= _LAST_TIME):
        out.drift(place, "seconds since 1970")
        return
    time = datetime.fromtimestamp(int(text), UTC).isoformat().replace("+00:00", "Z")
    loss = f"seconds since 1970 written as RFC 3339; the log's own time, {'proven' if proven else 'whose proof is not checked'}"
    out.claim("produced_at", place, value=time, accept=SCALARS, confidence=Confidence.DERIVED, loss=loss)


# Where entries of the kinds hashedrekord, dsse and intoto have them: version 0.0.1 or 0.0.2, then Rekor v2's.
_HASHES = (("data", "hash"), ("payloadHash",), ("content", "payloadHash"), ("hashedRekordV002", "data"), ("dsseV002", "payloadHash"))
_ONE, _SEVERAL = (("signature",), ("hashedRekordV002", "signature")), (("signatures",), ("dsseV002", "signatures"))


def _digests(body: Any) -> Iterator[str]:
    """The digests of what was logged, ``algorithm:hex``."""
    for path in _HASHES:
        found = _at(body, "spec", *path)
        if type(found) is dict:
            algorithm = str(found.get("algorithm", "")).lower().replace("sha2_", "sha")
            value = found.get("value") or ((_bytes(found.get("digest")) or b"").hex())
            if value:
                yield f"{algorithm}:{value}"


def _signatures(body: Any) -> Iterator[bytes]:
    """The signatures that were logged."""
    listed = [_at(body, "spec", *path) for path in _ONE]
    for path in _SEVERAL:
        found = _at(body, "spec", *path)
        listed += found if isinstance(found, list) else []
    for one in listed:
        data = _bytes(one.get("content") or one.get("signature")) if type(one) is dict else None
        if data:
            yield data
    envelope = _at(body, "spec", "content", "envelope", "signatures")
    for one in envelope if isinstance(envelope, list) else ():
        text = _bytes(one.get("sig")) if type(one) is dict else None  # of the kind intoto, base64 of base64
        data = _bytes(text.decode("ascii", "replace")) if text else None
        if data:
            yield data


def _at(value: Any, *path: str) -> Any:
    for key in path:
        value = value.get(key) if type(value) is dict else None
    return value


def _bytes(text: Any) -> bytes | None:
    try:
        return unbase64(text) if isinstance(text, str) else None
    except ValueError:
        return None
