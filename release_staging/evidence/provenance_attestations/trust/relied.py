"""What of a trust root is relied on for one signature, by whom it names and when it was made.

A trust root says of each of its members for which time: so a key that was lost verifies nothing from then on. The library, which is given
only these members, does not look at that time, or asks the clock.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography import x509

from release_staging.config.trusted_root import Authority, Log, TrustedRoot


@dataclass(frozen=True)
class Token:
    """A timestamp (RFC 3161): by whose certificate it says it is made, and its time."""

    issuer: x509.Name
    serial: int
    time: datetime


class Lacking(Exception):
    """``str()`` says what the trust root has nothing to check with."""


@dataclass(frozen=True)
class Members:
    """The members of a trust root that one signature is held to, by their numbers."""

    logs: tuple[int, ...]
    authorities: tuple[int, ...]
    certificate_logs: tuple[int, ...]
    stampers: tuple[int, ...]


def members(root: TrustedRoot, certificate: x509.Certificate, entry: dict[str, Any], tokens: Sequence[Token]) -> Members:
    """Those of ``root`` that are relied on for a signature. ``entry`` is the log's, as bundles write it. Raises Lacking."""
    by_token = [[number for number, one in enumerate(root.timestamp_authorities) if _signs(one, token)] for token in tokens]
    stamped = [(token, by) for token, by in zip(tokens, by_token, strict=True) if by]
    times = [*promised(entry), *(token.time for token, _ in stamped)]
    if tokens and not stamped and (not times or not root.timestamp_authorities):
        raise Lacking("does not know the authority that made the timestamp")
    stampers = [
        number
        for token, by in stamped
        for number in _covering("the authority that made the timestamp", root.timestamp_authorities, by, [token.time])
    ]
    issuers = [
        number for number, one in enumerate(root.certificate_authorities) if any(_issued(ca, certificate) for ca in one.certificates)
    ]
    _covering("the authority that issued the certificate", root.certificate_authorities, issuers, times)
    log_id = base64.b64decode(entry["logId"]["keyId"])
    return Members(
        logs=_covering(f"the transparency log {log_id.hex()[:16]}", root.tlogs, _called(root.tlogs, log_id), times),
        # Not the named ones alone: what a certificate says of who issued it proves nothing, and who did must be relied on.
        authorities=tuple(number for number, one in enumerate(root.certificate_authorities) if one.covers(times)),
        certificate_logs=tuple(dict.fromkeys(_noted(root, certificate))),
        stampers=tuple(dict.fromkeys(stampers)) or tuple(range(len(root.timestamp_authorities))),
    )


def _noted(root: TrustedRoot, certificate: x509.Certificate) -> Iterator[int]:
    """The certificate logs that say they noted the certificate."""
    timestamps = _extension(certificate, x509.PrecertificateSignedCertificateTimestamps)
    if not timestamps:
        raise Lacking("takes a certificate that a certificate log has noted, and this one says of none")
    for one in timestamps:
        what = f"the certificate log {one.log_id.hex()[:16]}"
        yield from _covering(what, root.ctlogs, _called(root.ctlogs, one.log_id), [one.timestamp.replace(tzinfo=UTC)])


def _called(logs: Sequence[Log], log_id: bytes) -> list[int]:
    return [number for number, log in enumerate(logs) if log.is_called(log_id)]


def _covering(what: str, those: Sequence[Authority | Log], numbers: Sequence[int], times: Sequence[datetime]) -> tuple[int, ...]:
    """Those of ``numbers`` that are relied on at all of ``times``. Raises Lacking where there are none."""
    if not numbers:
        raise Lacking(f"does not know {what}")
    found = tuple(number for number in numbers if those[number].covers(times))
    if not found:
        raise Lacking(f"does not rely on {what} for the time of the signature")
    return found


def promised(entry: dict[str, Any]) -> list[datetime]:
    """The log's own time, where it promises it: otherwise nothing binds it to the log."""
    seconds = int(entry.get("integratedTime") or 0)
    return [datetime.fromtimestamp(seconds, UTC)] if seconds and entry.get("inclusionPromise") else []


def _signs(authority: Authority, token: Token) -> bool:
    signer = authority.certificates[0]
    return (signer.issuer, signer.serial_number) == (token.issuer, token.serial)


def _issued(authority: x509.Certificate, certificate: x509.Certificate) -> bool:
    """Whether ``certificate`` says that it is issued by ``authority``: by its key, or by its name where one does not say which key."""
    own, named = _extension(authority, x509.SubjectKeyIdentifier), _extension(certificate, x509.AuthorityKeyIdentifier)
    if own is None or named is None or named.key_identifier is None:
        return authority.subject == certificate.issuer
    return bool(own.digest == named.key_identifier)


def _extension(certificate: x509.Certificate, kind: type[Any]) -> Any:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None
