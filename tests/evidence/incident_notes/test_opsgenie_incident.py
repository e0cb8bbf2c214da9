from pathlib import Path

import orjson
import pytest

from release_staging.parsing import json
from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "opsgenie.json").read_bytes()
FORMAT = "opsgenie-incident"
ONE = json.parse(SAMPLE)["data"]


def read(value):
    return extract(drift.as_json(value), FORMAT)


def test_the_incident_is_a_row():
    extraction = extract(SAMPLE, FORMAT)
    (row,) = rows(extraction, "incidents")
    assert row == row | {
        "locator": "json-pointer:/data",
        "id": "3f84e009-7548-4e7d-832a-fa82c1ceb6b1",
        "title": "Delayed invoices",
        "status": "resolved",
        "severity": "P2",
        "vocabulary": FORMAT,
        "started_at": "2026-11-02T07:10:00Z",
        "resolved_at": "2026-11-02T09:02:00Z",
    }
    assert claims(extraction, "incident.id") == ["3f84e009-7548-4e7d-832a-fa82c1ceb6b1"]
    assert problems(extraction) == []
    assert not_understood(extraction) == []


@pytest.mark.parametrize("value", [ONE, [ONE], {"data": [ONE], "took": 0}])
def test_an_incident_alone_or_in_a_page_is_read(value):
    assert len(rows(read(value), "incidents")) == 1
    assert not_understood(read(value)) == []


def test_a_page_that_does_not_hold_all_incidents_is_told():
    page = {"data": [ONE], "paging": {"next": "https://api.example.com/?offset=1", "first": "https://api.example.com/"}}
    assert problems(read(page)) == [("EVIDENCE_MISSING", "json-pointer:/paging/next")]


def test_people_and_texts_are_never_copied():
    assert "SWORDFISH" not in str([table.to_pylist() for table in extract(SAMPLE, FORMAT).tables.values()])


def test_an_alert_is_no_incident():
    alert = {"id": "a", "tinyId": "1", "message": "m", "status": "open", "priority": "P3", "acknowledged": False, "alias": "x"}
    assert recognised(drift.as_json({"data": [alert]})) == []


def test_an_unknown_key_is_not_understood():
    assert not_understood(read(ONE | {"unheard": "of"})) == ["/unheard"]


def test_drift_is_told():
    required = {"/data", "/data/id", "/data/createdAt", "/data/status", "/data/priority", "/data/message"}
    drift.assert_drift_is_told(SAMPLE, required, joined={"started_at"}, parse=orjson.loads)


def test_the_corpus_is_read():
    for path, extractions in corpus.read_all("incidents/opsgenie-incident").items():
        assert [extraction.format for extraction in extractions] == [FORMAT], path
