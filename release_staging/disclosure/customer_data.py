"""Personal and payment data: card numbers, IBANs, e-mail addresses, phone numbers. Check digits decide where there are any."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stdnum import iban, luhn

from release_staging.config.disclosure import DisclosureRules
from release_staging.disclosure.hits import Hit

_CARD = re.compile(r"(?<![\w.+-])[2-6]\d{3}(?:(?P<gap>[ -]?)\d{4}(?P=gap)\d{4}(?P=gap)\d{2,7}|[ -]?\d{6}[ -]?\d{4,5})(?![\w-]|\.\d)")
# ISO/IEC 7812 ranges of the brands with their lengths: Visa, Mastercard, American Express, Discover, Diners, JCB, UnionPay.
_BRAND = re.compile(
    r"4\d{15}|4\d{18}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|6(?:011|5\d\d|4[4-9]\d)\d{12}|3(?:0[0-5]|[68]\d)\d{11}"
    r"|35(?:2[89]|[3-8]\d)\d{12}|62\d{14,17}"
)
_IBAN = re.compile(r"(?<![\w-])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?(?![\w-])")
_AT = re.compile(r"@(?P<domain>[A-Za-z][A-Za-z0-9-]*(?:\.[A-Za-z0-9-]+)*\.(?P<top>[A-Za-z]{2,24}))(?![\w@-]|\.\w|/)")
_LOCAL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._%+'-]*[A-Za-z0-9_+-])?\Z")
_NO_PERSON = frozenset({"git", "noreply", "no-reply", "donotreply", "do-not-reply", "hg", "svn"})
# What ends a file, a unit or a package and looks like a top-level domain: logo@home.png, getty@console.service.
_NO_DOMAIN = re.compile(
    r"conf|css|gif|go|html|jar|java|jpg|js|json|jsx|log|md|mount|path|png|py|rb|rs|scope|service|sh|slice|so|socket|svg|swap|target"
    r"|timer|toml|ts|tsx|txt|war|xml|ya?ml",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?<![\w.+-])\+[1-9]\d{0,2}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d{1,4}(?:[ .-]?\d{2,4}){2,4}(?![\w-]|\.\d)"
    r"|(?<=[Tt]el: )\d[\d ()-]{6,14}\d|(?<=[Pp]hone: )\d[\d ()-]{6,14}\d|(?<=[Mm]obile: )\d[\d ()-]{6,14}\d"
)
_IN_ADDRESS = re.compile(r"(?:(?:://|\bpkg:)\S*|[/@])\Z")
_LOCAL_CHARS = 64


def card_numbers(text: str) -> Iterator[Hit]:
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if _BRAND.fullmatch(digits) and luhn.is_valid(digits) and len(set(digits)) > 1:
            yield Hit(*match.span(), "card-number")


def ibans(text: str) -> Iterator[Hit]:
    for match in _IBAN.finditer(text):
        if iban.is_valid(match[0]):
            yield Hit(*match.span(), "iban")


def email_addresses(text: str, rules: DisclosureRules) -> Iterator[Hit]:
    """Addresses of people: no package ``name@1.2.3``, no ``user@host`` of a URL or purl, none at the domains that rules allow."""
    for match in _AT.finditer(text):
        local = _LOCAL.search(text, max(0, match.start() - _LOCAL_CHARS), match.start())
        if local is None or _NO_DOMAIN.fullmatch(match["top"]) or local[0].lower() in _NO_PERSON:
            continue
        if _IN_ADDRESS.search(text, max(0, local.start() - 2 * _LOCAL_CHARS), local.start()):
            continue
        domain = match["domain"].lower()
        if not any(domain == allowed or domain.endswith("." + allowed) for allowed in rules.allowed_email_domains):
            yield Hit(local.start(), match.end(), "email-address")


def phone_numbers(text: str) -> Iterator[Hit]:
    for match in _PHONE.finditer(text):
        if 8 <= sum(character.isdigit() for character in match[0]) <= 15:  # ITU-T E.164
            yield Hit(*match.span(), "phone-number")
