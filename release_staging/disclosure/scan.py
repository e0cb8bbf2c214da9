"""Scanning one document, or a finished record, for what must not be disclosed. What is found is located, never copied."""

from __future__ import annotations

import hashlib
import hmac
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from release_staging.config.disclosure import RECORD, DisclosureRules
from release_staging.disclosure import blobs, customer_data, incident_internal
from release_staging.disclosure.hits import Hit, occurrences
from release_staging.disclosure.layers import Place, layers
from release_staging.disclosure.pieces import Budget
from release_staging.disclosure.secrets import secrets
from release_staging.disclosure.surroundings import is_markup
from release_staging.disclosure.text import Text
from release_staging.model import locators
from release_staging.model.exceptions import Code
from release_staging.parsing.limits import LIMITS, Unreadable
from release_staging.parsing.text import decode

MOST_OF_A_KIND = 100  # told of one document; who redacts scans again
MOST_HITS = 10_000  # of one detector in one layer; more than anybody redacts one by one
TOO_DEEP = "text in more layers of encoding than are looked through"


@dataclass(frozen=True)
class Disclosure:
    """Something that must not leave the packet.

    ``kind`` says what it is ("github-pat", "email-address"), ``encodings`` in what it stands hidden, from the outside in;
    ``locator`` where it stands in the document (lines, then characters of them), None where the document is no text. ``digest``
    is ``hmac-sha256:`` and the hex HMAC of the found text under the key of the rules: the same value has the same digest, and
    who lacks the key cannot try values against it.
    """

    code: Code
    kind: str
    locator: str | None
    digest: str
    encodings: tuple[str, ...] = ()

    @property
    def what(self) -> str:
        """The find in words that do not repeat it."""
        return self.kind + "".join(f" within {encoding}" for encoding in reversed(self.encodings))

    @property
    def told(self) -> str:
        """``what``, and the beginning of the digest, by which the same value elsewhere can be known."""
        return f"{self.what} ({self.digest[:24]})" if self.digest else self.what


@dataclass(frozen=True)
class Find:
    """A find before it is told. ``place`` has the found text in it: it stays within this package."""

    code: Code
    kind: str
    place: Place = field(repr=False)


def scan(data: bytes, rules: DisclosureRules, source: str | None) -> list[Disclosure]:
    """What a document of ``source`` discloses, in the order in which it stands there.

    ``source`` None is a document that nobody recognised. Bytes that are no text are searched too, but not located.
    """
    return search(data, rules, source)[0]


def search(data: bytes, rules: DisclosureRules, source: str | None) -> tuple[list[Disclosure], list[Find]]:
    """``scan``, and the finds themselves: for ``conceal``, and for nobody else."""
    text, is_text = readable(data)
    found = finds(text, rules, source)
    return _disclosures(text, found, rules, located=is_text), found


def scan_text(text: str, rules: DisclosureRules, source: str | None = RECORD) -> list[Disclosure]:
    """``scan`` for text, such as a finished record before it is written."""
    data = _with_plain_lines(text.encode("utf-8", "surrogatepass"))
    return _disclosures(data, finds(data, rules, source), rules, located=True)


def readable(data: bytes) -> tuple[bytes, bool]:
    """The bytes as UTF-8 with LF alone as line end, and whether they are text that says so itself."""
    with suppress(Unreadable):
        text = decode(data)
        if "\0" not in text[:16]:  # else UTF-16 that does not say so
            return _with_plain_lines(text.encode()), True
    data = data[: LIMITS.document_bytes]
    unpacked = blobs.unpacked(data, Budget.of(data))
    return _with_plain_lines(unpacked or blobs.text_of(data) or data), False


