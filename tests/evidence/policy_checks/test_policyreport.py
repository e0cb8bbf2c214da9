from pathlib import Path

import pytest

from release_staging.parsing import json
from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLES = Path(__file__).parent / "samples"
STREAM = (SAMPLES / "policyreport.yaml").read_bytes()
CLUSTER = (SAMPLES / "clusterpolicyreport.json").read_bytes()


def report(**changes):
    return json.parse(CLUSTER) | changes


def read(value, version="v1beta1"):
    return extract(drift.as_json(value), f"policyreport@{version}")


def test_each_result_of_each_report_of_a_stream_is_a_row():
    extraction = extract(STREAM, "policyreport@v1alpha2")
    columns = ("locator", "policy", "rule", "resource", "status", "severity")
    assert [tuple(row[name] for name in columns) for row in rows(extraction, "policy_results")] == [
        (
            "yaml=0;json-pointer:/results/0",
            "require-requests-limits",
            "validate-resources",
            "Deployment/payments/billing-api",
            "pass",
            "medium",
        ),
        ("yaml=0;json-pointer:/results/1", "disallow-latest-tag", "validate-image-tag", "Deployment/payments/billing-api", "fail", "high"),
        ("yaml=1;json-pointer:/results/0", "require-labels", "check-team", "Namespace/payments", "skip", None),
    ]
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_the_engine_and_the_time_of_the_latest_result_are_claimed_once():
    extraction = extract(STREAM, "policyreport@v1alpha2")
    assert claims(extraction, "tool.name") == ["kyverno"]
    (time,) = [claim for claim in rows(extraction, "claims") if claim["field"] == "produced_at"]
    assert (time["value"], time["source_value"]) == ("2026-03-02T09:35:15Z", "1772444115")
    assert time["locator"] == "yaml=0;json-pointer:/results/1/timestamp/seconds"
    assert time["loss"] == "seconds since 1970 written as UTC, nanoseconds left out"


def test_a_report_in_json_is_read_the_same():
    extraction = extract(CLUSTER, "policyreport@v1beta1")
    assert [(row["resource"], row["status"]) for row in rows(extraction, "policy_results")] == [
        ("Namespace/payments", "pass"),
        ("Namespace/payments", "fail"),
    ]
    assert claims(extraction, "tool.name") == ["kyverno"]
    assert not_understood(extraction) == []


@pytest.mark.parametrize("kind", ["List", "ClusterPolicyReportList"])
def test_a_list_of_reports_is_read(kind):
    extraction = read({"apiVersion": "v1", "kind": kind, "items": [report(), {"kind": "Secret", "data": {"token": "SWORDFISH"}}]})
    assert [row["locator"] for row in rows(extraction, "policy_results")] == [
        "json-pointer:/items/0/results/0",
        "json-pointer:/items/0/results/1",
    ]
    assert not_understood(extraction) == ["/items/*/data/token"]


def test_a_failing_result_that_is_not_scored_still_fails():
    failing = [
        row["status"] for row in rows(extract(STREAM, "policyreport@v1alpha2"), "policy_results") if row["policy"] == "disallow-latest-tag"
    ]
    assert failing == ["fail"]


@pytest.mark.parametrize(("word", "declared", "counted"), [("pass", 2, "1"), ("fail", 0, "1"), ("error", 3, "0")])
def test_a_summary_that_differs_from_the_recount_is_a_contradiction(word, declared, counted):
    value = report()
    value["summary"][word] = declared
    (problem,) = rows(read(value), "problems")
    assert (problem["code"], problem["locator"]) == ("CONTRADICTION", f"json-pointer:/summary/{word}")
    assert (problem["expected"], problem["found"]) == (counted, str(declared))


def test_a_summary_that_leaves_a_count_out_declares_nothing_of_it():
    assert problems(read(report(summary={"pass": 1}))) == []


@pytest.mark.parametrize("results", [None, []])
def test_no_results_are_not_a_pass(results):
    assert problems(read(report(results=results, summary={"pass": 0}))) == [("EVIDENCE_EMPTY", "json-pointer:/results")]


def test_results_that_only_the_summary_knows_are_a_contradiction_too():
    codes = [code for code, _ in problems(read(report(results=[], summary={"pass": 12})))]
    assert codes == ["EVIDENCE_EMPTY", "CONTRADICTION"]


def test_a_result_may_name_its_resources_itself():
    value = report()
    value["results"][0]["resources"] = [
        {"kind": "Pod", "namespace": "payments", "name": "a"},
        {"kind": "Pod", "namespace": "payments", "name": "b"},
    ]
    assert rows(read(value), "policy_results")[0]["resource"] == "Pod/payments/a, Pod/payments/b"


def test_the_old_name_of_the_result_is_drift_and_no_pass():
    value = report(apiVersion="wgpolicyk8s.io/v1alpha1")
    for result in value["results"]:
        result["status"] = result.pop("result")
    extraction = read(value, "v1alpha1")
    assert [row["status"] for row in rows(extraction, "policy_results")] == [None, None]
    assert {("SCHEMA_DRIFT", None), ("SCHEMA_DRIFT", "json-pointer:/results/0/result")} <= set(problems(extraction))


@pytest.mark.parametrize(("version", "kind"), [("reports.x-k8s.io/v1beta1", "PolicyReport"), ("openreports.io/v1alpha1", "ClusterReport")])
def test_what_policy_reports_became_in_other_groups_is_read_alike(version, kind):
    extraction = read(report(apiVersion=version, kind=kind), version)
    assert rows(extraction, "policy_results") == rows(read(report()), "policy_results")
    assert problems(extraction) == []


@pytest.mark.parametrize(("version", "kind"), [("reports.example.com/v1", "PolicyReport"), ("wgpolicyk8s.io/v1alpha2", "Report")])
def test_the_report_of_an_unknown_group_is_not_known(version, kind):
    assert recognised(drift.as_json(report(apiVersion=version, kind=kind))) == []


@pytest.mark.parametrize("seconds", [-1, 10**15])
def test_an_impossible_time_is_drift_and_no_claim(seconds):
    value = report()
    value["results"][0]["timestamp"]["seconds"] = seconds
    extraction = read(value)
    assert claims(extraction, "produced_at") == []
    assert problems(extraction) == [("SCHEMA_DRIFT", "json-pointer:/results/0/timestamp/seconds")]


def test_messages_are_never_copied():
    assert "SWORDFISH" not in str([table.to_pylist() for table in extract(STREAM, "policyreport@v1alpha2").tables.values()])


@pytest.mark.parametrize(
    "value", [{"kind": "Policy", "apiVersion": "wgpolicyk8s.io/v1alpha2"}, {"kind": "List", "items": [{"kind": "Pod"}]}]
)
def test_other_objects_are_left(value):
    assert not [known for known in recognised(drift.as_json(value)) if known.startswith("policyreport")]


def test_an_unknown_key_is_not_understood():
    value = report(unheard="of")
    value["results"][0]["outcome"] = "pass"
    assert not_understood(read(value)) == ["/results/*/outcome", "/unheard"]


def test_drift_is_told():
    drift.assert_drift_is_told(
        CLUSTER,
        {"/apiVersion", "/kind", "/results", "/results/*/policy", "/results/*/result", "/scope/kind", "/scope/name"},
    )


def test_the_corpus_is_read():
    for path, extractions in corpus.read_all("policy/policyreport").items():
        assert [known.format for known in extractions] == ["policyreport@v1alpha2"], path
