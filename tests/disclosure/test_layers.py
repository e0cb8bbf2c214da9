"""What is written in another encoding, or in several, one within the other, is found, and located in the document as it stands."""

import base64
import gzip
import json
import quopri
import time
import zlib
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from release_staging.disclosure.layers import MOST_LAYERS
from release_staging.disclosure.scan import TOO_DEEP, scan
from release_staging.evidence.resolve import Resolver
from release_staging.model.exceptions import Code
from tests.disclosure.planted import PEM, RULES, SECRETS, made_up

TOKEN = SECRETS["GitHub token"]
SAID = f"the log says {TOKEN} and jane.doe@customer-mail.de paid with 4111 1111 1111 1111 on 10.42.7.19"
KINDS = {"github-pat", "email-address", "card-number", "private-address"}


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def url_safe(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def wrapped(text: str, width: int = 64, indent: str = "") -> str:
    encoded = b64(text)
    return "\n".join(indent + encoded[at : at + width] for at in range(0, len(encoded), width))


def percent(text: str) -> str:
    return "".join(f"%{byte:02x}" for byte in text.encode())


def partly_percent(text: str) -> str:
    return quote(text, safe="") + "&page=2"


def escaped(text: str) -> str:
    return "".join(f"\\u{ord(character):04x}" for character in text)


def in_json(text: str) -> str:
    return json.dumps({"message": f"x\n{text}", "n": 1})


def decimal(text: str) -> str:
    return "".join(f"&#{ord(character)};" for character in text)


def hexadecimal(text: str) -> str:
    return "".join(f"&#x{ord(character):X};" for character in text)


def packed(text: str) -> str:
    return base64.b64encode(gzip.compress(text.encode())).decode()


def deflated(text: str) -> str:
    return base64.b64encode(zlib.compress(text.encode())).decode()


def utf_16(text: str) -> str:
    return base64.b64encode(text.encode("utf-16-le")).decode()


ENCODINGS = {
    "base64": b64,
    "URL-safe base64": url_safe,
    "wrapped base64": wrapped,
    "base64 wrapped in a YAML block": lambda text: "data: |\n" + wrapped(text, 70, "    "),
    "base64 wrapped at any width": lambda text: wrapped(text, 57),
    "base64 wrapped in JSON": lambda text: json.dumps({"data": wrapped(text)}),
    "base64 twice": lambda text: b64(b64(text)),
    "base64 three times": lambda text: b64(b64(b64(text))),
    "base64 at the end of a path": lambda text: "https://x.example/v2/" + url_safe(text),
    "percent": percent,
    "percent where it must be": partly_percent,
    "percent twice": lambda text: quote(percent(text)),
    "JSON escapes": lambda text: f'{{"a": "{escaped(text)}"}}',
    "JSON in JSON": lambda text: in_json(in_json(text)),
    "JSON in JSON in JSON": lambda text: in_json(in_json(in_json(text))),
    "escapes in JSON in JSON": lambda text: in_json(in_json("")[:-1] + f', "b": "{escaped(text)}"}}'),
    "escapes of bytes": lambda text: "'" + "".join(f"\\x{ord(character):02x}" for character in text) + "'",
    "decimal entities": lambda text: f"<a b='{decimal(text)}'/>",
    "hexadecimal entities": lambda text: f"<a>{hexadecimal(text)}</a>",
    "entities within entities": lambda text: f"<a>{decimal(text)}</a>".replace("&", "&amp;"),
    "quoted-printable": lambda text: "Content-Transfer-Encoding: quoted-printable\n\n" + quopri.encodestring(text.encode()).decode(),
    "gzip in base64": packed,
    "zlib in base64": deflated,
    "UTF-16 in base64": utf_16,
    "base64 in JSON in base64": lambda text: b64(in_json(b64(text))),
    "base64 in percent": lambda text: "?q=" + quote(b64(text), safe=""),
    "gzip in base64 in JSON in JSON": lambda text: in_json(in_json(packed(text))),
}


@pytest.mark.parametrize("name", ENCODINGS)
def test_what_is_hidden_is_found_whatever_it_is(name: str) -> None:
    document = f"before\nand {ENCODINGS[name](SAID)} after\n"
    assert {found.kind for found in scan(document.encode(), RULES, "incident_notes")} >= KINDS


@pytest.mark.parametrize("name", ENCODINGS)
def test_it_is_located_within_its_encoded_form(name: str) -> None:
    encoded = ENCODINGS[name](SAID)
    data = f"é: before\r\nand {encoded} after\n".encode()
    for found in scan(data, RULES, "incident_notes"):
        assert found.locator is not None
        assert Resolver(data).text(found.locator) in encoded


def test_a_run_of_base64_is_located_to_the_character() -> None:
    [found] = scan(json.dumps({"a": 1, "payload": b64(f"{'x ' * 500}{TOKEN}{' y' * 500}")}).encode(), RULES, "sboms")
    first, last = map(int, found.locator.rpartition("char=")[2].split(","))
    assert last - first <= 4 * len(TOKEN) // 3 + 8
    assert (found.kind, found.encodings) == ("github-pat", ("base64",))


@pytest.mark.parametrize("encode", [b64, percent, escaped, packed], ids=["base64", "percent", "escapes", "gzip"])
@pytest.mark.parametrize("name", SECRETS)
def test_every_kind_of_secret_is_found_when_it_is_encoded(name: str, encode) -> None:
    found = scan(json.dumps({"payload": encode(f"x {SECRETS[name]} y\n")}).replace("\\\\", "\\").encode(), RULES, "pipeline_runs")
    assert {one.code for one in found} == {Code.DISCLOSURE_SECRET}


def test_the_digest_is_that_of_the_value_however_it_is_written() -> None:
    plain, hidden = (scan(f"a {text} b".encode(), RULES, None)[0] for text in (TOKEN, b64(f"a {TOKEN} b")))
    assert plain.digest == hidden.digest


def test_a_token_is_told_once_and_not_again_for_what_it_encodes() -> None:
    found = scan(SECRETS["JSON Web Token"].encode() + b" " + PEM.encode(), RULES, None)
    assert len(found) == 2


SIMPLE = {
    "b64": b64,
    "url_safe": url_safe,
    "wrapped": wrapped,
    "percent": percent,
    "json": in_json,
    "escaped": escaped,
    "packed": packed,
    "utf_16": utf_16,
}


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(sorted(SIMPLE)), min_size=1, max_size=4))
def test_encodings_in_any_order_hide_nothing(names: list[str]) -> None:
    text = f"a {TOKEN} b"
    for name in names:
        text = SIMPLE[name](text)
    assert [found.kind for found in scan(text.encode(), RULES, "sboms")] == ["github-pat"]


