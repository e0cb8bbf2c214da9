from pathlib import Path

import pytest

from release_staging.parsing import json
from tests.evidence import corpus, drift
from tests.evidence.support import extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "conftest.json").read_bytes()
FORMAT = "conftest-json"
EMPTY = {"filename": "a.yaml", "namespace": "main", "successes": 0}


def read(value):
    return extract(drift.as_json(value), FORMAT)


def results(extraction):
    return [(row["locator"], row["policy"], row["rule"], row["resource"], row["status"]) for row in rows(extraction, "policy_results")]


def test_every_result_is_a_row_and_successes_are_one():
    extraction = extract(SAMPLE, FORMAT)
    plan, deny = "plan.json", "data.least_privilege.deny"
    assert results(extraction) == [
        ("json-pointer:/0/successes", "main", None, "deploy/service.yaml", "success"),
        ("json-pointer:/0/warnings/0", "main", "data.main.warn", "deploy/service.yaml", "warning"),
        ("json-pointer:/1/failures/0", "least_privilege", deny, plan, "failure"),
        ("json-pointer:/1/exceptions/0", "least_privilege", "data.least_privilege.exception", plan, "exception"),
    ]
    assert {row["vocabulary"] for row in rows(extraction, "policy_results")} == {"conftest-result"}
    assert problems(extraction) == []
    assert not_understood(extraction) == []


@pytest.mark.parametrize("nothing", [{}, {"failures": []}, {"failures": None, "warnings": [], "skipped": None}])
def test_a_list_that_is_missing_empty_or_null_says_the_same(nothing):
    assert [row[-1] for row in results(read([EMPTY | {"successes": 3} | nothing]))] == ["success"]


@pytest.mark.parametrize("nothing", [{}, {"failures": [], "warnings": None}])
def test_no_success_and_nothing_evaluated_is_not_a_pass(nothing):
    extraction = read([EMPTY | nothing])
    assert problems(extraction) == [("EVIDENCE_EMPTY", "json-pointer:/0/successes")]
    assert results(extraction) == []


def test_only_skipped_is_evaluated_and_never_a_success():
    extraction = read([EMPTY | {"skipped": [{"msg": "not for this kind"}]}])
    assert [row[-1] for row in results(extraction)] == ["skipped"]
    assert problems(extraction) == []


def test_a_file_without_evaluation_is_told_beside_one_with():
    assert problems(read([EMPTY | {"successes": 1}, EMPTY])) == [("EVIDENCE_EMPTY", "json-pointer:/1/successes")]


@pytest.mark.parametrize("successes", ["4", None, [], 4.5])
def test_successes_that_are_no_number_are_drift_and_no_success(successes):
    extraction = read([EMPTY | {"successes": successes, "failures": [{"msg": "no"}]}])
    assert [row[-1] for row in results(extraction)] == ["failure"]
    assert problems(extraction) == [("SCHEMA_DRIFT", "json-pointer:/0/successes")]


def test_an_entry_that_is_no_object_is_drift():
    assert ("SCHEMA_DRIFT", "json-pointer:/1/successes") in problems(read([EMPTY | {"successes": 1}, "text"]))


def test_messages_are_never_copied():
    assert "SWORDFISH" not in str([table.to_pylist() for table in extract(SAMPLE, FORMAT).tables.values()])


@pytest.mark.parametrize(
    "value", [[], [{"filename": "a", "successes": 1}], [{"Target": "a"}], {"filename": "a", "namespace": "m", "successes": 1}]
)
def test_what_is_not_an_array_of_entries_is_left(value):
    assert FORMAT not in recognised(drift.as_json(value))


def test_an_unknown_key_is_not_understood():
    value = json.parse(SAMPLE)
    value[0]["unheard"] = "of"
    value[0]["warnings"][0]["severity"] = "high"
    assert not_understood(read(value)) == ["/*/unheard", "/*/warnings/*/severity"]


def test_drift_is_told():
    drift.assert_drift_is_told(SAMPLE, {"/*/successes", "/*/namespace"})


def test_the_corpus_is_read():
    for path, extractions in corpus.read_all("policy/conftest-json").items():
        # One file holds two arrays, one after the other: it is no JSON text.
        assert [known.format for known in extractions] == [FORMAT] or path.endswith("evidence/conftest-latest.json"), path
