from pathlib import Path

import pytest

from release_staging.parsing import json
from tests.evidence import drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "conforma.json").read_bytes()
FORMAT = "conforma"
IMAGE = "registry.example.com/billing/billing-api"
DIGEST = "sha256:6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b"


def read(value):
    return extract(drift.as_json(value), FORMAT)


def test_every_result_of_every_component_is_a_row():
    extraction = extract(SAMPLE, FORMAT)
    assert [(row["locator"], row["policy"], row["rule"], row["status"]) for row in rows(extraction, "policy_results")] == [
        ("json-pointer:/components/0/violations/0", "trusted_task", "trusted_task.trusted", "violation"),
        ("json-pointer:/components/0/warnings/0", "trusted_task", "trusted_task.future_deny", "warning"),
        ("json-pointer:/components/0/successes/0", "builtin.image", "builtin.image.signature_check", "success"),
        ("json-pointer:/components/1/success", None, None, "success"),
    ]
    assert rows(extraction, "policy_results")[0]["resource"] == f"{IMAGE}@{DIGEST}"
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_each_image_and_what_it_was_built_from_is_claimed():
    extraction = extract(SAMPLE, FORMAT)
    found = {(claim["field"], claim["subject"]): claim["value"] for claim in rows(extraction, "claims")}
    assert found["artifact.digest", IMAGE] == DIGEST
    assert found["artifact.reference", "billing-api"] == f"{IMAGE}@{DIGEST}"
    assert found["candidate.commit", "billing-api"] == "9f2c4b1d8e7a6f5c4b3a2d1e0f9c8b7a6d5e4f3c"
    assert found["repository.url", "billing-api"] == "https://github.com/acme-pay/billing-api"
    assert claims(extraction, "verdict") == ["false"]
    assert claims(extraction, "produced_at") == []


def test_an_image_named_by_tag_has_no_digest():
    value = json.parse(SAMPLE)
    value["components"][0]["containerImage"] = IMAGE + ":4.12.0"
    assert len(claims(read(value), "artifact.digest")) == 1


def test_a_success_with_a_component_that_is_none_is_a_contradiction():
    assert problems(read(json.parse(SAMPLE) | {"success": True})) == [("CONTRADICTION", "json-pointer:/success")]


@pytest.mark.parametrize(("number", "success"), [(0, True), (1, False)])
def test_a_component_that_its_violations_contradict_is_told(number, success):
    value = json.parse(SAMPLE)
    value["components"][number]["success"] = success
    assert ("CONTRADICTION", f"json-pointer:/components/{number}/success") in problems(read(value))


@pytest.mark.parametrize("components", [[], None])
def test_no_components_are_not_a_pass(components):
    value = json.parse(SAMPLE) | {"components": components, "success": True}
    assert ("EVIDENCE_EMPTY", "json-pointer:/components") in problems(read(value))
    assert rows(read(value), "policy_results") == []


def test_messages_and_keys_are_never_copied():
    assert "SWORDFISH" not in str([table.to_pylist() for table in extract(SAMPLE, FORMAT).tables.values()])


def test_other_documents_are_left():
    assert recognised(drift.as_json({"success": True, "components": []})) == []


def test_an_unknown_key_is_not_understood():
    value = json.parse(SAMPLE) | {"unheard": "of"}
    value["components"][0]["violations"][0]["severity"] = "high"
    assert not_understood(read(value)) == ["/components/*/violations/*/severity", "/unheard"]


def test_drift_is_told():
    required = {"/success", "/components", "/ec-version", "/components/*/containerImage", "/components/*/success"}
    drift.assert_drift_is_told(SAMPLE, required, joined={"policy"})
