from pathlib import Path

import orjson

from tests.evidence import drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "azure-test-results.json").read_bytes()
FORMAT = "azure-test-results"


def read(change):
    value = orjson.loads(SAMPLE)
    change(value)
    return extract(drift.as_json(value), FORMAT)


def test_each_result_is_a_case():
    extraction = extract(SAMPLE, FORMAT)
    assert [(row["suite"], row["name"], row["status"], row["duration_s"]) for row in rows(extraction, "test_cases")] == [
        ("billing.tests.dll", "Billing.Tests.TaxTests.Rounds", "Passed", "0.0125"),
        ("billing.tests.dll", "Billing.Tests.TaxTests.Adds", "Failed", "0.02"),
    ]
    assert {row["vocabulary"] for row in rows(extraction, "test_cases")} == {"azure-test-outcome"}
    assert claims(extraction, "build.id") == ["4242"]
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_a_single_result_is_read():
    value = orjson.loads(SAMPLE)["value"][0]
    assert [row["status"] for row in rows(extract(drift.as_json(value), FORMAT), "test_cases")] == ["Passed"]


def test_a_result_without_an_outcome_is_no_pass():
    extraction = read(lambda value: value["value"][0].pop("outcome"))
    assert rows(extraction, "test_cases")[0]["status"] == "absent"


def test_people_machines_and_messages_are_never_copied():
    text = str([table.to_pylist() for table in extract(SAMPLE, FORMAT).tables.values()])
    for secret in ("hunter2", "Secret", "agent-7"):
        assert secret not in text


def test_an_unknown_member_is_not_understood():
    assert not_understood(read(lambda value: value["value"][0].update(mood="good"))) == ["/value/*/mood"]


def test_other_answers_of_azure_devops_are_not_results():
    assert recognised(b'{"count": 1, "value": [{"id": 1, "testRun": {}, "state": "Completed"}]}') == []


def test_drift_is_told():
    drift.assert_drift_is_told(SAMPLE, ["/value/*/testCaseTitle"], joined={"status", "name"}, parse=orjson.loads)
