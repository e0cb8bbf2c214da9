"""What a Sigstore ``trusted_root.json`` holds: whose certificates, logs and timestamps a deployment trusts, and for which time.

protobuf-specs, ``sigstore_trustroot.proto``. Read as strictly as by the library that verifies with it, so that what it would
refuse when it meets a bundle is refused when the policy is loaded.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Literal

import orjson
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from release_staging.parsing import json


def _bytes(text: object) -> bytes:
    try:
        return base64.b64decode(text, validate=True) if isinstance(text, str) else b""
    except binascii.Error:
        raise ValueError("not base64") from None


def _certificate(text: object) -> x509.Certificate:
    try:
        return x509.load_der_x509_certificate(_bytes(text))
    except ValueError:
        raise ValueError("not an X.509 certificate (DER in base64)") from None


def _public_key(data: bytes) -> bytes:
    try:
        load_der_public_key(data)
    except (ValueError, UnsupportedAlgorithm):
        raise ValueError("not a public key (DER in base64)") from None
    return data


Bytes = Annotated[bytes, BeforeValidator(_bytes), Field(min_length=1)]


class _Message(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, extra="forbid", frozen=True, strict=True, arbitrary_types_allowed=True)


class Period(_Message):
    """When something may be relied on; both ends are within."""

    start: AwareDatetime
    end: AwareDatetime | None = None

    def covers(self, moments: Iterable[datetime]) -> bool:
        return all(self.start <= moment and (self.end is None or moment <= self.end) for moment in moments)


class _PublicKey(_Message):
    raw_bytes: Annotated[Bytes, AfterValidator(_public_key)]
    key_details: str
    valid_for: Period | None = None


class _LogId(_Message):
    key_id: Bytes


class Log(_Message):
    """A transparency log: of signatures, or of certificates."""

    base_url: str
    hash_algorithm: str
    public_key: _PublicKey
    log_id: _LogId
    checkpoint_key_id: _LogId | None = None
    operator: str | None = None

    def is_called(self, key_id: bytes) -> bool:
        return key_id in (self.log_id.key_id, self.checkpoint_key_id and self.checkpoint_key_id.key_id)

    def covers(self, moments: Iterable[datetime]) -> bool:
        return self.public_key.valid_for is None or self.public_key.valid_for.covers(moments)


class _Name(_Message):
    organization: str
    common_name: str


class _Certificate(_Message):
    raw_bytes: Annotated[x509.Certificate, BeforeValidator(_certificate)]


class _Chain(_Message):
    certificates: Annotated[tuple[_Certificate, ...], Field(min_length=1)]


class Authority(_Message):
    """Who issues certificates, or timestamps: its certificates from the one that signs to the root."""

    subject: _Name
    uri: str | None = None
    cert_chain: _Chain
    valid_for: Period
    operator: str | None = None

    @property
    def certificates(self) -> tuple[x509.Certificate, ...]:
        return tuple(one.raw_bytes for one in self.cert_chain.certificates)

    def covers(self, moments: Iterable[datetime]) -> bool:
        return self.valid_for.covers(moments)


class TrustedRoot(_Message):
    """A trusted root. Nothing can be verified under one without an authority, a log and a certificate log, and it is refused."""

    media_type: Literal["application/vnd.dev.sigstore.trustedroot+json;version=0.1"]
    tlogs: Annotated[tuple[Log, ...], Field(min_length=1)]
    certificate_authorities: Annotated[tuple[Authority, ...], Field(min_length=1)]
    ctlogs: Annotated[tuple[Log, ...], Field(min_length=1)]
    timestamp_authorities: tuple[Authority, ...] = ()


def parse(content: str) -> TrustedRoot:
    """The trusted root in a JSON text. Raises ValueError with one line that says what is wrong, and where."""
    try:
        return TrustedRoot.model_validate_json(orjson.dumps(json.parse(content.encode())), strict=True)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(map(str, fault["loc"])) or "document"
        raise ValueError(f"{place}: {fault['msg'].removeprefix('Value error, ')}") from None
    except TypeError:  # a number that is no integer stands nowhere in a trusted root
        raise ValueError("document: holds a number where none belongs") from None
