"""Detail that is meant for the inside: host names, private addresses, words that mark a text as internal.

``prose`` says that people wrote the text: there a host or an address counts wherever it stands. What tools write is full of
endpoints (where a build runs, what an image was pushed to, which range a network has), each the whole value of a field; there
a host or an address counts within sentences, command lines and code, where it is detail of what happened.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from ipaddress import IPv6Address, IPv6Network

from release_staging.config.disclosure import DisclosureRules
from release_staging.disclosure.hits import Hit, occurrences
from release_staging.disclosure.surroundings import field, is_whole_value, near
from release_staging.disclosure.text import Text

_OCTET = rb"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_PRIVATE = re.compile(  # RFC 1918 section 3
    rb"(?<![\w.-])(?:10\.%b|172\.(?:1[6-9]|2\d|3[01])|192\.168)\.%b\.(?P<last>%b)(?P<range>/\d{1,2})?(?![\w-]|\.\d)"
    % (_OCTET, _OCTET, _OCTET)
)
_BEGINNINGS = (b"10.", b"172.", b"192.168.")
_UNIQUE_LOCAL = re.compile(rb"(?<![\w:.])f[cd][0-9a-f]{2}:[0-9a-f:]{2,34}(?![\w:])", re.IGNORECASE)
_UNIQUE_LOCAL_RANGE = IPv6Network("fc00::/7")  # RFC 4193 section 3.1
_LONGEST = 40
_VERSION = re.compile(rb"(?:ver(?:sion)?s?\W{0,4}|\bcpe:\S*|\bpkg:\S*)\Z", re.IGNORECASE)
_HEADING = re.compile(rb"(?:name|title|classname|displayname|fullname)\Z")  # of a test: "10.2.2.1 Change gender"
_REVERSED = frozenset(
    b"com org net io dev java javax sun jdk edu gov de co software kotlin scala var local self this data each module class obj".split()
)
_LABELS = re.compile(rb"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}\Z")
_LONGEST_HOST = 253
_JOINED = re.compile(rb"[\w.-]")
_HOST_ENDS = re.compile(rb"(?![\w(-]|\.\w)")


def internal_hosts(text: Text, rules: DisclosureRules, *, prose: bool) -> Iterator[Hit]:
    """Host names with an internal end; names of packages (``com.acme.internal``) have their top first and are none."""
    data, lower = text.data, text.lower
    for suffix in _longest_first(rules.internal_host_suffixes):
        for at in occurrences(lower, b"." + suffix):
            end = at + 1 + len(suffix)
            if not _HOST_ENDS.match(data, end):
                continue
            before = _LABELS.search(data, max(0, end - _LONGEST_HOST), at + 1)
            if before is None or _JOINED.match(data, max(0, before.start() - 1), before.start()):
                continue
            start, host = before.start(), lower[before.start() : end]
            if host.partition(b".")[0] in _REVERSED or host.decode() in rules.allowed_hosts:
                continue
            if prose or not is_whole_value(data, start, end):
                yield Hit(start, end, "internal-host")


def private_addresses(data: bytes, *, prose: bool) -> Iterator[Hit]:
    """Addresses of RFC 1918 and RFC 4193; ``Version=10.0.0.0`` is none. Outside of prose a range of a network is none either."""
    for beginning in _BEGINNINGS:
        for at in occurrences(data, beginning):
            match = _PRIVATE.match(data, at)
            if match is None or _VERSION.search(near(data, at)):
                continue
            if prose or not (match["range"] or is_whole_value(data, at, match.end()) or _is_a_number_of_a_heading(data, match)):
                yield Hit(at, match.end("last"), "private-address")
    for at in occurrences(data, b"::"):
        match = _UNIQUE_LOCAL.search(data, max(0, at - _LONGEST), at + _LONGEST)
        if match is None or not match.start() < at < match.end() or not _is_unique_local(match[0]):
            continue
        if prose or not is_whole_value(data, *match.span()):
            yield Hit(*match.span(), "private-address")


def _is_a_number_of_a_heading(data: bytes, match: re.Match[bytes]) -> bool:
    return (
        data[match.end() : match.end() + 1] == b" "
        and data[match.start() - 1 : match.start()] == b'"'
        and bool(_HEADING.search(field(data, match.start())))
    )


def _is_unique_local(text: bytes) -> bool:
    try:
        return IPv6Address(text.decode()) in _UNIQUE_LOCAL_RANGE
    except ValueError:
        return False


def internal_markers(data: bytes, rules: DisclosureRules) -> Iterator[Hit]:
    for phrase, pattern in _phrases(rules.internal_marker_phrases):
        for at in occurrences(data, phrase):
            if pattern.match(data, at):
                yield Hit(at, at + len(phrase), "internal-marker")


@cache
def _longest_first(suffixes: frozenset[str]) -> tuple[bytes, ...]:
    return tuple(suffix.encode() for suffix in sorted(suffixes, key=lambda suffix: (-len(suffix), suffix)))


@cache
def _phrases(phrases: tuple[str, ...]) -> tuple[tuple[bytes, re.Pattern[bytes]], ...]:
    """Longest first: of two that begin alike, the longer is told."""
    return tuple(
        (phrase.encode(), re.compile(rb"(?<!\w)%b(?!\w)" % re.escape(phrase.encode()))) for phrase in sorted(phrases, key=len, reverse=True)
    )
