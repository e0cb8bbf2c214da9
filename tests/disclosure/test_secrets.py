import base64

import orjson
import pytest

from release_staging.disclosure.scan import scan
from release_staging.model.exceptions import Code
from tests.disclosure.planted import RULES, SECRETS, made_up


def in_a_log(secret):
    return f"2026-11-20 ERROR request failed {secret} after 3 tries\n"


def in_json(secret):
    return orjson.dumps({"message": f"it was {secret} here", "n": 1}).decode()


def in_json_in_json(secret):
    return orjson.dumps({"m": in_json(secret)}).decode()


def in_markdown(secret):
    return f"# Note\n\n- we saw `{secret}` in the log\n"


def in_cdata(secret):
    return f"<testcase><system-out><![CDATA[{secret}]]></system-out></testcase>"


def in_base64(secret):
    return orjson.dumps({"payload": base64.b64encode(f"x {secret} y\n".encode()).decode()}).decode()


def kinds(text, source="pipeline_runs"):
    return {(found.code, found.kind) for found in scan(text.encode(), RULES, source)}


@pytest.mark.parametrize("context", [in_a_log, in_json, in_json_in_json, in_markdown, in_cdata, in_base64])
@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_is_found_wherever_it_stands(name, context):
    found = kinds(context(SECRETS[name]))
    assert found
    assert {code for code, _ in found} == {Code.DISCLOSURE_SECRET}


def test_a_comment_that_asks_scanners_to_look_away_is_not_obeyed():
    assert kinds(f"token: {SECRETS['GitHub token']}  # gitleaks:allow kingfisher:ignore nosec pragma: allowlist secret\n")


@pytest.mark.parametrize(
    "text",
    [
        "# password = 'Tr0ub4dor&3xYz!'",
        '{"password": "Gq7!v(R2$mK9z"}',
        '{"variables": {"db_password": {"value": "hV7kLq29xZw4Rt"}}}',
        "The password was hV7kLq29xZw4!, now rotated.",
    ],
)
def test_a_password_may_hold_signs_stand_in_a_variable_or_be_written_out(text):
    assert kinds(text, "incident_notes") == {(Code.DISCLOSURE_SECRET, "assigned-secret")}


@pytest.mark.parametrize(
    "text",
    [
        "The password is Base64-encoded.",
        "the password is required8x",
        "The password was SHA-256:hashed.",
        "password = '$DB_PASSWORD1'",
        "password: 'a%(name)s12345'",
        "password: ${DB_PASSWORD}",
        'password = "{{ vault.password }}"',
        "password: changeme123",
        "password: <your password 1>",
        "password=********",
        'token = os.environ["TOKEN2"]',
        "token: var.tokens.v2.current_value_of_it",
        "secret: billing-tls-certificate-2",
        '"js-tokens": "^4.0.0"',
        "secretName: billing-2",
        "PublicKeyToken=b77a5c561934e089",
        "https://user:password@example.com/x",
        "continuation_token: 5f0c8a2e-8a8e-4f58-9a5e-0d8e8c1f2a3b",
        "cpe:2.3:a:base-passwd:base-passwd:3.5.43:*:*:*:*:*:*:*",
        "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n-----END PUBLIC KEY-----",
        f"sha256:{made_up(64, '0123456789abcdef')}",
        f"commit {made_up(40, '0123456789abcdef')}",
        "pkg:npm/%40angular/core@16.2.1?checksum=sha1:d19e6d4b0f5a2d1b3c4d5e6f7a8b9c0d1e2f3a4b",
        f'"integrity": "sha512-{made_up(86)}=="',
        f'"sig": "MEUCIQ{made_up(88)}=="',
    ],
)
def test_placeholders_references_digests_and_signatures_are_no_secrets(text):
    assert kinds(text) == set()
