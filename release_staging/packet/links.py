"""Linked documents: ``file:`` links inside the folders that policy names. No other scheme, no other host, no network."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from release_staging.model.exceptions import Code
from release_staging.packet.descriptor import Link
from release_staging.packet.problem import Problem
from release_staging.packet.source import read_regular
from release_staging.parsing.limits import LIMITS, Limits, Unreadable
from release_staging.parsing.paths import shown


@dataclass(frozen=True)
class LinkStores:
    """What policy lets links lead into: ``folders`` of this machine, with everything below them."""

    folders: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Resolved:
    """A linked document: its name in the packet, and its bytes, which have the digest that the link declares."""

    name: str
    data: bytes


def resolve(link: Link, stores: LinkStores, limits: Limits = LIMITS) -> Resolved | Problem:
    """The document that ``link`` leads to, or why it is not to be had. The problem has no place yet; the caller knows it."""
    try:
        data = _read(link.url, stores, limits)
    except Unreadable as error:
        return Problem(Code.LINK_UNRESOLVED, link.name, f"link to {link.name} is not resolved: {error}", error.remedy)
    found = hashlib.sha256(data).hexdigest()
    if found != link.sha256:
        return Problem(
            Code.DIGEST_MISMATCH,
            link.name,
            f"{link.name}: the link declares sha256 {link.sha256}, the linked document has {found}",
            "link the document that was meant, or declare its digest, and submit again",
        )
    return Resolved(link.name, data)


def _read(url: str, stores: LinkStores, limits: Limits) -> bytes:
    put_in = "put the document into the packet"
    try:
        parts = urlsplit(url)
    except ValueError:
        raise Unreadable("its address is not a URL", remedy=put_in) from None
    scheme = parts.scheme or "no scheme"
    if parts.scheme != "file":
        raise Unreadable(f"{shown(scheme)!r} addresses are not resolvable in this deployment", remedy=put_in)
    if parts.netloc not in ("", "localhost"):
        raise Unreadable("a file on another host is not resolvable in this deployment", remedy=put_in)
    if parts.query or parts.fragment or not parts.path.startswith("/") or "\0" in unquote(parts.path):
        raise Unreadable("its address is not a plain file: URL with an absolute path", remedy=put_in)
    allowed = next(_inside(Path(unquote(parts.path)), stores), None)
    if allowed is None:
        raise Unreadable("it does not lead into a folder that policy allows links into", remedy=f"{put_in}, or into an allowed folder")
    try:
        return read_regular(allowed, limits)
    except Unreadable:
        raise Unreadable("there is no readable regular file at its address", remedy=f"put the document there, or {put_in}") from None


def _inside(path: Path, stores: LinkStores) -> Iterator[Path]:
    """``path`` without its links, when that is below an allowed folder."""
    try:
        real = path.resolve()
    except (OSError, RuntimeError):  # a loop of links, or a name too long
        return
    for folder in stores.folders:
        if real.is_relative_to(folder.resolve()):
            yield real
