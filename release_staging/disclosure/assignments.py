"""Values that stand behind the name of a secret: ``password: x``, ``"api_key": "x"``, ``--token x``, ``<password>x</password>``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from math import log2

from release_staging.disclosure.hits import Hit, occurrences
from release_staging.disclosure.surroundings import near
from release_staging.disclosure.text import Text

_PASSWORDS = (b"password", b"passwd", b"passphrase", b"pwd")
_KEYS = (b"secret", b"token", b"credential", b"bearer", b"key")
_KEY = re.compile(rb"(?:api|access|account|private|auth|signing|signature|encryption|shared|master|service|storage|client)[ _.-]?\Z")

# After a word above: what is left of the name, a sign of assignment, and the value. Quotes may be escaped (JSON in JSON).
_VALUE = rb"""(?P<value>[^\s"'\\,;<>()\[\]{}`|&]{8,400}+)"""
_REST_OF_NAME = rb"""(?:s|[_.-]?(?:value|text|string|plain|key|id|data|base64))?"""
_ASSIGNED = re.compile(
    _REST_OF_NAME
    + rb"""\s{0,3}(?:\\*["'])?\s{0,3}(?:=>|:=|[:=])\s{0,8}(?P<quote>\\*["'`])?"""
    + _VALUE
    + rb"""(?(quote)\s{0,3}\\*["'`]|(?![(\[{]))"""
)
# Between quotes a password may hold the signs that end a bare value.
_QUOTED = re.compile(
    _REST_OF_NAME + rb"""\s{0,3}(?:\\*["'])?\s{0,3}(?:=>|:=|[:=])\s{0,8}(?P<quote>\\*["'])(?P<value>[^\s"'\\`<>{}]{8,128})(?P=quote)"""
)
# People write it out: the password was x. Such a value has to look the part: three kinds of characters, and no compound of words.
_SPOKEN = re.compile(rb"\s{1,3}(?:is|was)(?:\s{0,3}:)?\s{1,3}[\"'`*]{0,2}" + _VALUE)
_SPOKEN_KINDS = 3
_COMPOUND = re.compile(rb"[-/:][A-Za-z]{2}")
# In two fields: {"name": "DB_PASSWORD", "value": "x"}, <property name="db.password" value="x"/>, - name: DB_PASSWORD / value: x,
# "db_password": {"value": "x"}
_NAMED = re.compile(
    _REST_OF_NAME
    + rb"""(?:\\*["'])?\s{0,3}(?:,|:\s{0,8}\{)?\s{0,60}(?:\\*["'])?(?:value|default)(?:\\*["'])?\s{0,3}[:=]\s{0,8}(?:\\*["'])?"""
    + _VALUE
    + rb"""(?![(\[{])"""
)
_ELEMENT = re.compile(_REST_OF_NAME + rb""">\s{0,40}(?:<!\[CDATA\[)?""" + _VALUE + rb"""\s{0,40}(?:\]\]>)?</""")
_FOLLOWS = re.compile(rb"[=\s]\s{0,3}\\*[\"']?" + _VALUE + rb"(?![(\[{])")
_OPTION = re.compile(rb"(?:(?:[\s\"'`]|\A)--[a-z-]{0,40}|\blogin\s{1,8}\S{1,80}\s{1,8})\Z")
_SCHEME = re.compile(rb"authorization\\*[\"']?\s{0,3}[:=]\s{0,3}\\*[\"']?\Z")

_PLACEHOLDER = re.compile(
    rb"^\$|\$[{(\[]|(?-i:\$[A-Z_]{2})|%[A-Za-z_]{2,40}%|%[({\[sdvq]|%[0-9A-Fa-f]{2}|\*{3}|\*:\*|x{4}|X{4}|\.{3}|^<|^#|redacted|masked|withheld|change.?me|place.?holder|example|your[_-]?|dummy|sample|insert|replace|todo|fixme|none|null|undefined"
    rb"|^(?:true|false)$|^(?:my|the|some|user|test|fake|mock|not|foo|bar|pass|password|pwd|secret|token|admin)[_-]?(?:pass|password|pwd|secret|token|key)?\d{0,3}$",
    re.IGNORECASE,
)
# Text that names or verifies something: versions, digests, UUIDs, paths, addresses, references in code and templates.
_PLAIN = re.compile(
    rb"[\^~>=<v]*\d+(?:\.\d+)+|sha\d{1,3}[:-]|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z|[a-z][a-z0-9+.-]*:/|[./~@]|arn:|pkg:"
    rb"|[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)+\Z|projects/|\d+\Z|\d{4}-\d\d-\d\d",
    re.IGNORECASE,
)
# What stands before a word that is no name of a secret: PublicKeyToken, a package in a CPE or purl, the name of a secret in
# an ARN, the id of an access key, and tokens that lead to the next page or say which version was read.
_OTHER_NAME = re.compile(
    rb"(?:public[\w-]{0,20}|(?:cpe:|pkg:|arn:)[^\s\"'<>]{0,80}|x-amz-"
    rb"|(?:next|starting|page|pagination|continuation|cursor|change|update|lock|resume|sync|idempotency)[_-]?)\Z"
)
_NAME_CHARS = 84
# Words and short numbers with dashes between them: billing-tls-2, LicenseRef-scancode-1.1.
_NAME = re.compile(rb"[A-Za-z]{1,24}(?:[-_.](?:[A-Za-z]{1,24}|\w{1,5}))+")


def assigned_secrets(text: Text) -> Iterator[Hit]:
    data, lower = text.data, text.lower
    for words, is_secret in ((_PASSWORDS, _like_a_password), (_KEYS, _like_a_key)):
        for word in words:
            for at in occurrences(lower, word):
                value = _value_of(data, lower, at, word)
                if value is not None and is_secret(value["value"]) and not _OTHER_NAME.search(near(lower, at, _NAME_CHARS)):
                    yield Hit(*value.span("value"), "assigned-secret")


def _value_of(data: bytes, lower: bytes, at: int, word: bytes) -> re.Match[bytes] | None:
    """The value that stands behind the name that ends in the word at ``at``."""
    before, end = near(lower, at, _NAME_CHARS), at + len(word)
    if word == b"key" and not _KEY.search(before):
        return None
    forms = (_ASSIGNED, _NAMED, _ELEMENT, _QUOTED) if word in _PASSWORDS else (_ASSIGNED, _NAMED, _ELEMENT)
    for form in forms:
        if (match := form.match(data, end)) is not None:
            return match
    if word in _PASSWORDS and (match := _SPOKEN.match(data, end)) is not None:
        spoken = match["value"]
        return match if kinds(spoken) >= _SPOKEN_KINDS and not _COMPOUND.search(spoken) else None
    # Without a sign: ``Bearer x``, ``Authorization: token x``, an option of a command line, a line of a netrc.
    if word == b"bearer" or _OPTION.search(before) or (word == b"token" and _SCHEME.search(before)):
        return _FOLLOWS.match(data, end)
    return None


def _like_a_password(value: bytes) -> bool:
    """People's passwords: letters and digits, or more kinds; no word, no reference, no placeholder."""
    return not _PLACEHOLDER.search(value) and not _PLAIN.match(value) and kinds(value) >= 2 and any(48 <= byte <= 57 for byte in value)


def _like_a_key(value: bytes) -> bool:
    """Made keys: long and even; names such as ``billing-tls-2`` are neither."""
    return (
        len(value) >= 16
        and not _PLACEHOLDER.search(value)
        and not _PLAIN.match(value)
        and kinds(value) >= 2
        and sum(48 <= byte <= 57 for byte in value) >= 2
        and entropy(value) >= 3.5
        and not _NAME.fullmatch(value)
    )


def kinds(value: bytes) -> int:
    """How many kinds of characters: small, capital, digits, others."""
    return sum(re.search(kind, value) is not None for kind in (rb"[a-z]", rb"[A-Z]", rb"\d", rb"[^\w.-]"))


def entropy(value: bytes) -> float:
    """Shannon entropy in bits a byte."""
    return -sum(count / len(value) * log2(count / len(value)) for count in Counter(value).values())
