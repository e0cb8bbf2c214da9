"""Credentials that are known by their form: passwords in URLs, ``Basic`` headers, private keys, hashes of passwords, signed URLs."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Iterator

from release_staging.disclosure.hits import Hit, occurrences

_URL = re.compile(rb"""://(?P<user>[^\s/:@"'<>\\?#]{0,100}):(?P<value>[^\s/@"'<>\\]{3,200})@[A-Za-z0-9\[]""")
_NO_PASSWORD = re.compile(
    rb"\$|%7B|\{|\*{3}|x{4}|<|redacted|masked|withheld"
    rb"|^(?:password|passwd|pass|pwd|secret|token|x-oauth-basic|user|example)\d?$",
    re.IGNORECASE,
)

# Two words of the form user:password, in base64: HTTP's Basic scheme (RFC 7617), Docker's and npm's configuration.
_PAIRS = (b"asic ", b"auth")
_PAIR = re.compile(
    rb"""(?:asic\s{1,3}|auth\\*"\s{0,3}:\s{0,8}\\*"|(?<=_)auth\s{0,3}=\s{0,3}"?)(?P<value>[A-Za-z0-9+/]{8,400}={0,2})(?![A-Za-z0-9+/])"""
)
_OF_A_PAIR = re.compile(rb"[\x21-\x39\x3b-\x7e]{1,100}:(?P<password>[\x20-\x7e]{3,200})\Z")

# PEM, OpenSSH and PGP, also cut off: a header, and at least a line of the key.
_BREAK = rb"[\s\"',\\]{1,80}"
_PRIVATE = re.compile(
    rb"-----BEGIN[ A-Z0-9_-]{0,60}PRIVATE KEY(?: BLOCK)?-----" + _BREAK + rb"(?:[\w-]{1,40}: [^\n]{0,200}\s{1,80})*[A-Za-z0-9+/=]{40,}"
    rb"(?:" + _BREAK + rb"[A-Za-z0-9+/=]{16,})*"
    rb"(?:(?:" + _BREAK + rb"[A-Za-z0-9+/=]{1,15}){0,2}" + _BREAK + rb"-----END[ A-Z0-9_-]{0,60}KEY(?: BLOCK)?-----)?"
)
_PUTTY = re.compile(rb"PuTTY-User-Key-File-[23]:(?s:.){0,4000}?Private-Lines: \d+\s+[A-Za-z0-9+/=\s]{40,}")
_JWK = re.compile(
    rb"""\\*"kty\\*"\s{0,4}:\s{0,4}\\*"(?:RSA|EC|OKP|oct)\\*"[^{}]{0,6000}?\\*"[dk]\\*"\s{0,4}:\s{0,4}\\*"(?P<value>[A-Za-z0-9_-]{22,})\\*\""""
)
_JWK_BEFORE = re.compile(rb"""\\*"[dk]\\*"\s{0,4}:\s{0,4}\\*"(?P<value>[A-Za-z0-9_-]{22,})\\*"[^{}]{0,2000}\Z""")

_HASH = re.compile(
    rb"(?<![\w$])\$(?:2[abxy]\$\d\d\$[./A-Za-z0-9]{53}|[156]\$(?:rounds=\d+\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{22,86}|y\$[./A-Za-z0-9]{2,8}\$[./A-Za-z0-9]{8,86}\$[./A-Za-z0-9]{43})(?![./\w])"
)
_SIGNED_URL = re.compile(rb"(?<=[?&;])sig=(?P<value>[A-Za-z0-9%/+]{40,120}(?:=|%3[dD]){0,2})")
_OF_A_SIGNED_URL = re.compile(rb"[?&;]s[evp]=")
_FOR_A_WEEK = b"skoid="  # signed with a key of a user, which ends within a week: a download link of a CI system


def credentials(data: bytes) -> Iterator[Hit]:
    for match in _URL.finditer(data):
        if not _NO_PASSWORD.search(match["value"]) and match["value"] != match["user"]:  # test:test
            yield Hit(*match.span("value"), "url-password")
    yield from _pairs(data)
    yield from _private_keys(data)
    for at in occurrences(data, b"$"):
        if (found := _HASH.match(data, at)) is not None:
            yield Hit(*found.span(), "password-hash")
    yield from _signed_urls(data)


def _signed_urls(data: bytes) -> Iterator[Hit]:
    for at in occurrences(data, b"sig="):
        around = data[max(0, at - 400) : at + 500]
        match = _SIGNED_URL.match(data, at)
        if match is not None and _OF_A_SIGNED_URL.search(around) and _FOR_A_WEEK not in around:
            yield Hit(*match.span("value"), "signed-url")


def _pairs(data: bytes) -> Iterator[Hit]:
    for word in _PAIRS:
        for at in occurrences(data, word):
            match = _PAIR.match(data, at)
            if match is not None and _is_pair(match["value"]):
                yield Hit(*match.span("value"), "basic-credentials")


def _is_pair(encoded: bytes) -> bool:
    try:
        pair = _OF_A_PAIR.match(b64decode(encoded, validate=True))
    except Error:
        return False
    return pair is not None and not _NO_PASSWORD.search(pair["password"])


def _private_keys(data: bytes) -> Iterator[Hit]:
    for pattern, word in ((_PRIVATE, b"-----BEGIN"), (_PUTTY, b"PuTTY-User-Key-File-")):
        for at in occurrences(data, word):
            if (match := pattern.match(data, at)) is not None:
                yield Hit(*match.span(), "private-key")
    for at in occurrences(data, b'"kty'):
        match = _JWK.match(data, at) or _JWK_BEFORE.search(data, max(0, at - 4000), at)
        if match is not None:
            yield Hit(*match.span("value"), "private-key")