def _with_plain_lines(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in data else data


def finds(data: bytes, rules: DisclosureRules, source: str | None) -> list[Find]:
    """What stands in ``data`` and in what it hides; each place once."""
    found: list[Find] = []
    budget = Budget.of(data)
    prose = rules.is_prose(source) if source is not None else not is_markup(data)
    for layer in layers(data, budget):
        placed = [Find(code, hit.kind, layer.place(hit.start, hit.end)) for code, hit in _in_layer(layer.text, rules, source, prose)]
        found += placed if layer.above is None else _not_within(placed, found)
    if budget.exceeded:
        found.append(Find(Code.EVIDENCE_UNREADABLE, TOO_DEEP, Place(0, len(data), ())))
    return sorted(found, key=lambda find: (find.place.start, -find.place.end, find.code, find.kind))


def _in_layer(text: Text, rules: DisclosureRules, source: str | None, prose: bool) -> Iterator[tuple[Code, Hit]]:
    hidden = _apart(islice(secrets(text), MOST_HITS) if rules.looks_for("secrets", source) else (), [])
    personal = _apart(_customer_data(text, rules, source, prose), hidden)
    internal = _apart(_internal(text, rules, source, prose), [*hidden, *personal])
    yield from ((Code.DISCLOSURE_SECRET, hit) for hit in hidden)
    yield from ((Code.DISCLOSURE_CUSTOMER_DATA, hit) for hit in personal)
    yield from ((Code.DISCLOSURE_INCIDENT_INTERNAL, hit) for hit in internal)


def _customer_data(text: Text, rules: DisclosureRules, source: str | None, prose: bool) -> Iterator[Hit]:
    if rules.looks_for("card_numbers", source):
        yield from islice(customer_data.card_numbers(text), MOST_HITS)
    if rules.looks_for("ibans", source):
        yield from islice(customer_data.ibans(text), MOST_HITS)
    if rules.looks_for("social_security_numbers", source):
        yield from islice(customer_data.social_security_numbers(text), MOST_HITS)
    if rules.looks_for("email_addresses", source):
        yield from islice(customer_data.email_addresses(text, rules, prose=prose), MOST_HITS)
    if rules.looks_for("phone_numbers", source):
        yield from islice(customer_data.phone_numbers(text, prose=prose), MOST_HITS)


def _internal(text: Text, rules: DisclosureRules, source: str | None, prose: bool) -> Iterator[Hit]:
    if rules.looks_for("internal_hosts", source):
        yield from islice(incident_internal.internal_hosts(text, rules, prose=prose), MOST_HITS)
    if rules.looks_for("private_addresses", source):
        yield from islice(incident_internal.private_addresses(text.data, prose=prose), MOST_HITS)
    if rules.looks_for("internal_markers", source):
        yield from islice(incident_internal.internal_markers(text.data, rules), MOST_HITS)


def _apart(hits: Iterable[Hit], others: list[Hit]) -> list[Hit]:
    """One hit a place: of several that overlap, the longest of those that begin first; none that is part of ``others``."""
    taken = sorted((other.start, other.end) for other in others)
    kept: list[Hit] = []
    end = 0
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end, hit.kind)):
        number = bisect_right(taken, (hit.end - 1, 1 << 62))
        within_another = number > 0 and taken[number - 1][1] > hit.start
        if hit.start >= end and hit.end > hit.start and not within_another:
            end = hit.end
            kept.append(hit)
    return kept


def _not_within(inner: list[Find], outer: list[Find]) -> list[Find]:
    """Finds of a layer that are not part of what was found further out: a token is told once, not again for what it encodes."""
    taken = sorted((find.place.start, find.place.end) for find in outer)
    kept = []
    for find in inner:
        number = bisect_right(taken, (find.place.start, 1 << 62))
        if not (number and taken[number - 1][1] >= find.place.end):
            kept.append(find)
    return kept


def _disclosures(data: bytes, found: Iterable[Find], rules: DisclosureRules, *, located: bool) -> list[Disclosure]:
    places = _Places(data)
    told: Counter[str] = Counter()
    key = rules.digest_key.get_secret_value()
    disclosures = []
    for find in found:
        told[find.kind] += 1
        if told[find.kind] > MOST_OF_A_KIND:
            continue
        locator = places.locator(find.place) if located and find.code is not Code.EVIDENCE_UNREADABLE else None
        digest = "hmac-sha256:" + hmac.new(key, find.place.texts[0], hashlib.sha256).hexdigest() if find.place.texts else ""
        disclosures.append(Disclosure(find.code, find.kind, locator, digest, find.place.encodings))
    return disclosures


class _Places:
    """Locators of places that come in the order in which they stand: each character is counted once, in a line of any length."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._line = self._at = self._characters = 0

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(at + 1 for at in occurrences(self._data, b"\n"))]

    def locator(self, place: Place) -> str:
        first, last = bisect_right(self._starts, place.start) - 1, bisect_right(self._starts, place.end - 1) - 1
        if first != self._line:
            self._line, self._at, self._characters = first, self._starts[first], 0
        self._characters += self._count(self._at, place.start)
        self._at = place.start
        end = self._characters + self._count(place.start, place.end)
        return f"{locators.lines(first, last + 1)};{locators.chars(self._characters, end)}"

    def _count(self, start: int, end: int) -> int:
        return len(self._data[start:end].decode("utf-8", "replace"))
