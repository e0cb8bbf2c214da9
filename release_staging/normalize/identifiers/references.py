"""OCI references by the grammar of github.com/distribution/reference."""

from __future__ import annotations

import re
from typing import NamedTuple

from release_staging.normalize.identifiers.digests import BITS
from release_staging.normalize.identifiers.identifier import Identifier
from release_staging.normalize.identifiers.purls import purl

# The grammar's productions by its own names. A name's first component is a domain where it can be no part of a path: it has a dot or
# a port, or is "localhost".
_COMPONENT = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?"
_PORT = r":[0-9]+"
_DOMAIN = rf"localhost(?:{_PORT})?|{_COMPONENT}(?:\.{_COMPONENT})+(?:{_PORT})?|(?:{_COMPONENT}|\[[a-fA-F0-9:]+\]){_PORT}"
_PATH_COMPONENT = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
_PATH = rf"{_PATH_COMPONENT}(?:/{_PATH_COMPONENT})*"
_TAG = r"\w[\w.-]{0,127}"
_DIGEST = r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}"
_REFERENCE = re.compile(rf"(?:(?P<domain>{_DOMAIN})/)?(?P<path>{_PATH})(?::(?P<tag>{_TAG}))?(?:@(?P<digest>{_DIGEST}))?", re.ASCII)
_LONGEST, _LONGEST_PATH = 1000, 255

_SCHEME = re.compile(r"^(?:docker|oci|docker-pullable)://")
_HUB = ("index.docker.io", "registry-1.docker.io", "registry.hub.docker.com", "hub.docker.com")


class Reference(NamedTuple):
    """The parts of an OCI reference. Both tag and digest may be given; the digest then says which image it is."""

    registry: str
    repository: str
    tag: str | None
    digest: str | None

    def __str__(self) -> str:
        return f"{self.registry}/{self.repository}" + (f":{self.tag}" if self.tag else "") + (f"@{self.digest}" if self.digest else "")


def reference(text: str) -> Identifier:
    """An OCI reference with what is implied written out; a purl in its canonical form; a file name as it is.

    A bare name or a path without registry host, tag and digest may as well be a file: it stays what was written.
    """
    bare = text.strip()
    if bare.startswith("pkg:"):
        return purl(bare)
    match = _match(bare)
    if match is None or not (match["domain"] or match["tag"] or match["digest"]):
        return Identifier(bare, False)
    implied = None if match["tag"] or match["digest"] else "the tag is implied, not stated"
    return Identifier(str(_written_out(match)), note=implied)


def split_reference(text: str) -> Reference | None:
    """The parts of an OCI reference, with what Docker implies (``docker.io/library``, ``:latest``) written out.

    None where the text is no reference.
    """
    match = _match(text.strip())
    return _written_out(match) if match else None


def _match(text: str) -> re.Match[str] | None:
    match = _REFERENCE.fullmatch(_SCHEME.sub("", text)) if len(text) <= _LONGEST else None
    if match is None or len(match["path"]) > _LONGEST_PATH:
        return None
    algorithm, _, value = (match["digest"] or "").lower().partition(":")
    return match if len(value) * 4 == BITS.get(algorithm, len(value) * 4) else None


def _written_out(match: re.Match[str]) -> Reference:
    registry, path = (match["domain"] or "docker.io").lower(), match["path"]
    if registry in _HUB:
        registry = "docker.io"
    if registry == "docker.io" and "/" not in path:
        path = f"library/{path}"
    return Reference(registry, path, match["tag"] or (None if match["digest"] else "latest"), (match["digest"] or "").lower() or None)
