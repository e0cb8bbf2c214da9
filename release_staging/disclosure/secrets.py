"""Credentials: what Kingfisher's rules know, and two kinds of our own that they leave out.

Kingfisher runs in this process and offline; its validation and revocation, which use the network, are not imported.
Compiling its rules takes seconds, so it keeps them in a cache folder: the environment variable ``KF_RULE_CACHE_DIR``,
or the user's cache folder. Comments in a document that ask scanners to look away are not obeyed.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections import Counter
from collections.abc import Iterator
from functools import cache
from math import log2

from kingfisher_sdk import Rules, Scanner

from release_staging.disclosure.hits import Hit

_PASSWORDS = (b"password", b"passwd", b"passphrase", b"pwd")
_KEYS = (
    *(b"secret", b"token", b"apikey", b"api_key", b"api-key", b"access_key", b"accesskey", b"accountkey"),
    *(b"private_key", b"auth_key", b"credential", b"bearer"),
)
# After a word above: the end of a quoted name, a sign of assignment, and the value; quotes may be escaped (JSON in JSON).
_VALUE = rb"""(?P<value>[^\s"'\\,;<>()\[\]{}`|&]{8,200}+)"""
_ASSIGNED = re.compile(
    rb"""s?(?:\\*["'])?\s{0,3}(?:=>|:=|[:=])\s{0,3}(?P<quote>\\*["'])?""" + _VALUE + rb"""(?(quote)\\*["']|(?![(\[{]))"""
)
_FOLLOWS = re.compile(rb"[=\s]\s{0,3}" + _VALUE + rb"(?![(\[{])")
_URL = re.compile(rb"""://(?P<user>[^\s/:@"'<>\\?#]{0,100}):(?P<value>[^\s/@"'<>\\]{3,200})@[A-Za-z0-9\[]""")
_PLACEHOLDER = re.compile(
    rb"\$|%|\*{3}|\*:\*|x{4}|\.{3}|^<|^#|redacted|masked|change.?me|place.?holder|example|your[_-]?|dummy|sample|insert|replace|todo|fixme|none|null|undefined"
    rb"|^(?:true|false)$|^(?:my|the|some|user|test|fake|mock|not|foo|bar|pass|password|pwd|secret|token|admin)[_-]?(?:pass|password|pwd|secret|token|key)?\d{0,3}$",
    re.IGNORECASE,
)
# Text that names or verifies something: versions, digests, UUIDs, paths, addresses, references in code and templates.
_PLAIN = re.compile(
    rb"[\^~>=<v]*\d+(?:\.\d+)+|sha\d{1,3}[:-]|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z|[a-z][a-z0-9+.-]*:/|[./~@]|arn:|pkg:"
    rb"|[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)+\Z|projects/|\d+\Z",
    re.IGNORECASE,
)
_CDATA = re.compile(rb"<!\[CDATA\[|\]\]>")  # Kingfisher's rules ask for a blank or a quote around a token
_TO_STANDARD = bytes.maketrans(b"-_", b"+/")
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{32,}+")
# What stands before a word that is no name of a secret: PublicKeyToken, the package passwd in a CPE or purl.
_OTHER_NAME = re.compile(rb"(?:public[\w-]{0,20}|(?:cpe:|pkg:)[^\s\"'<>]{0,80})\Z", re.IGNORECASE)


def secrets(data: bytes) -> Iterator[Hit]:
    """Credentials in UTF-8 text, in byte offsets; the kind is the rule's name. What base64 hides is found at the base64."""
    for finding in _scanner().scan(_CDATA.sub(lambda match: b" " * len(match[0]), data)):
        if finding.visible:
            place = finding.location
            yield Hit(place["start_offset"], place["end_offset"], finding.rule_id.rpartition(".")[2])
    yield from _own_kinds(data)
    for match in _BASE64.finditer(data):
        inner = _decoded(match[0])
        if inner.isascii() and any(True for _ in _own_kinds(inner)):
            yield Hit(*match.span(), "encoded-secret")


def _decoded(encoded: bytes) -> bytes:
    """The bytes that ``encoded`` encodes in one of the two alphabets of RFC 4648; nothing where it is no base64."""
    standard = encoded.translate(_TO_STANDARD)
    return b64decode(standard + b"=" * (-len(standard) % 4)) if len(standard) % 4 != 1 else b""


def _own_kinds(data: bytes) -> Iterator[Hit]:
    yield from _assignments(data)
    for match in _URL.finditer(data):
        if not _PLACEHOLDER.search(match["value"]):
            yield Hit(*match.span("value"), "url-password")


def _assignments(data: bytes) -> Iterator[Hit]:
    lower = data.lower()  # of bytes: only ASCII letters change, so offsets stay
    for words, is_secret in ((_PASSWORDS, _like_a_password), (_KEYS, _like_a_key)):
        for word in words:
            at = lower.find(word)
            while at >= 0:
                end = at + len(word)
                match = _ASSIGNED.match(data, end) or (_FOLLOWS.match(data, end) if _stands_before(lower, at, word) else None)
                if match and is_secret(match["value"]) and not _OTHER_NAME.search(lower, max(0, at - 84), at):
                    yield Hit(*match.span("value"), "assigned-secret")
                at = lower.find(word, end)


def _stands_before(lower: bytes, at: int, word: bytes) -> bool:
    """Whether the word at ``at`` is followed by its value without a sign: ``Bearer x``, or an option of a command line."""
    return word == b"bearer" or re.search(rb"(?:[\s\"'`]|\A)--[a-z-]{0,40}\Z", lower[max(0, at - 43) : at]) is not None


def _like_a_password(value: bytes) -> bool:
    """People's passwords: letters and digits, or more kinds; no word, no reference, no placeholder."""
    return not _PLACEHOLDER.search(value) and not _PLAIN.match(value) and _kinds(value) >= 2 and any(48 <= byte <= 57 for byte in value)


def _like_a_key(value: bytes) -> bool:
    """Made keys: long and even; names such as ``billing-tls-2`` are neither."""
    return (
        len(value) >= 16
        and not _PLACEHOLDER.search(value)
        and not _PLAIN.match(value)
        and _kinds(value) >= 2
        and sum(48 <= byte <= 57 for byte in value) >= 2
        and _entropy(value) >= 3.5
        and not re.fullmatch(rb"[a-z]+(?:[-_.][a-z0-9]+)+", value)
    )


def _kinds(value: bytes) -> int:
    return sum(re.search(kind, value) is not None for kind in (rb"[a-z]", rb"[A-Z]", rb"\d", rb"[^\w.-]"))


def _entropy(value: bytes) -> float:
    """Shannon entropy in bits a byte."""
    return -sum(count / len(value) * log2(count / len(value)) for count in Counter(value).values())


@cache
def _scanner() -> Scanner:
    return Scanner(Rules(), base64=True)
