"""Identifiers in the one form they are compared in: versions, commits, digests, OCI references, repositories, purls.

Each function takes what the source wrote and returns an ``Identifier``. One that cannot be understood is returned as it
was written, with a note that says so: it is then compared as text.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import NamedTuple
from urllib.parse import urlsplit

from packageurl import PackageURL
from packaging.version import InvalidVersion
from packaging.version import Version as Pep440


class Identifier(NamedTuple):
    """``text`` is the form to compare; ``understood`` is false where it is only what was written; ``note`` says what was lost."""

    text: str
    understood: bool = True
    note: str | None = None


_SEMVER = re.compile(
    r"(?P<release>(?:0|[1-9][0-9]*)\.(?:0|[1-9][0-9]*)\.(?:0|[1-9][0-9]*))(?:-(?P<pre>[0-9A-Za-z.-]+))?(?:\+(?P<build>[0-9A-Za-z.-]+))?"
)
_PRE = re.compile(r"(?P<word>alpha|beta|a|b|c|rc|pre|preview)[.-]?(?P<number>[0-9]+)", re.IGNORECASE)
_LONGEST_VERSION = 256  # what registries take; numbers in it stay convertible
_PRE_WORDS = {"a": "alpha", "b": "beta", "c": "rc", "pre": "rc", "preview": "rc"}


def version(text: str) -> Identifier:
    """The common form of SemVer 2.0.0 and PEP 440: ``v4.12.0rc3`` and ``4.12.0-rc.3`` are both ``4.12.0-rc.3``.

    Build metadata (PEP 440: the local part) is kept: two builds of one version are two candidates.
    """
    bare = text.strip()
    if len(bare) > _LONGEST_VERSION:
        return Identifier(bare, False, "too long for a version")
    if re.match(r"[vV][0-9]", bare):
        bare = bare[1:]
    semver = _SEMVER.fullmatch(bare)
    if semver is not None:
        pre = semver["pre"]
        known = _PRE.fullmatch(pre) if pre else None
        pre = _pre(known["word"], known["number"]) if known else pre
        return Identifier(_joined(semver["release"], pre, semver["build"]))
    try:
        parsed = Pep440(bare)
    except InvalidVersion:
        return Identifier(text.strip(), False, "neither SemVer nor PEP 440")
    if parsed.epoch or parsed.is_postrelease or parsed.is_devrelease:
        return Identifier(str(parsed))
    release = ".".join(str(part) for part in parsed.release)
    return Identifier(_joined(release, _pre(parsed.pre[0], str(parsed.pre[1])) if parsed.pre else None, parsed.local))


def _pre(word: str, number: str) -> str:
    return f"{_PRE_WORDS.get(word.lower(), word.lower())}.{int(number)}"


def _joined(release: str, pre: str | None, build: str | None) -> str:
    return release + (f"-{pre}" if pre else "") + (f"+{build}" if build else "")


def commit(text: str) -> Identifier:
    """A git object id in lower case: 40 (SHA-1) or 64 (SHA-256) hexadecimal digits, or at least 7 of them."""
    bare = text.strip().lower()
    if not re.fullmatch(r"[0-9a-f]{7,64}", bare):
        return Identifier(text.strip(), False, "not a git object id")
    return Identifier(bare) if len(bare) in (40, 64) else Identifier(bare, note=f"only {len(bare)} digits of the git object id")


def same_commit(one: str, other: str) -> bool:
    """Whether two normalised commits can be one: equal, or one an abbreviation of the other with 7 digits or more."""
    short, full = sorted((one, other), key=len)
    return len(short) >= 7 and full.startswith(short)


_LENGTHS = {32: "md5", 40: "sha1", 64: "sha256", 96: "sha384", 128: "sha512"}
_ALGORITHMS = {
    **{f"sha{bits}": f"sha{bits}" for bits in (1, 256, 384, 512)},
    **{f"sha-{bits}": f"sha{bits}" for bits in (1, 256, 384, 512)},
    **{f"sha2_{bits}": f"sha{bits}" for bits in (256, 384, 512)},
    **{f"sha2-{bits}": f"sha{bits}" for bits in (256, 384, 512)},
    "md5": "md5",
}
_BITS = {"md5": 128, "sha1": 160, "sha256": 256, "sha384": 384, "sha512": 512}


def digest(text: str) -> Identifier:
    """``algorithm:hex`` as the OCI writes it, from that, in-toto, Sigstore, SPDX, CycloneDX, SRI or bare hexadecimal spellings.

    Of a reference ``name@digest``, the digest.
    """
    bare = text.strip().rpartition("@")[2]
    if re.fullmatch(r"[0-9a-fA-F]+", bare) and len(bare) in _LENGTHS:
        return Identifier(f"{_LENGTHS[len(bare)]}:{bare.lower()}", note="algorithm told by the length")
    split = re.fullmatch(r"([A-Za-z][A-Za-z0-9_-]*?)[:\-=]([0-9A-Za-z+/_-]+={0,2})", bare)
    algorithm = _ALGORITHMS.get(split[1].lower()) if split else None
    value = _hexadecimal(split[2], _BITS[algorithm]) if split and algorithm else None
    return Identifier(f"{algorithm}:{value}") if value else Identifier(text.strip(), False, "not a digest in a known form")


def _hexadecimal(text: str, bits: int) -> str | None:
    """``text`` as ``bits`` in hexadecimal, from that or from base64 of either alphabet."""
    if len(text) == bits // 4 and re.fullmatch(r"[0-9a-fA-F]+", text):
        return text.lower()
    bare = text.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        value = base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except binascii.Error:
        return None
    return value.hex() if len(value) * 8 == bits else None


class Reference(NamedTuple):
    """The parts of an OCI reference. Both tag and digest may be given; the digest then says which image it is."""

    registry: str
    repository: str
    tag: str | None
    digest: str | None

    def __str__(self) -> str:
        return f"{self.registry}/{self.repository}" + (f":{self.tag}" if self.tag else "") + (f"@{self.digest}" if self.digest else "")


# The grammar of github.com/distribution/reference, part by part.
_SCHEME = re.compile(r"^(?:docker|oci|docker-pullable)://")
_TAG = re.compile(r"[\w][\w.-]{0,127}", re.ASCII)
_DIGEST = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}", re.ASCII)
_PATH = re.compile(r"[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*)*")
_HOST = re.compile(r"(?:localhost|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+|[A-Za-z0-9-]+(?=:))(?::[0-9]+)?", re.ASCII)
_HUB = ("index.docker.io", "registry-1.docker.io", "registry.hub.docker.com", "hub.docker.com")


def split_reference(text: str) -> Reference | None:
    """The parts of an OCI reference, with what Docker implies (``docker.io/library``, ``:latest``) written out.

    None where the text is no reference.
    """
    name, at, value = _SCHEME.sub("", text.strip()).partition("@")
    tag: str | None = None
    if ":" in name.rpartition("/")[2]:
        name, _, tag = name.rpartition(":")
    first, slash, rest = name.partition("/")
    registry, path = (first.lower(), rest) if slash and _HOST.fullmatch(first) else ("docker.io", name)
    if registry in _HUB:
        registry = "docker.io"
    if registry == "docker.io" and "/" not in path:
        path = f"library/{path}"
    if not _PATH.fullmatch(path) or (tag is not None and not _TAG.fullmatch(tag)) or (at and not _DIGEST.fullmatch(value)):
        return None
    return Reference(registry, path, tag or (None if at else "latest"), value.lower() or None)


def reference(text: str) -> Identifier:
    """An OCI reference with what is implied written out; a purl in its canonical form; a file name as it is.

    A bare name or a path without registry host, tag and digest may as well be a file: it stays what was written.
    """
    bare = text.strip()
    if bare.startswith("pkg:"):
        return purl(bare)
    first, slash, _ = _SCHEME.sub("", bare).partition("/")
    says_so = (slash and _HOST.fullmatch(first)) or ":" in bare or "@" in bare
    parts = split_reference(bare) if says_so else None
    return Identifier(str(parts)) if parts else Identifier(bare, False)


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


def purl(text: str) -> Identifier:
    """The canonical form of a package URL (ECMA-427)."""
    try:
        return Identifier(PackageURL.from_string(text.strip()).to_string())
    except ValueError:
        return Identifier(text.strip(), False, "not a package URL")
