"""Whom a policy trusts: public keys, trust roots with the identities that are accepted under them, and builders."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, Any, TypeVar

import pyarrow as pa
import pyarrow.compute as pc
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from pydantic import AfterValidator, Field, model_validator

from release_staging.config import trusted_root
from release_staging.config.load import DataFile, Name, Pattern, Strict, matches_in_linear_time

_SIGNING = (ec.EllipticCurvePublicKey, ed25519.Ed25519PublicKey, rsa.RSAPublicKey)
Text = Annotated[str, Field(min_length=1, max_length=2000)]


def _whole(pattern: str) -> str:
    return rf"\A(?:{pattern})\z"


def _usable_whole(pattern: str) -> str:
    matches_in_linear_time(_whole(pattern))
    return pattern


class TrustedKey(Strict):
    """A public key that may sign attestations: the PEM itself, or a file beside the policy that holds it."""

    id: Name
    pem: str | None = None
    file: Name | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> TrustedKey:
        if (self.pem is None) == (self.file is None):
            raise ValueError("give either pem or file")
        return self


class AcceptedName(Strict):
    """Whose name is accepted: ``exact`` is the whole name, ``pattern`` an RE2 expression that must match the whole name."""

    exact: Text | None = None
    pattern: Annotated[Pattern, AfterValidator(_usable_whole)] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> AcceptedName:
        if (self.exact is None) == (self.pattern is None):
            raise ValueError("give either exact or pattern")
        return self

    def is_of(self, name: str) -> bool:
        if self.pattern is None:
            return name == self.exact
        return bool(pc.match_substring_regex(pa.scalar(name), _whole(self.pattern)).as_py())


class AcceptedIdentity(AcceptedName):
    """Who may sign under a trust root: the subject alternative name of the certificate, and the OIDC issuer that vouched for it."""

    issuer: Text

    def accepts(self, name: str, issuer: str) -> bool:
        return issuer == self.issuer and self.is_of(name)


class AcceptedBuilder(AcceptedName):
    """A builder that provenance may name (SLSA's ``builder.id``), of these services (of every one without any)."""

    services: tuple[Name, ...] = ()

    def accepts(self, builder: str, services: Collection[str] | None) -> bool:
        """Whether this builder may build these services; None where it is not known which they are."""
        return self.is_of(builder) and (services is None or not self.services or not set(self.services).isdisjoint(services))


def _somebody(identities: tuple[AcceptedIdentity, ...]) -> tuple[AcceptedIdentity, ...]:
    if not identities:
        raise ValueError("name at least one: anybody can get a certificate, so without one anybody's signature would do")
    return identities


class TrustRoot(Strict):
    """A Sigstore trusted root (the JSON itself, or a file beside the policy that holds it), and who is accepted under it."""

    id: Name
    content: str | None = None
    file: Name | None = None
    identities: Annotated[tuple[AcceptedIdentity, ...], AfterValidator(_somebody), Field(json_schema_extra={"minItems": 1})]

    @model_validator(mode="after")
    def _one_of_both(self) -> TrustRoot:
        if (self.content is None) == (self.file is None):
            raise ValueError("give either content or file")
        return self


Named = TypeVar("Named", TrustedKey, TrustRoot)


def keys(file: DataFile[Any]) -> tuple[TrustedKey, ...]:
    """The policy's keys, each with its PEM and no file, so that a digest is over what is trusted. Raises ConfigurationError."""
    found = []
    for number, key in enumerate(file.value.trusted_keys):
        place, pem = _content(file, f"/trusted_keys/{number}", key.file, "pem", key.pem)
        try:
            known = load_pem_public_key(pem.encode())
        except (ValueError, UnsupportedAlgorithm):
            file.refuse(place, "not a public key in PEM (SubjectPublicKeyInfo)")
        if pem.count("-----BEGIN ") > 1:
            file.refuse(place, "more than one PEM text: list each key by itself")
        if not isinstance(known, _SIGNING):
            file.refuse(place, "not a key that signs attestations: those are RSA, ECDSA and Ed25519")
        found.append(TrustedKey(id=key.id, pem=pem))
    return _each_once(file, "trusted_keys", found)


def roots(file: DataFile[Any]) -> tuple[TrustRoot, ...]:
    """The policy's trust roots, each with its content and no file. Raises ConfigurationError."""
    found = []
    for number, root in enumerate(file.value.trust_roots):
        place, content = _content(file, f"/trust_roots/{number}", root.file, "content", root.content)
        try:
            trusted_root.parse(content)
        except ValueError as error:
            file.refuse(place, f"not a Sigstore trusted root: {error}")
        found.append(TrustRoot(id=root.id, content=content, identities=root.identities))
    return _each_once(file, "trust_roots", found)


def _content(file: DataFile[Any], entry: str, name: str | None, key: str, content: str | None) -> tuple[str, str]:
    """Where the content of an entry stands, and the content: written there, or in the file of this name."""
    if name is None:
        return f"{entry}/{key}", content or ""
    place = f"{entry}/file"
    try:
        return place, (file.path.parent / name).read_text("utf-8")
    except OSError as error:
        file.refuse(place, f"{name} cannot be read: {error.strerror}")
    except UnicodeDecodeError:
        file.refuse(place, f"{name} is not a text file")


def _each_once(file: DataFile[Any], section: str, found: list[Named]) -> tuple[Named, ...]:
    """``found``, where each has its own id: what is verified names it."""
    for number, one in enumerate(found):
        if any(one.id == other.id for other in found[:number]):
            file.refuse(f"/{section}/{number}/id", f"two {section.replace('_', ' ')} are called {one.id!r}")
    return tuple(found)