# --- bounds -------------------------------------------------------------------------------------------------------------


def test_what_is_encoded_too_often_is_told() -> None:
    text = f"a {TOKEN} b"
    for _ in range(MOST_LAYERS + 1):
        text = b64(text)
    [found] = scan(text.encode(), RULES, "sboms")
    assert (found.code, found.kind, found.locator) == (Code.EVIDENCE_UNREADABLE, TOO_DEEP, None)


def test_what_grows_without_end_is_told_in_good_time() -> None:
    bomb = base64.b64encode(gzip.compress(gzip.compress(bytes(200 * 2**20)))).decode()
    zeros = base64.b64encode(gzip.compress(b"ab " * (100 * 2**20))).decode()
    started = time.process_time()
    for data in (bomb, zeros):
        found = scan(json.dumps({"a": data}).encode(), RULES, "sboms")
        assert [one.code for one in found] in ([Code.EVIDENCE_UNREADABLE], [])
    assert found
    assert time.process_time() - started < 20


@pytest.mark.parametrize(
    "unit",
    [
        "%41",
        "%",
        "\\",
        "\\u0041",
        "\\\\u0041",
        "&#65;",
        "&amp;",
        "&",
        "=41",
        "QUJD",
        "QUJD\n",
        "H4sIAAAA",
        "\\/",
        "ghp_",
        "\\n",
        "&#x41",
        "A" * 63 + "\n",
    ],
)
def test_hostile_repetition_of_codes_takes_no_time(unit: str) -> None:
    data = ("quoted-printable " + unit * (400_000 // len(unit))).encode()
    started = time.process_time()
    scan(data, RULES, None)
    assert time.process_time() - started < 10


@pytest.mark.parametrize(
    "text",
    [
        f'"integrity": "sha512-{made_up(86)}=="',
        f'"sig": "MEUCIQ{made_up(88)}=="',
        "pkg:npm/%40angular/core@16.2.1?checksum=sha1%3Ad19e6d4b0f5a2d1b3c4d5e6f7a8b9c0d1e2f3a4b",
        b64('{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"billing","digest":{"sha256":"' + "0" * 64 + '"}}]}'),
        "-----BEGIN CERTIFICATE-----\n" + "\n".join(made_up(64) for _ in range(12)) + "\n-----END CERTIFICATE-----",
        "com/acme/billing/InvoiceDeliveryServiceImplementation",
    ],
)
def test_digests_signatures_certificates_and_attestations_hide_nothing(text: str) -> None:
    assert scan(text.encode(), RULES, "provenance_attestations") == []
