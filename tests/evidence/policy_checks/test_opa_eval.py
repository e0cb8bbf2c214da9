from pathlib import Path

import pytest

from release_staging.parsing import json
from tests.evidence import drift
from tests.evidence.support import extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "opa-eval.json").read_bytes()
FORMAT = "opa-eval"


def read(value):
    return extract(drift.as_json(value), FORMAT)


def words(text, value):
    extraction = read({"result": [{"expressions": [{"text": text, "value": value}]}]})
    return [row["status"] for row in rows(extraction, "policy_results")]


def test_rules_with_conventional_names_are_results_wherever_they_stand():
    extraction = extract(SAMPLE, FORMAT)
    value = "json-pointer:/result/0/expressions/0/value"
    main = "data.kubernetes.main"
    assert [(row["locator"], row["policy"], row["rule"], row["status"]) for row in rows(extraction, "policy_results")] == [
        (value + "/allow", main, "allow", "denied"),
        (value + "/deny/0", main, "deny", "violation"),
        (value + "/warn", main, "warn", "satisfied"),
        (value + "/images/deny", main + ".images", "deny", "satisfied"),
        ("json-pointer:/result/0/expressions/1/value", "data.release", "allow", "allowed"),
        ("json-pointer:/result/0/expressions/2", None, None, "policy-defined"),
    ]
    assert problems(extraction) == []
    assert not_understood(extraction) == []


@pytest.mark.parametrize(
    ("text", "value", "expected"),
    [
        ("data.main.deny", [], ["satisfied"]),
        ("data.main.deny", ["a", {"msg": "b"}], ["violation", "violation"]),
        ("data.main.deny", {"a": True, "b": True}, ["violation", "violation"]),
        ("data.main.deny", True, ["violation"]),
        ("data.main.deny", False, ["satisfied"]),
        ("data.main.deny[msg]", "a", ["policy-defined"]),
        ("data.main.deny[msg]", True, ["violation"]),
        ("x := data.main.violation", [], ["satisfied"]),
        ("data.main.warn", ["a"], ["warning"]),
        ("data.main.allow", True, ["allowed"]),
        ("data.main.allow", False, ["denied"]),
        ("data.main.allow", ["a"], ["policy-defined"]),
        ("data.main.allow", None, ["policy-defined"]),
        ("data.main.size", True, ["policy-defined"]),
        ("data.main", {}, ["policy-defined"]),
        ("not data.main.deny", True, ["policy-defined"]),
        ("data.main.deny == []", True, ["policy-defined"]),
        ("allow", True, ["policy-defined"]),
    ],
)
def test_what_a_value_says(text, value, expected):
    assert words(text, value) == expected


def test_an_undefined_query_is_not_a_pass():
    assert problems(read({"result": [{"expressions": []}]})) == [("EVIDENCE_EMPTY", "json-pointer:/result")]


@pytest.mark.parametrize("value", [{}, {"result": []}, {"result": [1]}, {"errors": [{"code": "E1"}]}])
def test_what_does_not_show_that_it_came_from_opa_is_left(value):
    assert recognised(drift.as_json(value)) == []


def test_an_error_of_the_policy_is_an_error():
    extraction = read({"errors": [{"message": "SWORDFISH", "code": "rego_type_error", "location": {"row": 1}}]})
    assert [(row["rule"], row["status"]) for row in rows(extraction, "policy_results")] == [("rego_type_error", "error")]
    assert problems(extraction) == []


def test_values_are_never_copied_not_even_as_keys():
    value = json.parse(SAMPLE)
    value["result"][0]["expressions"][0]["value"]["deny"] = {"SWORDFISH two": True}
    for extraction in (extract(SAMPLE, FORMAT), read(value)):
        assert "SWORDFISH" not in str([table.to_pylist() for table in extraction.tables.values()])


def test_an_unknown_key_is_not_understood():
    value = json.parse(SAMPLE) | {"unheard": "of"}
    value["result"][0]["expressions"][0]["colour"] = "red"
    assert not_understood(read(value)) == ["/result/*/expressions/*/colour", "/unheard"]


@pytest.mark.parametrize("key", ["text", "value"])
@pytest.mark.parametrize("renamed", [True, False])
def test_an_expression_without_its_text_or_value_is_drift(key, renamed):
    value = json.parse(SAMPLE)
    expression = value["result"][0]["expressions"][1]
    old = expression.pop(key)
    if renamed:
        expression[key + "_renamed"] = old
    extraction = read(value)
    assert problems(extraction) == [("SCHEMA_DRIFT", f"json-pointer:/result/0/expressions/1/{key}")]
    assert "allowed" not in [row["status"] for row in rows(extraction, "policy_results")]
