from pathlib import Path

import pytest

from release_staging.parsing import json
from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "checkov.json").read_bytes()
FORMAT = "checkov-json"
BARE = {"passed": 0, "failed": 0, "skipped": 0, "parsing_errors": 0, "resource_count": 0, "checkov_version": "3.2.0"}


def read(value):
    return extract(drift.as_json(value), FORMAT)


def report(**changes):
    return json.parse(SAMPLE)[0] | changes


def results(extraction):
    return [
        (row["locator"].removeprefix("json-pointer:"), row["policy"], row["rule"], row["resource"], row["status"], row["severity"])
        for row in rows(extraction, "policy_results")
    ]


def test_every_check_of_every_framework_is_a_row():
    extraction = extract(SAMPLE, FORMAT)
    assert results(extraction) == [
        ("/0/results/passed_checks/0", "terraform", "CKV_AWS_19", "aws_s3_bucket.b", "PASSED", None),
        ("/0/results/failed_checks/0", "terraform", "CKV_SECRET_6", "aws_iam_user.ci", "FAILED", "HIGH"),
        ("/0/results/skipped_checks/0", "terraform", "CKV_AWS_18", "aws_s3_bucket.b", "SKIPPED", "LOW"),
        ("/0/results/parsing_errors/0", "terraform", None, "/broken.tf", "parsing-error", None),
        ("/1/summary/passed", "kubernetes", None, None, "PASSED", None),
    ]
    assert {row["vocabulary"] for row in rows(extraction, "policy_results")} == {"checkov-result"}
    assert claims(extraction, "tool.version") == ["3.2.0"]
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_a_report_that_stands_alone_is_read_the_same():
    assert [row[4] for row in results(read(report()))] == ["PASSED", "FAILED", "SKIPPED", "parsing-error"]


def test_a_bare_summary_of_nothing_is_not_a_pass():
    extraction = read(BARE)
    assert problems(extraction) == [("EVIDENCE_EMPTY", "json-pointer:")]
    assert results(extraction) == []


def test_a_bare_summary_with_another_key_is_one_all_the_same_and_told():
    renamed = {"parsingerrors" if key == "parsing_errors" else key: value for key, value in BARE.items()}
    assert ("SCHEMA_DRIFT", "json-pointer:/parsing_errors") in problems(read(renamed))


def test_a_bare_summary_of_failures_is_a_failure():
    assert [row[4] for row in results(read(BARE | {"passed": 2, "failed": 1}))] == ["PASSED", "FAILED"]


def test_only_files_that_could_not_be_parsed_is_not_a_pass():
    extraction = read(BARE | {"parsing_errors": 2})
    assert [row[4] for row in results(extraction)] == ["parsing-error"]
    assert problems(extraction) == [("EVIDENCE_EMPTY", "json-pointer:")]


@pytest.mark.parametrize("listed", ["passed_checks", "failed_checks", "skipped_checks", "parsing_errors"])
def test_a_list_that_is_missing_beside_others_is_drift(listed):
    value = report()
    del value["results"][listed]
    assert ("SCHEMA_DRIFT", f"json-pointer:/results/{listed}") in problems(read(value))


@pytest.mark.parametrize(("key", "declared"), [("passed", 2), ("failed", 0), ("skipped", 0), ("parsing_errors", 0)])
def test_a_summary_that_differs_from_the_recount_is_a_contradiction(key, declared):
    value = report()
    value["summary"][key] = declared
    (problem,) = rows(read(value), "problems")
    assert (problem["code"], problem["locator"], problem["expected"]) == ("CONTRADICTION", f"json-pointer:/summary/{key}", "1")


def test_a_failure_among_the_passed_checks_keeps_its_word_and_is_told():
    value = report()
    value["results"]["passed_checks"][0]["check_result"]["result"] = "FAILED"
    extraction = read(value)
    assert results(extraction)[0][4] == "FAILED"
    assert problems(extraction) == [("CONTRADICTION", "json-pointer:/results/passed_checks/0/check_result/result")]


def test_code_and_values_are_never_copied():
    assert "SWORDFISH" not in str([table.to_pylist() for table in extract(SAMPLE, FORMAT).tables.values()])


@pytest.mark.parametrize("value", [[], {"passed": 1, "failed": 0}, {"check_type": "x", "results": [], "summary": {}}])
def test_other_documents_are_left(value):
    assert recognised(drift.as_json(value)) == []


def test_an_unknown_key_is_not_understood():
    value = report(unheard="of")
    value["results"]["failed_checks"][0]["outcome"] = "bad"
    assert not_understood(read(value)) == ["/results/failed_checks/*/outcome", "/unheard"]


def test_drift_is_told():
    one = drift.as_json(report())
    required = {"/results", "/summary", "/check_type", "/results/failed_checks/*/check_result", "/results/failed_checks/*/check_id"}
    drift.assert_drift_is_told(one, required | {"/results/passed_checks/*/check_result/result"}, joined={"resource"})


def test_the_corpus_is_read():
    for path, extractions in corpus.read_all("policy/checkov-json").items():
        assert [known.format for known in extractions] == [FORMAT], path
