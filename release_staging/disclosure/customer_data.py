"""Personal and payment data: card numbers, IBANs, social security numbers, e-mail addresses, phone numbers.

Check digits and ranges decide where there are any. ``prose`` says that people wrote the text: there an address counts wherever
it stands. In what tools write, the address of who made, published or maintains something is no customer's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from stdnum import iban, luhn

from release_staging.config.disclosure import DisclosureRules
from release_staging.disclosure.domains import MAIL
from release_staging.disclosure.hits import Hit, occurrences
from release_staging.disclosure.surroundings import around, field, within_field
from release_staging.disclosure.text import Text

_CARD_SHAPES = ((b"0" * 12, 12), (b"0000-0000-0000", 5), (b"0000-000000-0000", 5))
_CARD = re.compile(rb"(?<![\w.+-])[2-6]\d{3}(?:(?P<gap>[ -]?)\d{4}(?P=gap)\d{4}(?P=gap)\d{2,7}|[ -]?\d{6}[ -]?\d{4,5})(?![\w-]|\.\d)")
# ISO/IEC 7812 ranges of the brands with their lengths: Visa, Mastercard, American Express, Discover, Diners, JCB, UnionPay.
_BRAND = re.compile(
    r"4\d{15}|4\d{18}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|6(?:011|5\d\d|4[4-9]\d)\d{12}|3(?:0[0-5]|[68]\d)\d{11}"
    r"|35(?:2[89]|[3-8]\d)\d{12}|62\d{14,17}"
)
_IBAN = re.compile(rb"(?<![\w-])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![\w-])")
_SSN_WORDS = (b"ssn", b"social")
_SSN = re.compile(
    rb"(?:(?<=ssn)|[ _-]?security)[^\n\d]{0,40}?(?<![\w-])"
    rb"(?P<ssn>(?!000|666|9)\d{3}(?P<gap>[ -]?)(?!00)\d{2}(?P=gap)(?!0000)\d{4})(?![\w-])",
    re.IGNORECASE,
)

_AT = re.compile(rb"@(?P<domain>[A-Za-z0-9][A-Za-z0-9-]*(?:\.[A-Za-z0-9-]+)*\.(?P<top>[A-Za-z]{2,24}))(?![\w@-]|\.\w|/)")
_LOCAL = re.compile(rb"[A-Za-z0-9](?:[A-Za-z0-9._%+'-]*[A-Za-z0-9_+-])?\Z")
_LOCAL_CHARS = 64
_IN_ADDRESS = re.compile(rb"(?:(?::\\*/\\*/|\bpkg:)\S*|[/@])\Z")
# Mailboxes that nobody reads, and user names of remotes.
_NOBODY = re.compile(rb"(?:git|hg|svn|no-?reply|do-?not-?reply)(?:[+._-].*)?\Z", re.IGNORECASE)
# Mailboxes of a role or a list (RFC 2142 and its like): of a project or vendor, in what tools write.
_ROLE = re.compile(
    rb"(?:abuse|admin|announce|bounces?|bugs?|builds?|ci|containers|contact|cna|cve|dev|developers?|devel|hello|help|hostmaster|info|issues|list"
    rb"|maintainers?|marketing|news|noc|nvd|postmaster|press|product-?cert|psirt|report|root|sales|sec|secalert|security|service|support|team|tools|webmaster)"
    rb"(?:[+._-].*)?\Z|.*[._-](?:advisories|announce|bulletins|bugs|dev|devel|list|security|subscribe|team|users)\Z",
    re.IGNORECASE,
)
# Who made something, by the names of fields in SBOMs, commits, builds, charts, advisories.
_MAKER = re.compile(
    rb"(?:.*[._-])?(?:author|committer|contributor|maintainer|originator|person|organization|publisher|supplier|vendor|creator|created|pusher|packager)"
    rb"s?(?:[._-]?(?:e?-?mail|by|name|details|identity))*|.*(?:author|committer|creator)_?e?mail|.*contributors?|uniquename|from|source|identifier|url|contact_?details"
    rb"|(?:(?:app|asset|code|component|package|product|repo|repository|resource|service|system|team)[._-]?)?owners?(?:[._-]?e?-?mail)?|createdby|.*-by|by|vcscommitauthoremail|tagger|message-id|in-reply-to|references|content-id",
    re.IGNORECASE,
)
_MADE_BY = re.compile(
    rb"\b(?:authors?|committer|contributors?|maintainers?|creators?|publisher|supplier|pusher|originator|owners?|contacts?|contact_?details|triggered_by|requested_?for"
    rb"|(?:created|updated|modified|changed|triggered|requested|started|queued|merged|pushed|reviewed|approved|ignored)_?by|tool|driver)\b\\*[\"']?\s{0,8}(?:[:=]\s{0,40}[\[{]|:\s*\n|>)",
    re.IGNORECASE,
)
_ACCOUNT = re.compile(rb"avatar_?url|gravatar", re.IGNORECASE)  # of a forge: of a developer
_REFERENCE = re.compile(rb"\]\(https?:")  # the name of a source of an advisory
_OF_A_MAKER = re.compile(rb".*(?:e?-?mail|name|identifier|login|id)", re.IGNORECASE)
# Licences and copyright notices name their authors.
_RIGHTS = re.compile(
    rb"copyright|\(c\) (?:19|20)\d\d|\xc2\xa9|written permission|permission is hereby|wrote this file|all rights reserved|warrant(?:y|ies)"
    rb"|licen[cs]e(?:d under| agreement| \(|s? text)|this software",
    re.IGNORECASE,
)
# What ends a file, a unit or a package and looks like a top-level domain: logo@home.png, getty@console.service.
_NO_MAIL = re.compile(r"(?:openssh\.com|libssh\.org)\Z|ec2-\d")  # names of SSH's algorithms, machines to log in to
_VERSION = re.compile(rb"\d+\.\d+\.")  # logging@3.1.3.GA
_FILES = frozenset(b"md mm py rs sh so st".split())  # what ends a file, too
_IN_TOOLS = MAIL - _FILES - frozenset(b"service tools".split())
_IN_PROSE = MAIL | _FILES

_PHONE = re.compile(
    rb"(?<![\w.+-])\+(?!\d{4}-\d\d-\d\d)[1-9]\d{0,2}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d{1,4}(?:[ .-]?\d{2,4}){2,4}(?![\w-]|\.\d)",
)
_PHONE_WORDS = (b"tel", b"phone", b"mobile")
_LABELLED_PHONE = re.compile(
    rb"(?:(?<![A-Za-z])(?:[Tt]el(?:ephone)?|[Pp]hone|[Mm]obile)|(?<=[a-z])(?:Phone|Mobile))(?:[ _-]?(?:[Nn]umber|[Nn]o|[Nn]r))?\.?"
    rb"[\"']?\s?[:=]\s?[\"']?(?P<number>\d[\d ()/-]{6,14}\d)(?![\w-]|\.\d)"
)
_FICTION = re.compile(rb"1?[2-9]\d\d555\d{4}")  # of North America: the exchange of films and examples
_FEWEST_DIGITS, _MOST_DIGITS = 8, 15  # ITU-T E.164


def card_numbers(text: Text) -> Iterator[Hit]:
    for at in sorted({at for word, step in _CARD_SHAPES for at in occurrences(text.shape, word, step)}):
        match = _CARD.match(text.data, at)
        if match is not None:
            digits = re.sub(r"\D", "", match[0].decode())
            if _BRAND.fullmatch(digits) and luhn.is_valid(digits) and len(set(digits)) > 1:
                yield Hit(*match.span(), "card-number")


def ibans(text: Text) -> Iterator[Hit]:
    for at in occurrences(text.shape, b"AA00"):
        match = _IBAN.match(text.data, at)
        if match is not None and iban.is_valid(match[0].decode()):
            yield Hit(*match.span(), "iban")


def social_security_numbers(text: Text) -> Iterator[Hit]:
    """Numbers of the United States; nine digits say nothing of themselves, so they count behind their name only."""
    for word in _SSN_WORDS:
        for at in occurrences(text.lower, word):
            if text.lower[at - 1 : at].isalpha():  # className
                continue
            match = _SSN.match(text.data, at + len(word))
            if match is not None:
                yield Hit(*match.span("ssn"), "us-social-security-number")


def email_addresses(text: Text, rules: DisclosureRules, *, prose: bool) -> Iterator[Hit]:
    """Addresses of people: no package ``name@1.2.3``, no ``user@host`` of a URL or purl, none at the domains that rules allow."""
    data = text.data
    for at in occurrences(data, b"@"):
        match = _AT.match(data, at)
        if match is None:
            continue
        top = match["top"].lower()
        local = _LOCAL.search(data, max(0, at - _LOCAL_CHARS), at)
        if local is None or top not in (_IN_PROSE if prose else _IN_TOOLS) or _VERSION.match(match["domain"]) or _NOBODY.match(local[0]):
            continue
        if _IN_ADDRESS.search(data, max(0, local.start() - 2 * _LOCAL_CHARS), local.start()):
            continue
        domain = match["domain"].lower().decode()
        if _NO_MAIL.match(domain):
            continue
        if any(domain == allowed or domain.endswith("." + allowed) for allowed in rules.allowed_email_domains):
            continue
        if prose or not (_ROLE.match(local[0]) or _is_makers(data, local.start(), match.end())):
            yield Hit(local.start(), match.end(), "email-address")


def _is_makers(data: bytes, start: int, end: int) -> bool:
    name = field(data, start)
    if _MAKER.fullmatch(name) or _REFERENCE.match(data, end):
        return True
    if _ACCOUNT.search(around(data, start, end)) and _OF_A_MAKER.fullmatch(name):
        return True
    if _OF_A_MAKER.fullmatch(name) and within_field(data, start, _MADE_BY):
        return True
    return _RIGHTS.search(around(data, start, end)) is not None


def phone_numbers(text: Text, *, prose: bool) -> Iterator[Hit]:
    data = text.data
    for start, end in _phone_numbers(text):
        digits = bytes(byte for byte in data[start:end] if 48 <= byte <= 57)
        if (
            _FEWEST_DIGITS <= len(digits) <= _MOST_DIGITS
            and not _FICTION.fullmatch(digits)
            and (prose or not within_field(data, start, _MADE_BY))
        ):
            yield Hit(start, end, "phone-number")


def _phone_numbers(text: Text) -> Iterator[tuple[int, int]]:
    for at in occurrences(text.data, b"+"):
        if (match := _PHONE.match(text.data, at)) is not None:
            yield match.span()
    for word in _PHONE_WORDS:
        for at in occurrences(text.lower, word):
            if (match := _LABELLED_PHONE.match(text.data, at)) is not None:
                yield match.span("number")
