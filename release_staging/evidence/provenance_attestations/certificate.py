"""The identity in a signing certificate: what Fulcio writes into it of the CI run that signed.

Fulcio's extensions: https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md. Those from 1.8 on hold DER-encoded text,
the older ones (1.1 to 1.6, written by GitHub Actions alone) the bare bytes. An identity that is an e-mail address is a
person's and is not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat import asn1
from cryptography.hazmat.primitives.serialization import Encoding

from release_staging.evidence.extract import Extract, Place
from release_staging.evidence.provenance_attestations import identity
from release_staging.evidence.provenance_attestations.keys import PublicKey, usable
from release_staging.model.confidence import Confidence

_FULCIO = "1.3.6.1.4.1.57264.1."
_FIRST_DER = 7  # extensions before it hold bare bytes
_GITHUB_ISSUER = "https://token.actions.githubusercontent.com"
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")

# Numbers of the extensions below Fulcio's arc, the one that says it best first.
_ISSUER = (8, 1)
_REPOSITORY, _GITHUB_REPOSITORY = 12, 5
_COMMITS = (13, 3)
_REFS = (14, 6)
_RUN = 21
_USER_NAME = 7  # not an extension but a kind of name


@dataclass(frozen=True)
class Certificate:
    """``key`` is None where it is of a kind that is not used for signing; ``names`` are all names of whoever signs.

    ``extensions`` are Fulcio's, by number.
    """

    der: bytes
    key: PublicKey | None
    names: tuple[str, ...]
    workload: str | None
    extensions: dict[int, str]

    @property
    def issuers(self) -> tuple[str, ...]:
        """Who vouched for the names: one, however many extensions say it."""
        return tuple(dict.fromkeys(self.extensions[number] for number in _ISSUER if number in self.extensions))

    def first(self, numbers: tuple[int, ...]) -> tuple[int, str] | None:
        """Number and text of the first of these extensions that is there."""
        return next(((number, self.extensions[number]) for number in numbers if number in self.extensions), None)


def parse(data: bytes) -> Certificate | None:
    """The certificate in DER or PEM bytes; None where it is not one."""
    try:
        load = x509.load_pem_x509_certificate if data.lstrip().startswith(b"-----BEGIN") else x509.load_der_x509_certificate
        found = load(data)
        extensions = found.extensions
        key = usable(found.public_key())
    except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
        return None
    workload, names = None, list[str]()
    texts: dict[int, str] = {}
    for extension in extensions:
        if isinstance(extension.value, x509.SubjectAlternativeName):
            workload = next(iter(extension.value.get_values_for_type(x509.UniformResourceIdentifier)), None)
            names = list(_names(extension.value))
        elif extension.oid.dotted_string.startswith(_FULCIO) and isinstance(extension.value, x509.UnrecognizedExtension):
            number = extension.oid.dotted_string.removeprefix(_FULCIO)
            text = _text(number, extension.value.value)
            if text:
                texts[int(number)] = text
    return Certificate(found.public_bytes(Encoding.DER), key, tuple(names), workload, texts)


def _names(alternative: x509.SubjectAlternativeName) -> Iterator[str]:
    yield from alternative.get_values_for_type(x509.UniformResourceIdentifier)
    yield from alternative.get_values_for_type(x509.RFC822Name)
    for other in alternative.get_values_for_type(x509.OtherName):
        if other.type_id.dotted_string == f"{_FULCIO}{_USER_NAME}" and (text := _text(str(_USER_NAME), other.value)):
            yield text


def claim(certificate: Certificate, place: Place, out: Extract) -> None:
    """Claims the identity that the certificate at ``place`` names. The whole certificate is the source value."""

    def say(field: str, value: str, said_by: str) -> None:
        out.claim(field, place, value=value, confidence=Confidence.DERIVED, loss=f"{said_by} of the signing certificate")

    if certificate.workload:
        say("builder.id", certificate.workload, "subject alternative name")
    for number, repository in _repositories(certificate):
        say("repository.url", repository, _named(number))
    commit = certificate.first(_COMMITS)
    if commit and _COMMIT.fullmatch(commit[1]):
        say("candidate.commit", commit[1], _named(commit[0]))
    ref = certificate.first(_REFS)
    if ref:
        for field, value in identity.of_ref(ref[1]):
            say(field, value, _named(ref[0]))
    if _RUN in certificate.extensions:
        say("build.url", certificate.extensions[_RUN], _named(_RUN))


def _repositories(certificate: Certificate) -> list[tuple[int, str]]:
    if _REPOSITORY in certificate.extensions:
        return [(_REPOSITORY, certificate.extensions[_REPOSITORY])]
    issuer = certificate.first(_ISSUER)
    if issuer and issuer[1] == _GITHUB_ISSUER and _GITHUB_REPOSITORY in certificate.extensions:
        return [(_GITHUB_REPOSITORY, "https://github.com/" + certificate.extensions[_GITHUB_REPOSITORY])]
    return []


def _named(number: int) -> str:
    return f"extension {_FULCIO}{number}"


def _text(number: str, value: bytes) -> str | None:
    """The text in one of Fulcio's extensions; None for one of another kind."""
    try:
        if not number.isdecimal():
            return None
        return value.decode() if int(number) < _FIRST_DER else asn1.decode_der(str, value)
    except ValueError:
        return None
