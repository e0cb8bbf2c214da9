"""Scanning one document, or a finished record, for what must not be disclosed. What is found is located, never copied."""

from __future__ import annotations

import hashlib
import hmac
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from release_staging.config.disclosure import RECORD, DisclosureRules
from release_staging.disclosure import customer_data, incident_internal
from release_staging.disclosure.hits import Hit
from release_staging.disclosure.secrets import secrets
from release_staging.model import locators
from release_staging.model.exceptions import Code
from release_staging.parsing.text import decode

MOST_OF_A_KIND = 100  # in one document; who redacts scans again


@dataclass(frozen=True)
class Disclosure:
    """Something that must not leave the packet.

    ``kind`` says what it is ("github-pat", "email-address"), ``locator`` where it stands in the document (lines, then
    characters of them), ``digest`` is ``hmac-sha256:`` and the hex HMAC of the found text under the key of the rules: the
    same value has the same digest, and who lacks the key cannot try values against it.
    """

    code: Code
    kind: str
    locator: str
    digest: str


def scan(data: bytes, rules: DisclosureRules, source: str | None) -> list[Disclosure]:
    """What a document of ``source`` discloses, in the order in which it stands there.

    ``source`` None is a document that nobody recognised: every kind counts in it. Raises Unreadable where the bytes are
    no text or too many.
    """
    return scan_text(decode(data), rules, source)


def scan_text(text: str, rules: DisclosureRules, source: str | None = RECORD) -> list[Disclosure]:
    """``scan`` for text, such as a finished record before it is written."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    found: list[tuple[Code, Hit]] = []
    if rules.looks_for("secrets", source):
        found += ((Code.DISCLOSURE_SECRET, hit) for hit in _in_characters(text, secrets(text.encode("utf-8", "surrogatepass"))))
    hidden = [hit for _, hit in found]
    found += ((Code.DISCLOSURE_CUSTOMER_DATA, hit) for hit in _apart(_customer_data(text, rules, source), hidden))
    found += ((Code.DISCLOSURE_INCIDENT_INTERNAL, hit) for hit in _apart(_internal(text, rules, source), hidden))
    return list(_disclosures(text, _without_overlaps(found), rules))


def _customer_data(text: str, rules: DisclosureRules, source: str | None) -> Iterator[Hit]:
    if rules.looks_for("card_numbers", source):
        yield from customer_data.card_numbers(text)
    if rules.looks_for("ibans", source):
        yield from customer_data.ibans(text)
    if rules.looks_for("email_addresses", source):
        yield from customer_data.email_addresses(text, rules)
    if rules.looks_for("phone_numbers", source):
        yield from customer_data.phone_numbers(text)


def _internal(text: str, rules: DisclosureRules, source: str | None) -> Iterator[Hit]:
    if rules.looks_for("internal_hosts", source):
        yield from incident_internal.internal_hosts(text, rules)
    if rules.looks_for("private_addresses", source):
        yield from incident_internal.private_addresses(text)
    if rules.looks_for("internal_markers", source):
        yield from incident_internal.internal_markers(text, rules)


def _in_characters(text: str, hits: Iterable[Hit]) -> list[Hit]:
    """Hits in bytes of the UTF-8 text as hits in its characters."""
    if text.isascii():
        return list(hits)
    data = text.encode("utf-8", "surrogatepass")

    def character(offset: int) -> int:
        return len(data[:offset].decode("utf-8", "ignore"))

    return [Hit(character(hit.start), character(hit.end), hit.kind) for hit in hits]


def _apart(hits: Iterable[Hit], others: list[Hit]) -> Iterator[Hit]:
    """Hits that do not overlap one of ``others``: part of a secret is not told a second time."""
    return (hit for hit in hits if not any(hit.start < other.end and other.start < hit.end for other in others))


def _without_overlaps(found: list[tuple[Code, Hit]]) -> Iterator[tuple[Code, Hit]]:
    """One finding a place: of several that overlap, the longest of those that begin first."""
    end = 0
    for code, hit in sorted(found, key=lambda item: (item[1].start, -item[1].end, item[0], item[1].kind)):
        if hit.start >= end:
            end = hit.end
            yield code, hit


def _disclosures(text: str, found: Iterable[tuple[Code, Hit]], rules: DisclosureRules) -> Iterator[Disclosure]:
    starts: list[int] | None = None
    told: Counter[str] = Counter()
    for code, hit in found:
        told[hit.kind] += 1
        if told[hit.kind] > MOST_OF_A_KIND or hit.end <= hit.start:
            continue
        starts = starts or [0, *(match.end() for match in re.finditer("\n", text))]
        first, last = bisect_right(starts, hit.start) - 1, bisect_right(starts, hit.end - 1) - 1
        place = locators.chars(hit.start - starts[first], hit.end - starts[first])
        digest = hmac.new(rules.digest_key.get_secret_value(), text[hit.start : hit.end].encode("utf-8", "surrogatepass"), hashlib.sha256)
        yield Disclosure(code, hit.kind, f"{locators.lines(first, last + 1)};{place}", "hmac-sha256:" + digest.hexdigest())
