from pathlib import Path

import orjson
import pytest

from release_staging.parsing import json
from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "kubescape.json").read_bytes()
FORMAT = "kubescape-json"


def read(value):
    return extract(drift.as_json(value), FORMAT)


def test_each_control_on_each_resource_is_a_row():
    extraction = extract(SAMPLE, FORMAT)
    assert [(row["policy"], row["rule"], row["status"], row["severity"], row["locator"]) for row in rows(extraction, "policy_results")] == [
        ("Privileged container", "C-0057", "passed", "High", "json-pointer:/results/0/controls/0"),
        ("Resource limits", "C-0009", "failed", "Medium", "json-pointer:/results/0/controls/1"),
        ("Service account token", "C-0034", "passed (w/exceptions)", "Low", "json-pointer:/results/0/controls/2"),
        ("Manual one", "C-0041", "skipped (manual review)", None, "json-pointer:/results/1/controls/0"),
    ]
    assert {row["vocabulary"] for row in rows(extraction, "policy_results")} == {"kubescape-status"}
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_what_was_scanned_is_claimed():
    extraction = extract(SAMPLE, FORMAT)
    assert claims(extraction, "candidate.commit") == ["9f2c4b1d8e7a6f5c4b3a2d1e0f9c8b7a6d5e4f3c"]
    assert claims(extraction, "candidate.branch") == ["release/4.12"]
    assert claims(extraction, "repository.url") == ["https://github.com/acme-pay/billing-api"]
    assert claims(extraction, "produced_at") == ["2026-11-20T08:41:12Z"]
    assert claims(extraction, "tool.version") == ["v3.0.8"]
    assert claims(extraction, "verdict") == ["failed"]


@pytest.mark.parametrize("results", [[], [{"resourceID": "a", "controls": []}], [{"resourceID": "a", "controls": None}]])
def test_no_results_are_not_a_pass(results):
    assert problems(read(json.parse(SAMPLE) | {"results": results})) == [("EVIDENCE_EMPTY", "json-pointer:/results")]


def test_objects_fixes_and_people_are_never_copied():
    text = str([table.to_pylist() for table in extract(SAMPLE, FORMAT).tables.values()])
    assert not [secret for secret in ("SWORDFISH", "a@example.com", "A. Person") if secret in text]


@pytest.mark.parametrize("controls", [{}, {"total": 3}, []])
def test_other_summaries_are_left(controls):
    assert recognised(drift.as_json({"results": [], "summaryDetails": {"controls": controls}})) == []


def test_an_unknown_key_is_not_understood():
    value = json.parse(SAMPLE) | {"unheard": "of"}
    value["results"][0]["controls"][0]["outcome"] = "bad"
    assert not_understood(read(value)) == ["/results/*/controls/*/outcome", "/unheard"]


def test_the_start_of_a_clock_is_no_time():
    assert claims(read(json.parse(SAMPLE) | {"generationTime": "0001-01-01T00:00:00Z"}), "produced_at") == []


def test_drift_is_told():
    shape = "/results/*/controls/*"
    required = {"/summaryDetails", "/results", "/results/*/resourceID", f"{shape}/controlID", f"{shape}/status", f"{shape}/status/status"}
    drift.assert_drift_is_told(SAMPLE, required, joined={"severity", "status"}, parse=orjson.loads)


def test_a_report_of_random_words_passes_nothing():
    # The only file of the corpus has the shape of a report and is filled with random text.
    [[extraction]] = corpus.read_all("policy/kubescape-json").values()
    assert not {row["status"].split()[0] for row in rows(extraction, "policy_results")} & {"passed", "failed", "skipped"}
    assert {code for code, _ in problems(extraction)} == {"SCHEMA_DRIFT"}
