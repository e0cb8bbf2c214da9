"""Secrets, customer data and internal detail, plain and hidden, wherever tools and people write text."""

from __future__ import annotations

import base64
import hashlib
from binascii import crc32
from random import Random
from urllib.parse import quote

from release_staging.evaluation.expected import Expected
from release_staging.evaluation.faults.fault import Faulty, Site, descriptor, fault, having, held
from release_staging.evaluation.packets import Packet
from release_staging.model.exceptions import Code

_SECRET, _CUSTOMER, _INTERNAL = Code.DISCLOSURE_SECRET, Code.DISCLOSURE_CUSTOMER_DATA, Code.DISCLOSURE_INCIDENT_INTERNAL
_ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_PROSE_AND_TESTS = ("incident_notes", "rollback_runbooks", "test_reports")


def _letters(chance: Random, count: int, alphabet: str = _ALPHABET) -> str:
    return "".join(chance.choice(alphabet) for _ in range(count))


def _github_token(chance: Random) -> str:
    """With its checksum: six digits of CRC-32 in base 62."""
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    body = _letters(chance, 30)
    crc, tail = crc32(body.encode()), ""
    for _ in range(6):
        crc, rest = divmod(crc, 62)
        tail = digits[rest] + tail
    return f"ghp_{body}{tail}"


def _jwt(chance: Random) -> str:
    parts = (
        b'{"alg":"HS256","typ":"JWT"}',
        f'{{"sub":"ci","iat":{chance.randint(1, 9)}795162685}}'.encode(),
        _letters(chance, 32).encode(),
    )
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


def _secret(chance: Random) -> str:
    """Credentials of known shape, made up."""
    kinds = (
        lambda: _github_token(chance),
        lambda: f"Authorization: Bearer {_jwt(chance)}",
        lambda: f"password={_letters(chance, 9)}7!Qx",
        lambda: f"postgres://app:{_letters(chance, 12)}9@db.example.com/app",
        lambda: f"AWS_SECRET_ACCESS_KEY={_letters(chance, 40)}",
        lambda: f"xoxb-{_letters(chance, 12, '0123456789')}-{_letters(chance, 12, '0123456789')}-{_letters(chance, 24)}",
        lambda: f"glpat-{_letters(chance, 20)}",
    )
    return chance.choice(kinds)()


def _luhn(body: str) -> str:
    total = 0
    for place, digit in enumerate(reversed(body)):
        number = int(digit) * (2 if place % 2 == 0 else 1)
        total += number - 9 if number > 9 else number
    return body + str(-total % 10)


def _iban(chance: Random) -> str:
    account = _letters(chance, 18, "0123456789")
    check = 98 - int(account + "131400") % 97  # DE is 1314
    return f"DE{check:02d}{account}"


def _written(packet: Packet, site: Site, words: str) -> Packet:
    place = site.places[0]
    return packet.put(site.path, place, f"{packet.text(site.path, place).rstrip()} {words}")


@fault(_SECRET, "A document holds a credential", having("text"))
def secret(packet: Packet, site: Site, chance: Random) -> Faulty:
    return held(_written(packet, site, _secret(chance)), Expected(_SECRET, site.path))


@fault(_SECRET, "A document holds a credential in base64", having("text"))
def secret_encoded(packet: Packet, site: Site, chance: Random) -> Faulty:
    hidden = base64.b64encode(f"db_password={_letters(chance, 14)}7!Qx".encode()).decode()
    return held(_written(packet, site, hidden), Expected(_SECRET, site.path))


@fault(_SECRET, "A document holds a percent-encoded credential", having("text"))
def secret_percent_encoded(packet: Packet, site: Site, chance: Random) -> Faulty:
    hidden = quote(f'{{"db_password": "{_letters(chance, 14)}7!Qx"}}', safe="")
    return held(_written(packet, site, f"https://ci.example.com/hook?body={hidden}"), Expected(_SECRET, site.path))


@fault(_SECRET, "A document holds a credential in JSON within a text", having("text"))
def secret_escaped(packet: Packet, site: Site, chance: Random) -> Faulty:
    return held(_written(packet, site, f'{{"api_token": "{_letters(chance, 32)}"}}'), Expected(_SECRET, site.path))


@fault(_SECRET, "The name of a document is a credential", having("text", "test_reports", "vulnerability_scans"))
def secret_in_name(packet: Packet, site: Site, chance: Random) -> Faulty:
    folder, slash, name = site.path.rpartition("/")
    renamed = packet.builder.rename(site.path, f"{folder}{slash}{_github_token(chance)}-{name}")
    return held(
        packet.with_builder(renamed), Expected(_SECRET, subject=f"document {hashlib.sha256(packet.data(site.path)).hexdigest()[:12]}")
    )


@fault(_SECRET, "The descriptor holds a credential", descriptor)
def secret_in_descriptor(packet: Packet, _: Site, chance: Random) -> Faulty:
    url = f"https://ci:{_letters(chance, 16)}9@ci.example.com/runs/1"
    return held(packet.with_builder(packet.builder.descriptor(candidate={"build": {"url": url}})), Expected(_SECRET, "packet.yaml"))


@fault(_CUSTOMER, "A document holds customer data", having("text", *_PROSE_AND_TESTS))
def customer_data(packet: Packet, site: Site, chance: Random) -> Faulty:
    assert site.document is not None
    kinds = [
        lambda: f"{_letters(chance, 7, 'aeinorst')}.{_letters(chance, 6, 'aeinorst')}@customer-mail-example.eu",
        lambda: _luhn("4" + _letters(chance, 14, "0123456789")),
        lambda: _iban(chance),
    ]
    if site.document.source != "test_reports":
        kinds.append(lambda: f"+49 30 {_letters(chance, 4, '123456789')} {_letters(chance, 4, '123456789')}")
    return held(_written(packet, site, f"First seen by {chance.choice(kinds)()}"), Expected(_CUSTOMER, site.path))


@fault(_INTERNAL, "A document holds internal detail", having("text", *_PROSE_AND_TESTS))
def internal_detail(packet: Packet, site: Site, chance: Random) -> Faulty:
    kinds = (
        lambda: f"on {_letters(chance, 5, 'abcdef')}-db-{chance.randint(1, 9)}.prod.corp",
        lambda: f"from 10.{chance.randint(0, 255)}.{chance.randint(0, 255)}.{chance.randint(1, 254)}",
        lambda: f"at queue.{_letters(chance, 5, 'abcdef')}.internal",
        lambda: chance.choice(("INTERNAL ONLY", "TLP:AMBER", "CONFIDENTIAL")),
    )
    return held(_written(packet, site, chance.choice(kinds)()), Expected(_INTERNAL, site.path))
