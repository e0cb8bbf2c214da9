from pathlib import Path

import pytest

from release_staging.parsing import json
from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, rows

SAMPLE = (Path(__file__).parent / "samples" / "kics.json").read_bytes()
FORMAT = "kics-json"
NOTHING = {"queries": [], "total_counter": 0, "files_failed_to_scan": 0, "severity_counters": {"HIGH": 0}}


def read(value):
    return extract(drift.as_json(value), FORMAT)


def words(extraction):
    return [row["status"] for row in rows(extraction, "policy_results")]


def test_each_file_a_query_found_something_in_is_a_row():
    extraction = extract(SAMPLE, FORMAT)
    query = "487f4be7-3fd9-4506-a07a-eae252180c08"
    assert [
        (row["locator"], row["rule"], row["resource"], row["status"], row["severity"]) for row in rows(extraction, "policy_results")
    ] == [
        ("json-pointer:/queries/0/files/0", query, "deploy/values.yaml", "found", "HIGH"),
        ("json-pointer:/queries/0/files/1", query, "main.tf", "found", "HIGH"),
        ("json-pointer:/files_failed_to_scan", None, None, "not-scanned", None),
    ]
    assert claims(extraction, "tool.version") == ["v2.1.3"]
    assert claims(extraction, "started_at") == ["2026-11-20T08:41:12.947552Z"]
    assert claims(extraction, "finished_at") == ["2026-11-20T08:42:03.7510399Z"]
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_a_scan_that_found_nothing_says_so_once():
    extraction = read(json.parse(SAMPLE) | NOTHING)
    assert words(extraction) == ["clean"]
    assert problems(extraction) == []


@pytest.mark.parametrize("key", ["files_scanned", "queries_total"])
@pytest.mark.parametrize("value", [0, None])
def test_a_scan_of_nothing_is_not_a_pass(key, value):
    extraction = read(json.parse(SAMPLE) | NOTHING | {key: value})
    assert words(extraction) == []
    assert ("EVIDENCE_EMPTY", f"json-pointer:/{key}") in problems(extraction)


def test_queries_that_failed_are_errors():
    assert words(read(json.parse(SAMPLE) | NOTHING | {"queries_failed_to_execute": 3})) == ["not-executed", "clean"]


def test_totals_that_differ_from_the_recount_are_contradictions():
    value = json.parse(SAMPLE) | {"total_counter": 5}
    value["severity_counters"]["LOW"] = 1
    assert problems(read(value)) == [
        ("CONTRADICTION", "json-pointer:/total_counter"),
        ("CONTRADICTION", "json-pointer:/severity_counters/LOW"),
    ]


def test_a_total_with_nothing_listed_is_no_pass():
    extraction = read(json.parse(SAMPLE) | NOTHING | {"total_counter": 4})
    assert words(extraction) == []
    assert problems(extraction) == [("CONTRADICTION", "json-pointer:/total_counter")]


def test_values_are_never_copied():
    assert "SWORDFISH" not in str([table.to_pylist() for table in extract(SAMPLE, FORMAT).tables.values()])


def test_an_unknown_key_is_not_understood():
    value = json.parse(SAMPLE) | {"unheard": "of"}
    value["queries"][0]["files"][0]["outcome"] = "bad"
    assert not_understood(read(value)) == ["/queries/*/files/*/outcome", "/unheard"]


def test_drift_is_told():
    required = {"/queries", "/queries/*/severity", "/queries/*/files", "/queries/*/query_id", "/files_scanned", "/queries_total"}
    drift.assert_drift_is_told(SAMPLE, required | {"/queries/*/files/*/file_name"})


def test_the_corpus_is_read():
    for path, extractions in corpus.read_all("policy/kics-json").items():
        assert [known.format for known in extractions] == [FORMAT], path
