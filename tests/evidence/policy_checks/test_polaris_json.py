from pathlib import Path

from release_staging.parsing import json
from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, rows

SAMPLE = (Path(__file__).parent / "samples" / "polaris.json").read_bytes()
FORMAT = "polaris-json@1.0"


def read(value):
    return extract(drift.as_json(value), FORMAT)


def test_each_check_of_workload_pod_and_container_is_a_row():
    extraction = extract(SAMPLE, FORMAT)
    workload = "Deployment/payments/billing-api"
    assert [(row["rule"], row["resource"], row["status"], row["severity"]) for row in rows(extraction, "policy_results")] == [
        ("missingPodDisruptionBudget", workload, "success", "ignore"),
        ("hostIPCSet", workload, "success", "danger"),
        ("cpuLimitsMissing", workload + "/web", "failure", "warning"),
    ]
    assert rows(extraction, "policy_results")[2]["locator"] == (
        "json-pointer:/Results/0/PodResult/ContainerResults/0/Results/cpuLimitsMissing"
    )
    assert {row["vocabulary"] for row in rows(extraction, "policy_results")} == {"polaris-result"}
    assert claims(extraction, "produced_at") == ["2026-11-20T08:41:12Z"]
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_the_zero_time_of_go_is_no_time():
    assert claims(read(json.parse(SAMPLE) | {"AuditTime": "0001-01-01T00:00:00Z"}), "produced_at") == []


def test_an_audit_without_checks_is_not_a_pass():
    assert problems(read(json.parse(SAMPLE) | {"Results": []})) == [("EVIDENCE_EMPTY", "json-pointer:/Results")]


def test_a_check_without_its_flag_is_drift_and_no_success():
    value = json.parse(SAMPLE)
    del value["Results"][0]["PodResult"]["Results"]["hostIPCSet"]["Success"]
    extraction = read(value)
    assert rows(extraction, "policy_results")[1]["status"] is None
    assert problems(extraction) == [("SCHEMA_DRIFT", "json-pointer:/Results/0/PodResult/Results/hostIPCSet/Success")]


def test_another_version_is_read_and_told():
    extraction = extract(drift.as_json(json.parse(SAMPLE) | {"PolarisOutputVersion": "2.0"}), "polaris-json@2.0")
    assert len(rows(extraction, "policy_results")) == 3
    assert problems(extraction) == [("SCHEMA_DRIFT", None)]


def test_messages_are_never_copied():
    assert "SWORDFISH" not in str([table.to_pylist() for table in extract(SAMPLE, FORMAT).tables.values()])


def test_an_unknown_key_is_not_understood():
    value = json.parse(SAMPLE) | {"unheard": "of"}
    value["Results"][0]["Results"]["missingPodDisruptionBudget"]["outcome"] = "bad"
    assert not_understood(read(value)) == ["/Results/*/Results/*/outcome", "/unheard"]


def test_drift_is_told():
    check = "/Results/*/Results/missingPodDisruptionBudget"
    required = {"/Results", "/Results/*/Kind", "/Results/*/Name", f"{check}/Success", f"{check}/Severity"}
    of_pod = {"/Results/*/PodResult/Results/hostIPCSet", "/Results/*/PodResult/ContainerResults/*/Results/cpuLimitsMissing"}
    drift.assert_drift_is_told(SAMPLE, required, joined={"resource"}, named={check, *of_pod})


def test_the_corpus_is_read():
    for path, extractions in corpus.read_all("policy/polaris-json").items():
        assert [known.format for known in extractions] == [FORMAT], path
