"""Detail of an incident that is meant for the inside: host names, private addresses, words that mark a text as internal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from release_staging.config.disclosure import DisclosureRules
from release_staging.disclosure.hits import Hit

_OCTET = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_PRIVATE = re.compile(  # RFC 1918 section 3
    rf"(?<![\w.-])(?:10\.{_OCTET}|172\.(?:1[6-9]|2\d|3[01])|192\.168)\.{_OCTET}\.{_OCTET}(?![\w-]|\.\d)"
)
_VERSION = re.compile(r"ver(?:sion)?s?\W{0,4}\Z", re.IGNORECASE)
_REVERSED = frozenset(
    {"com", "org", "net", "io", "dev", "java", "javax", "sun", "jdk", "edu", "gov", "de", "co", "software", "kotlin", "scala"}
)


def internal_hosts(text: str, rules: DisclosureRules) -> Iterator[Hit]:
    """Host names with an internal end; names of packages (``com.acme.internal``) have their top first and are none."""
    for match in _hosts(rules.internal_host_suffixes).finditer(text):
        host = match[0].lower()
        if host.partition(".")[0] not in _REVERSED and host not in rules.allowed_hosts:
            yield Hit(*match.span(), "internal-host")


def private_addresses(text: str) -> Iterator[Hit]:
    """Addresses of RFC 1918; ``Version=10.0.0.0`` is none."""
    for match in _PRIVATE.finditer(text):
        if not _VERSION.search(text, max(0, match.start() - 16), match.start()):
            yield Hit(*match.span(), "private-address")


def internal_markers(text: str, rules: DisclosureRules) -> Iterator[Hit]:
    for match in _phrases(rules.internal_marker_phrases).finditer(text):
        yield Hit(*match.span(), "internal-marker")


@cache
def _hosts(suffixes: frozenset[str]) -> re.Pattern[str]:
    ends = "|".join(re.escape(suffix) for suffix in sorted(suffixes, key=lambda suffix: (-len(suffix), suffix))) or r"(?!)"
    return re.compile(rf"(?<![\w.-])(?:[a-z0-9](?:[a-z0-9-]{{0,61}}[a-z0-9])?\.){{1,8}}(?:{ends})(?![\w(-]|\.\w)", re.IGNORECASE)


@cache
def _phrases(phrases: tuple[str, ...]) -> re.Pattern[str]:
    ends = "|".join(re.escape(phrase) for phrase in sorted(phrases, key=len, reverse=True)) or r"(?!)"
    return re.compile(rf"(?<!\w)(?:{ends})(?!\w)")
