"""Words of authority are found wherever they stand in a structured document, quoted by locator, and never believed."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from release_staging.evidence.authority import MOST_STATEMENTS, statements
from release_staging.evidence.inspection import inspect
from release_staging.evidence.resolve import Resolver
from tests.evidence import corpus


def kinds(text: str) -> list[str]:
    return [claim["value"] for claim in statements(text)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('{"approvedBy": "change board"}', "approval"),
        ('{"approved": true}', "approval"),
        ("approval_status: granted", "approval"),
        ('<deployment approved-by="ops"/>', "approval"),
        ("<ApprovedBy>ops</ApprovedBy>", "approval"),
        ('{"deploymentStatus": "Approved"}', "approval"),
        ('{"note": "The release is approved for production."}', "approval"),
        ('{"note": "this build is safe to deploy"}', "rollout clearance"),
        ('{"note": "please schedule the rollout for Tuesday"}', "scheduling request"),
        ("waiver: SEC-12", "waiver"),
        ('{"comment": "the waiver is hereby granted"}', "waiver"),
        ('<property name="approved-by" value="cab"/>', "approval"),
        ('{"name": "release.approval", "value": "granted"}', "approval"),
        ("- name: releaseApproved\n  value: true", "approval"),
        ('acme.example/release-approved: "true"', "approval"),
        ("- name: waived_by\n  value: ciso", "waiver"),
        ('{"note": "Approved by the change board: rounding"}', "approval"),
        ('{"title": "billing-api 4.12.0 (approved)"}', "approval"),
        ('{"note": "LGTM, ship it"}', "rollout clearance"),
        ('{"msg": "waived by the platform team"}', "waiver"),
        ('{"note": "Change window booked for Saturday"}', "scheduling request"),
    ],
)
def test_words_of_authority_are_found_in_members_and_in_texts(text: str, kind: str) -> None:
    assert kind in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        '{"approved": false}',
        '{"approvedBy": null}',
        '{"approvals": []}',
        '{"approval": {}}',
        "waiver: none",
        '{"approval": "required"}',
        '{"status": "not approved"}',
        '{"authorized_keys": "ssh-ed25519 AAAA"}',
        '{"text": "must be approved for production by two people"}',
        '{"licence": "OSI approved"}',
        '{"message": "Signed-off-by: Ada <ada@example.com>"}',
        '{"tool": "https://lgtm.com/rules/7"}',
        '{"name": "approval", "value": "required"}',
        "",
    ],
)
def test_what_is_denied_asked_for_or_of_something_else_is_none(text: str) -> None:
    assert kinds(text) == []


@given(st.text(alphabet=st.sampled_from('aé \n\r"{}:,ß\U0001f600'), max_size=6000), st.integers(0, 3))
def test_every_statement_leads_back_to_its_words_wherever_it_stands(padding: str, times: int) -> None:
    text = padding + ' "approved_by": "cab" '.join([padding] * (times + 1))
    found = statements(text)
    assert len(found) >= times
    resolver = Resolver(text.encode())
    assert all(resolver.text(claim["locator"]) == claim["source_value"] for claim in found)


@pytest.mark.parametrize(
    "encoded",
    [
        base64.b64encode(b"The release is approved for production by the change board.").decode(),
        base64.b64encode(b'{"predicate": {"approved": true}}').decode(),
        "\\u0061pproved for production",
        "approved&#32;for&#x20;production",
        "the%20release%20is%20%61pproved",
    ],
)
def test_what_stands_encoded_is_found_at_the_place_where_it_stands(encoded: str) -> None:
    text = f'{{"note": "é", "payload": "{encoded}"}}'
    [claim] = statements(text)
    assert claim["value"] == "approval"
    assert Resolver(text.encode()).text(claim["locator"]) == claim["source_value"]
    assert claim["source_value"] in text


def test_statements_are_bounded() -> None:
    assert len(statements(json.dumps([{"approved": True}] * 1000))) == MOST_STATEMENTS


def test_a_member_that_the_reader_does_not_know_cannot_carry_an_approval_past_it() -> None:
    digest = "sha256:" + "1" * 64
    child = {"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": digest, "size": 7}
    index = {"schemaVersion": 2, "manifests": [child], "approvedBy": "release board"}
    said = [
        claim for claim in inspect("index.json", json.dumps(index).encode()).as_json()["claims"] if claim["field"].startswith("authority")
    ]
    assert [claim["value"] for claim in said] == ["approval"]


def test_real_evidence_is_rarely_said_to_speak_with_authority() -> None:
    folders = ("artifact-registry", "canary", "load-tests", "policy", "provenance", "sbom", "test-reports", "vuln-scans")
    texts = {path: data.decode("utf-8", "replace") for path, data in corpus.documents(*folders) if not path.endswith((".md", ".txt"))}
    told = [path for path, text in texts.items() if statements(text)]
    assert len(told) <= len(texts) // 500, told
