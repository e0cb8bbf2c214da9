"""Addresses of source repositories."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from release_staging.normalize.identifiers.identifier import Identifier

_PREFIX = re.compile(r"^(?:scm:)?(?:git[:+])?(?=\S+://|git@)")
_URL = re.compile(r"(?:https?|ssh|git)://\S+")
_SCP = re.compile(r"(?:[\w.-]+@)?(?P<host>[\w-]+(?:\.[\w-]+)+):(?!//)(?P<path>[^:\s]+)", re.ASCII)
_BARE = re.compile(r"(?P<host>[\w-]+(?:\.[\w-]+)+)/(?P<path>[^/\s]+/\S+)", re.ASCII)


def repository(text: str) -> Identifier:
    """``https://host/path`` of a source repository, from any of the ways to write its address.

    Scheme, user, port, ``.git``, a trailing slash, and a revision after ``@`` (SPDX, in-toto) are left out.
    """
    host, path, more = _address(_PREFIX.sub("", text.strip()))
    path, _, revision = path.partition("@")
    path = re.sub(r"\.git$", "", path.strip("/"))
    if not host or not path:
        return Identifier(text.strip(), False, "not the address of a repository")
    return Identifier(f"https://{host.lower()}/{path}", note="a revision, query or fragment is left out" if revision or more else None)


def _address(text: str) -> tuple[str, str, str]:
    """Host, path, and query or fragment; empty where ``text`` is no address."""
    match = _SCP.fullmatch(text) or _BARE.fullmatch(text)
    if match:
        return match["host"], match["path"], ""
    try:
        parts = urlsplit(text if _URL.fullmatch(text) else "")
    except ValueError:
        return "", "", ""
    return parts.hostname or "", parts.path, parts.query or parts.fragment
