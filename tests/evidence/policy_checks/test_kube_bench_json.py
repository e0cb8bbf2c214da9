from pathlib import Path

import pytest

from release_staging.parsing import json
from tests.evidence import corpus, drift
from tests.evidence.support import extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "kube-bench.json").read_bytes()
FORMAT = "kube-bench-json"


def read(value):
    return extract(drift.as_json(value), FORMAT)


def test_each_test_is_a_row():
    extraction = extract(SAMPLE, FORMAT)
    assert [(row["policy"], row["rule"], row["resource"], row["status"]) for row in rows(extraction, "policy_results")] == [
        ("cis-1.9", "1.1.1", "master", "PASS"),
        ("cis-1.9", "1.1.2", "master", "FAIL"),
        ("cis-1.9", "1.1.9", "master", "WARN"),
    ]
    assert [row["locator"] for row in rows(extraction, "policy_results")][1] == "json-pointer:/Controls/0/tests/0/results/1"
    assert {row["vocabulary"] for row in rows(extraction, "policy_results")} == {"kube-bench-state"}
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_a_bare_array_of_controls_is_read_the_same():
    extraction = read(json.parse(SAMPLE)["Controls"])
    assert [row["status"] for row in rows(extraction, "policy_results")] == ["PASS", "FAIL", "WARN"]
    assert not_understood(extraction) == []


def test_the_controls_of_one_node_type_are_read_alone():
    (controls,) = json.parse(SAMPLE)["Controls"]
    extraction = read(controls)
    assert recognised(drift.as_json(controls)) == [FORMAT]
    assert [(row["locator"], row["status"]) for row in rows(extraction, "policy_results")] == [
        (f"json-pointer:/tests/0/results/{place}", status) for place, status in enumerate(("PASS", "FAIL", "WARN"))
    ]
    assert problems(extraction) == not_understood(extraction) == []
    assert problems(read(controls | {"total_fail": 0})) == [("CONTRADICTION", "json-pointer:/total_fail")]


@pytest.mark.parametrize("place", ["/Totals/total_pass", "/Controls/0/total_fail", "/Controls/0/tests/0/warn"])
def test_totals_that_differ_from_the_recount_are_contradictions(place):
    value = json.parse(SAMPLE)
    holder = value
    *above, last = place.strip("/").split("/")
    for key in above:
        holder = holder[int(key) if key.isdigit() else key]
    holder[last] = 9
    assert problems(read(value)) == [("CONTRADICTION", "json-pointer:" + place)]


def test_a_report_without_tests_is_not_a_pass():
    value = json.parse(SAMPLE)
    value["Controls"][0]["tests"] = []
    assert ("EVIDENCE_EMPTY", "json-pointer:") in problems(read(value))


def test_what_audits_printed_is_never_copied():
    assert "SWORDFISH" not in str([table.to_pylist() for table in extract(SAMPLE, FORMAT).tables.values()])


@pytest.mark.parametrize("value", [{"Controls": []}, [], [{"tests": []}]])
def test_other_documents_are_left(value):
    assert recognised(drift.as_json(value)) == []


def test_an_unknown_key_is_not_understood():
    value = json.parse(SAMPLE) | {"unheard": "of"}
    value["Controls"][0]["tests"][0]["results"][0]["outcome"] = "bad"
    assert not_understood(read(value)) == ["/Controls/*/tests/*/results/*/outcome", "/unheard"]


def test_drift_is_told():
    tests = "/Controls/*/tests"
    required = {"/Controls", tests, f"{tests}/*/results", f"{tests}/*/results/*/status", f"{tests}/*/results/*/test_number"}
    drift.assert_drift_is_told(SAMPLE, required)


def test_the_corpus_is_read():
    for path, extractions in corpus.read_all("policy/kube-bench-json").items():
        assert [known.format for known in extractions] == [FORMAT], path
