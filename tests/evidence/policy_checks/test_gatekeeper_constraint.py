from pathlib import Path

import pytest

from release_staging.parsing import yaml
from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "gatekeeper.yaml").read_bytes()
FORMAT = "gatekeeper-constraint@v1beta1"


def constraint(**status):
    value = yaml.parse_all(SAMPLE)[0]
    return value | {"status": {name: item for name, item in {**value["status"], **status}.items() if item is not None}}


def read(value):
    return extract(drift.as_json(value), FORMAT)


def test_each_violation_of_each_constraint_is_a_row():
    extraction = extract(SAMPLE, FORMAT)
    assert [tuple(row.values()) for row in rows(extraction, "policy_results")] == [
        (
            *("yaml=0;json-pointer:/status/violations/0", "K8sRequiredLabels", "ns-must-have-owner", "Namespace/default"),
            *("deny", None, "gatekeeper-violation"),
        ),
        (
            *("yaml=0;json-pointer:/status/violations/1", "K8sRequiredLabels", "ns-must-have-owner", "Deployment/payments/billing-api"),
            *("dryrun", None, "gatekeeper-violation"),
        ),
        ("yaml=1;json-pointer:/status/totalViolations", "K8sAllowedRepos", "only-ours", None, "clean", None, "gatekeeper-violation"),
    ]
    assert claims(extraction, "produced_at") == ["2026-11-20T08:44:00Z"]
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_violations_that_are_counted_and_not_listed_are_told():
    (problem,) = rows(read(constraint(totalViolations=57)), "problems")
    assert (problem["code"], problem["locator"]) == ("EVIDENCE_MISSING", "json-pointer:/status/totalViolations")
    assert (problem["expected"], problem["found"]) == ("57", "2")


def test_a_count_of_all_violations_with_none_listed_is_no_pass():
    extraction = read(constraint(totalViolations=57, violations=None))
    assert rows(extraction, "policy_results") == []
    assert [code for code, _ in problems(extraction)] == ["EVIDENCE_MISSING"]


def test_fewer_counted_than_listed_is_a_contradiction():
    assert problems(read(constraint(totalViolations=0))) == [("CONTRADICTION", "json-pointer:/status/totalViolations")]


@pytest.mark.parametrize("status", [{"totalViolations": None, "violations": None}, {"totalViolations": None, "violations": []}])
def test_a_status_that_counts_nothing_is_not_a_pass(status):
    extraction = read(constraint(**status))
    assert rows(extraction, "policy_results") == []
    assert problems(extraction) == [("EVIDENCE_EMPTY", "json-pointer:/status")]


def test_no_audit_is_no_pass():
    extraction = read(constraint(totalViolations=0, violations=None, auditTimestamp=None))
    assert rows(extraction, "policy_results") == []
    assert ("SCHEMA_DRIFT", "json-pointer:/status/auditTimestamp") in problems(extraction)


def test_a_list_is_read():
    extraction = read({"apiVersion": "v1", "kind": "List", "items": [{"kind": "Secret", "data": {"t": "SWORDFISH"}}, constraint()]})
    assert [row["locator"] for row in rows(extraction, "policy_results")] == [
        "json-pointer:/items/1/status/violations/0",
        "json-pointer:/items/1/status/violations/1",
    ]
    assert not_understood(extraction) == ["/items/*/data/t"]


def test_a_constraint_without_status_is_no_evidence():
    value = constraint()
    del value["status"]
    assert "gatekeeper-constraint" not in str(recognised(drift.as_json(value)))


def test_messages_are_never_copied():
    assert "SWORDFISH" not in str([table.to_pylist() for table in extract(SAMPLE, FORMAT).tables.values()])


def test_an_unknown_key_is_not_understood():
    value = constraint(unheard="of")
    value["status"]["violations"][0]["severity"] = "high"
    assert not_understood(read(value)) == ["/status/unheard", "/status/violations/*/severity"]


def test_drift_is_told():
    shape = "/status/violations/*"
    required = {
        "/kind",
        "/metadata/name",
        "/status",
        "/status/auditTimestamp",
        f"{shape}/kind",
        f"{shape}/name",
        f"{shape}/enforcementAction",
    }
    drift.assert_drift_is_told(drift.as_json(constraint()), required, joined={"resource"})


def test_the_corpus_is_read():
    audited = {
        path: extractions
        for path, extractions in corpus.read_all("policy/gatekeeper-constraint").items()
        if "gatekeeper-constraint" in str([extraction.format for extraction in extractions])
    }
    assert sorted(Path(path).name for path in audited) == ["website_docs_audit.md.1.yaml", "website_docs_violations.md.1.yaml"]
    assert all(problems(extraction) == [] for extractions in audited.values() for extraction in extractions)
