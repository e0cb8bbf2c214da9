import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from release_staging.disclosure.scan import scan
from release_staging.model.exceptions import Code
from tests.disclosure.planted import RULES

CARD = "4111 1111 1111 1111"
IBAN = "DE89 3704 0044 0532 0130 00"


def kinds(text, source="incident_notes"):
    found = scan(text.encode(), RULES, source)
    assert {item.code for item in found} <= {Code.DISCLOSURE_CUSTOMER_DATA}
    return [item.kind for item in found]


@pytest.mark.parametrize("text", [CARD, CARD.replace(" ", ""), CARD.replace(" ", "-"), "3782 822463 10005", "card=5555555555554444,"])
def test_a_card_number_that_passes_its_check_is_found(text):
    assert kinds(f"The customer paid with {text}.") == ["card-number"]


@pytest.mark.parametrize(
    "text",
    [
        "4111 1111 1111 1112",
        "1732100000000000000",
        "4111111111111111.5",
        "id-4111111111111111",
        "0000000000000000",
        "a4111111111111111",
        "4111-11111111-1111",
    ],
)
def test_other_long_numbers_are_none(text):
    assert kinds(text) == []


@given(st.integers(min_value=0, max_value=10**14 - 1))
def test_one_wrong_digit_of_a_card_is_no_card(number):
    card = "4" + f"{number:014d}"
    card += luhn.calc_check_digit(card)
    if len(set(card)) > 1:
        assert kinds(card) == ["card-number"]
        assert kinds(card[:-1] + str((int(card[-1]) + 1) % 10)) == []


@pytest.mark.parametrize(
    ("text", "source", "found"),
    [
        ("reported by jan@klient.pl", "pipeline_runs", ["email-address"]),  # Perl is rarer than Poland
        ("reported by ana@kupac.rs", "incident_notes", ["email-address"]),
        ("built lib@main.rs", "pipeline_runs", []),
        ("started getty@console.service", "pipeline_runs", []),
    ],
)
def test_a_domain_that_ends_like_a_file_is_one_where_people_write(text, source, found):
    assert kinds(text, source) == found


def test_ibans_are_checked():
    assert kinds(f"Refund to {IBAN}, today") == ["iban"]
    assert kinds(f"Refund to {IBAN.replace(' ', '')}") == ["iban"]
    assert kinds("Refund to DE88 3704 0044 0532 0130 00") == []


@pytest.mark.parametrize(
    "text", ["jane.doe+x@customer-mail.de", "<mailto:jane@customer.io>", '{"email":"jane@customer.com"}', "From:jane@customer.com."]
)
def test_an_address_of_a_person_is_found(text):
    assert kinds(text) == ["email-address"]


@pytest.mark.parametrize(
    "text",
    [
        "jane@example.com",
        "jane@mail.example.com",
        "left-pad@1.3.0",
        "pkg:npm/left-pad@next.release.com",
        "pkg:golang/github.com/x/y@v1.2.3",
        "git@git.acme.io:billing/api.git",
        "https://bot@git.acme.io/x",
        "logo@home.png",
        "getty@tty1.service",
        "image@sha256:abc",
        "@pytest.mark",
        "noreply@acme.io",
    ],
)
def test_packages_remotes_files_and_allowed_domains_are_no_persons(text):
    assert kinds(text) == []


@pytest.mark.parametrize("text", ["+49 170 1234567", "+1 (555) 010-4477", "Phone: 030 1234567"])
def test_a_phone_number_is_found(text):
    assert kinds(f"Call {text} first") == ["phone-number"]
    assert kinds(f"Call {text} first", "test_reports") == ["phone-number"]


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-20T10:00:00+0100",
        "x += +1 - 2",
        "1.2.3+20261120.1234567",
        "version +12",
        '"rateLimit":300000000',
        "+2018-04-15 22:04:29 good.txt",
    ],
)
def test_times_and_versions_are_no_phone_numbers(text):
    assert kinds(text) == []


@pytest.mark.parametrize("text", ["SSN: 219-09-9999", "social security number 219 09 9999", '{"ssn": "219099999"}'])
def test_a_social_security_number_is_found_behind_its_name(text):
    assert kinds(text, "test_reports") == ["us-social-security-number"]


@pytest.mark.parametrize(
    "text", ["219-09-9999", "ssn: 000-12-3456", "ssn: 912-12-3456", 'classname="a.b" id="219-09-9999"', "ssn: 219-09-99991"]
)
def test_nine_digits_alone_are_none(text):
    assert kinds(text, "test_reports") == []


@pytest.mark.parametrize("source", ["test_reports", "sboms", "pipeline_runs", "vulnerability_scans", None])
def test_customer_data_is_looked_for_in_every_document(source):
    text = f'{{"description": "{CARD}, {IBAN} and jane@customer.com"}}'
    assert kinds(text, source) == ["card-number", "iban", "email-address"]


MADE_BY = [
    '{"author": {"name": "Jane", "email": "jane@customer.com"}}',
    '{"author":"Jane Doe \\u003cjane@customer.com\\u003e"}',
    '"supplier": "Person: Jane Doe (jane@customer.com)"',
    "<publisher>Jane &lt;jane@customer.com&gt;</publisher>",
    "maintainers:\n  - name: Jane\n    email: jane@customer.com\n",
    "Signed-off-by: Jane Doe <jane@customer.com>",
    '"message": "Fix\\n\\nCo-authored-by: Jane <jane@customer.com>"',
    '"copyrightText": "Copyright (c) 2001 Jane Doe jane@customer.com"',
    '"created_by": "MAINTAINER x", "maintainer": "jane@customer.com"',
    '"user": {"name": "Jane", "avatar_url": "https://x.example/a.png", "email": "jane@customer.com"}',
    '"source": "security@vendor.io"',
    "[jane@customer.com](https://vendor.io/advisory)",
]


@pytest.mark.parametrize("text", MADE_BY)
def test_who_made_something_is_no_customer_where_tools_say_so(text):
    assert kinds(text, "sboms") == []
    assert kinds(text, "incident_notes") == ["email-address"]


@pytest.mark.parametrize(
    "text",
    [
        '"customer_email": "jane@customer.com"',
        '{"message": "login failed for jane@customer.com"}',
        "<system-out>mail to jane@customer.com bounced</system-out>",
        '{"stdout": ["permission denied: jane@customer.com"]}',
        '"description": "Signed-off-by the board. jane@customer.com"',
    ],
)
def test_others_are_customers_in_what_tools_write_too(text):
    assert kinds(text, "test_reports") == ["email-address"]
