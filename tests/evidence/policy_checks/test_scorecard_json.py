from pathlib import Path

import orjson
import pytest

from release_staging.parsing import json
from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "scorecard.json").read_bytes()
FORMAT = "scorecard-json"


def read(value):
    return extract(drift.as_json(value), FORMAT)


def test_the_score_of_each_check_is_its_word():
    extraction = extract(SAMPLE, FORMAT)
    assert [(row["rule"], row["status"], row["locator"]) for row in rows(extraction, "policy_results")] == [
        ("Binary-Artifacts", "10", "json-pointer:/checks/0"),
        ("Pinned-Dependencies", "2", "json-pointer:/checks/1"),
        ("Security-Policy", "0", "json-pointer:/checks/2"),
        ("Signed-Releases", "-1", "json-pointer:/checks/3"),
    ]
    assert {row["vocabulary"] for row in rows(extraction, "policy_results")} == {"scorecard-score"}
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_what_was_looked_at_is_claimed():
    extraction = extract(SAMPLE, FORMAT)
    assert claims(extraction, "repository.url") == ["github.com/acme-pay/billing-api"]
    assert claims(extraction, "candidate.commit") == ["9f2c4b1d8e7a6f5c4b3a2d1e0f9c8b7a6d5e4f3c"]
    assert claims(extraction, "produced_at") == ["2026-11-20T08:41:12Z"]
    assert claims(extraction, "tool.version") == ["v5.0.0"]


def test_unknown_is_no_commit_and_no_version():
    value = json.parse(SAMPLE)
    value["repo"]["commit"] = value["scorecard"]["version"] = "unknown"
    extraction = read(value)
    assert claims(extraction, "candidate.commit") == claims(extraction, "tool.version") == []
    assert problems(extraction) == []


@pytest.mark.parametrize("checks", [[], None])
def test_no_checks_are_not_a_pass(checks):
    assert ("EVIDENCE_EMPTY", "json-pointer:/checks") in problems(read(json.parse(SAMPLE) | {"checks": checks}))


@pytest.mark.parametrize("score", ["10", None, True, []])
def test_a_score_that_is_no_number_is_drift_and_no_word(score):
    value = json.parse(SAMPLE)
    value["checks"][0]["score"] = score
    extraction = read(value)
    assert rows(extraction, "policy_results")[0]["status"] is None
    assert problems(extraction) == [("SCHEMA_DRIFT", "json-pointer:/checks/0/score")]


@pytest.mark.parametrize("value", [{"checks": [], "repo": "x", "scorecard": {}}, {"Repo": "x", "Checks": []}])
def test_other_documents_are_left(value):
    assert recognised(drift.as_json(value)) == []


def test_an_unknown_key_is_not_understood():
    value = json.parse(SAMPLE) | {"unheard": "of"}
    value["checks"][0]["risk"] = "High"
    assert not_understood(read(value)) == ["/checks/*/risk", "/unheard"]


def test_drift_is_told():
    required = {"/repo", "/repo/name", "/repo/commit", "/scorecard/version", "/checks", "/checks/*/score", "/checks/*/name"}
    drift.assert_drift_is_told(SAMPLE, required, parse=orjson.loads)


def test_the_corpus_is_read():
    for path, extractions in corpus.read_all("policy/scorecard-json").items():
        assert [known.format for known in extractions] == [FORMAT], path
