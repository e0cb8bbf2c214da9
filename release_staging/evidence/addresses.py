"""Addresses as documents write them: the repository or image they lead to, and the credentials they may hold and that are never copied."""

from __future__ import annotations

import re

from release_staging.evidence.extract import Extract, Place
from release_staging.evidence.ledger import DROPPED
from release_staging.evidence.tree import Node
from release_staging.model.confidence import Confidence

_REPOSITORY = re.compile(r"(https?://[^/\s]+/[^?#\s]+?)(?:/-)?(?:/(?:tree|blob|src|releases)(?:/.*)?)?/?\Z")
_USER = r"://(?!git@)[^/@\s]*@"
_CREDENTIALS = re.compile(_USER + r"|[?&][^=&]*(?:token|key|sig|secret|password)[^=&]*=", re.IGNORECASE)


def holds_credentials(address: str) -> bool:
    """Whether the address names a user or hands over something like a token."""
    return _CREDENTIALS.search(address) is not None


def without_credentials(address: str) -> str:
    """The address without user, password, query and fragment: any of them may be a credential."""
    return re.sub(_USER, "://", re.split(r"[?#]", address, maxsplit=1)[0])


def repository_of(address: str) -> str | None:
    """The repository in a web address of it, of a branch, a folder or a release in it; None where it is no such address."""
    found = _REPOSITORY.match(address)
    return found[1] if found else None


def claim_reference(place: Place, out: Extract, *, subject: str | None = None) -> None:
    """Claims the reference of an image at ``place`` and, where it is pinned, the digest in it."""
    out.claim("artifact.reference", place, subject=subject)
    named, pinned, digest = str(place.raw).partition("@")
    if pinned and isinstance(place.raw, str):
        loss = "the digest is taken from the reference"
        out.claim("artifact.digest", place, value=digest, subject=named, confidence=Confidence.DERIVED, loss=loss)


def claim_address(field: str, place: Node, out: Extract, *, subject: str | None = None) -> None:
    """Claims the address at ``place``; that of a repository is cut down to it. One with credentials is dropped: no claim may quote it."""
    address = out.scalar(place)
    if address is None:
        return
    if holds_credentials(address):
        place.shape.mark(DROPPED, "address-with-credentials")
        return
    value = (repository_of(address) or address) if field == "repository.url" else address
    derived = value != address
    loss = "the address is cut down to its repository" if derived else None
    confidence = Confidence.DERIVED if derived else Confidence.EXACT
    out.claim(field, place, value=value, subject=subject, confidence=confidence, loss=loss)
