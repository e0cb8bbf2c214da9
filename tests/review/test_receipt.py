"""A receipt speaks of a record's usability, coherently, and of nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from release_staging.config.disclosure import DEFAULT
from release_staging.parsing import json
from release_staging.record.canonical import canonical
from release_staging.review.receipt import Receipt, of, parse
from release_staging.review.words import Refused
from release_staging.staging.vault import digest_of

RECORD = digest_of(b"record")
TAKEN = {"field": "/candidate/version", "use": "taken"}
RECONSTRUCTED = {"field": "/rollback/version", "use": "reconstructed", "note": "read it in the deployment log"}
MISSING = {"field": "/canary/verdict", "use": "missing", "note": "the canary had not ended"}


def receipt(usable: str = "as_it_was", *fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    by = {"kind": "system", "name": "review board intake"}
    return {"receipt": "1", "record": RECORD, "by": by, "usable": usable, "fields": list(fields), **more}


def refusal(value: dict[str, Any]) -> str:
    with pytest.raises(Refused) as told:
        of(value, DEFAULT)
    return str(told.value)


@pytest.mark.parametrize(
    "value",
    [
        receipt(),
        receipt("as_it_was", TAKEN),
        receipt("with_reconstruction", TAKEN, RECONSTRUCTED, MISSING),
        receipt("not_usable", MISSING, note="half of the fields are of another build"),
    ],
)
def test_each_kind_of_receipt_is_read_from_json_and_from_yaml_alike(value: dict[str, Any]) -> None:
    found = parse(canonical(value), DEFAULT)
    assert found == parse(b"# as YAML\n" + canonical(value), DEFAULT)
    assert json.parse(found.body) == {**value, "fields": value["fields"]}
    assert found.name == digest_of(found.body)


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (receipt("as_it_was", RECONSTRUCTED), "not usable as_it_was"),
        (receipt("with_reconstruction", MISSING), "expected the fields that were reconstructed"),
        (receipt("not_usable", MISSING), "expected why the record is not usable"),
        (receipt("with_reconstruction", {**RECONSTRUCTED, "note": None}), "/rollback/version was reconstructed"),
        (receipt("as_it_was", TAKEN, TAKEN), "/candidate/version stands there more than once"),
        (receipt("as_it_was", {**TAKEN, "field": "candidate.version"}), "/fields/0/field"),
        (receipt("as_it_was", {**TAKEN, "field": ""}), "/fields/0/field"),
        (receipt("good"), "/usable"),
        (receipt(decision="go"), "/decision"),
        ({**receipt(), "record": "billing-api"}, "/record"),
    ],
)
def test_a_receipt_that_does_not_fit_together_is_refused_and_says_where(value: dict[str, Any], says: str) -> None:
    assert says in refusal(value)


@pytest.mark.parametrize(
    "words",
    [
        "approved by the change board",
        "the release is safe to deploy",
        "signed off by the release manager",
        "please schedule the rollout for Monday",
        "the missing canary is waived",
        "LGTM",
        "good to go",
        "Approval: given",
    ],
)
def test_a_receipt_that_speaks_of_the_release_is_refused(words: str) -> None:
    assert "speaks of the release" in refusal(receipt(note=words))
    assert "speaks of the release" in refusal(receipt("with_reconstruction", {**RECONSTRUCTED, "note": words}))


def test_a_receipt_that_discloses_is_refused_without_repeating_what() -> None:
    secret = "ghp_" + "k3Jd82mXq0ZtY7wLr5VbN9cPfGhT1aSe4uQi"  # shaped like a token, and none
    told = refusal(receipt(note=f"took it with {secret}"))
    assert "must not be disclosed" in told
    assert secret not in told


def test_the_fields_of_a_receipt_are_places_of_the_record() -> None:
    record = canonical({"candidate": {"version": "1"}, "rollback": {"version": None}, "environments": {"a/b": ["x"]}})
    fields = ["/candidate/version", "/rollback/version", "/environments/a~1b/0", "/environments/a~1b/1", "/canary", "/candidate/version/x"]
    found = Receipt.model_validate(receipt("as_it_was", *({"field": field, "use": "taken"} for field in fields)))
    assert found.unknown_fields(record) == fields[3:]
