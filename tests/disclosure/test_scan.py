import gzip
import hashlib
import hmac
import logging
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from release_staging.config.disclosure import DisclosureRules
from release_staging.disclosure.scan import MOST_OF_A_KIND, scan, scan_text
from release_staging.evidence.resolve import Resolver
from release_staging.model.exceptions import Code
from tests.disclosure.planted import KEY, PEM, RULES, SECRETS

MAIL = "jane@customer.com"


@pytest.mark.parametrize("data", [f"é ü\n🙂 wrote {MAIL}\n".encode(), f"a\r\nb {MAIL}\r\n".encode(), f"a {MAIL}".encode("utf-16")])
def test_the_locator_leads_to_what_was_found(data):
    (found,) = scan(data, RULES, "incident_notes")
    assert Resolver(data).text(found.locator) == MAIL


def test_a_secret_over_several_lines_is_located_whole():
    data = f"é\r\nkey:\r\n{PEM}\r\n".replace("\r\n", "\n").replace("\n", "\r\n").encode()
    (found,) = scan(data, RULES, None)
    assert found.locator.startswith("line=2,16;char=0,")
    assert Resolver(data).text(found.locator).strip() == PEM


def test_the_digest_is_keyed_and_the_same_for_the_same_value():
    first, second = scan(f"{MAIL} and {MAIL}".encode(), RULES, "incident_notes")
    assert first.digest == second.digest == "hmac-sha256:" + hmac.new(KEY, MAIL.encode(), hashlib.sha256).hexdigest()
    other = DisclosureRules(digest_key=KEY[::-1])
    assert scan(MAIL.encode(), other, "incident_notes")[0].digest != first.digest


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
def test_a_found_value_never_leaves_the_scanner(secret, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    found = scan(f"{secret} {MAIL}".encode(), RULES, None)
    said = repr(found) + str(found) + caplog.text + "".join(capfd.readouterr())
    words = [word for part in secret.split() for word in part.split("=") if len(word) > 11 and not word.startswith(("AKIA", "-----"))]
    assert found
    assert not [word for word in [*words, MAIL] if word in said]


def test_one_place_is_told_once():
    found = scan(f"url: postgres://jane:Pa55w0rd9@db.acme.internal/x token: {SECRETS['GitHub token']}".encode(), RULES, None)
    assert [item.code for item in found] == [Code.DISCLOSURE_SECRET, Code.DISCLOSURE_INCIDENT_INTERNAL, Code.DISCLOSURE_SECRET]


def test_a_finished_record_is_scanned_again():
    assert [found.kind for found in scan_text(f'{{"note":"{MAIL}"}}', RULES)] == ["email-address"]
    assert scan_text('{"purl":"pkg:npm/a@1.0.0","digest":"sha256:00"}', RULES) == []


def test_many_findings_are_bounded():
    text = "\n".join(f"user{number}@customer.com" for number in range(5 * MOST_OF_A_KIND))
    assert len(scan(text.encode(), RULES, "incident_notes")) == MOST_OF_A_KIND


@pytest.mark.parametrize(
    "data",
    [f"\xff wrote {MAIL} \xfa\n".encode("latin-1"), f"a {MAIL}\n".encode("utf-16-le"), gzip.compress(f"a {MAIL}\n".encode(), mtime=0)],
)
def test_bytes_that_are_no_text_are_searched_but_not_located(data):
    (found,) = scan(data, RULES, None)
    assert (found.kind, found.locator) == ("email-address", None)


def test_nothing_discloses_nothing():
    assert scan(b"", RULES, None) == []


@given(st.text(alphabet=st.sampled_from(list("a1@.:/=+-_ \n\r\"'\\<>[]{}é🙂")) | st.characters(codec="utf-8"), max_size=300))
def test_every_locator_resolves(text):
    data = text.encode()
    for found in scan(data, RULES, None):
        assert Resolver(data).text(found.locator)


@pytest.mark.parametrize(
    "unit",
    [
        "password",
        "password=",
        "a@",
        "a@b.",
        "4111 ",
        "10.10.",
        "x.internal",
        "://a:",
        "DE89 3704 ",
        "+49 1",
        "--token ",
        "token:'",
        "Zm9v" * 16,
        "tel: 0 ",
    ],
)
def test_hostile_repetition_takes_no_time(unit):
    started = time.process_time()
    scan((unit * (400_000 // len(unit))).encode(), RULES, None)
    assert time.process_time() - started < 10


def test_rules_are_strict_and_never_show_their_key():
    assert KEY.decode() not in repr(RULES) + RULES.model_dump_json() + str(RULES.model_json_schema())
    for wrong in (
        {"digest_key": b"short"},
        {"emails": "everywhere"},
        {"secrets": frozenset({"no_source"})},
        {"allowed_email_domains": frozenset({".Example"})},
    ):
        with pytest.raises(ValidationError) as error:
            DisclosureRules(**({"digest_key": KEY} | wrong))
        assert "short" not in str(error.value)
