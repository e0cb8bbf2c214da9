"""Addresses as documents write them, cut down to the part that names a thing and holds no secret."""

from __future__ import annotations

import re

_REPOSITORY = re.compile(r"(https?://[^/\s]+/[^?#\s]+?)(?:/-)?(?:/(?:tree|blob|src|releases)(?:/.*)?)?/?\Z")
_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]*@|[?#].*\Z")


def repository_of(address: str) -> str | None:
    """The repository in a web address of it, of a branch or of a folder in it; None where it is no such address."""
    found = _REPOSITORY.match(address)
    return without_credentials(found[1]) if found else None


def without_credentials(address: str) -> str:
    """The address without user, password, query and fragment: any of them may be a credential."""
    return _CREDENTIALS.sub("", address)
