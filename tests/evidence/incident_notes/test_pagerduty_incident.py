from pathlib import Path

import pytest

from release_staging.parsing import json
from tests.evidence import corpus, drift
from tests.evidence.support import extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "pagerduty.json").read_bytes()
FORMAT = "pagerduty-incident"
ONE = json.parse(SAMPLE)["incidents"][0]


def read(value):
    return extract(drift.as_json(value), FORMAT)


def test_each_incident_is_a_row():
    extraction = extract(SAMPLE, FORMAT)
    columns = ("locator", "id", "title", "status", "severity", "started_at", "resolved_at")
    assert [tuple(row[name] for name in columns) for row in rows(extraction, "incidents")] == [
        (
            *("json-pointer:/incidents/0", "Q1OHFWFP3GPXOG", "Delayed invoices", "resolved", "P2"),
            *("2026-11-02T07:10:00Z", "2026-11-02T09:02:00Z"),
        ),
        ("json-pointer:/incidents/1", "Q3CZAU7Q4008QD", "Slow startup", "acknowledged", "low", "2026-11-03T06:44:28Z", None),
    ]
    assert {row["vocabulary"] for row in rows(extraction, "incidents")} == {FORMAT}
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_the_service_is_claimed_with_low_confidence():
    found = [(claim["field"], claim["subject"], claim["value"], claim["confidence"]) for claim in rows(read(ONE), "claims")]
    assert found == [
        ("incident.id", None, "Q1OHFWFP3GPXOG", "exact"),
        ("service.name", "Q1OHFWFP3GPXOG", "billing-api", "low"),
    ]


@pytest.mark.parametrize("value", [ONE, [ONE], {"incident": ONE}])
def test_an_incident_alone_or_in_an_answer_is_read(value):
    assert [row["id"] for row in rows(read(value), "incidents")] == ["Q1OHFWFP3GPXOG"]
    assert not_understood(read(value)) == []


def told(kind="incident.resolved", **changes):
    left_out = ("incident_number", "last_status_change_at", "resolved_at")
    data = {key: value for key, value in ONE.items() if key not in left_out} | {"number": 7, "assignees": [], **changes}
    event = {"id": "01", "event_type": kind, "resource_type": "incident", "occurred_at": "2026-11-02T09:02:00.000Z", "agent": None}
    return {"event": event | {"data": data}}


@pytest.mark.parametrize(
    ("kind", "status", "resolved"),
    [("incident.resolved", "resolved", "2026-11-02T09:02:00.000Z"), ("incident.acknowledged", "acknowledged", None)],
)
def test_an_incident_that_a_webhook_tells_of_is_read(kind, status, resolved):
    extraction = read(told(kind, status=status))
    assert recognised(drift.as_json(told())) == [FORMAT]
    assert [(row["locator"], row["status"], row["severity"], row["resolved_at"]) for row in rows(extraction, "incidents")] == [
        ("json-pointer:/event/data", status, "P2", resolved)
    ]
    assert problems(extraction) == not_understood(extraction) == []


def test_drift_of_a_webhook_is_told():
    data = {f"/event/data/{key}" for key in ("id", "status", "urgency", "created_at")}
    facts = {"/event/event_type", "/event/occurred_at", "/event/data", *data}
    drift.assert_drift_is_told(drift.as_json(told()), facts, joined={"severity", "resolved_at"})


def test_a_page_that_does_not_hold_all_incidents_is_told():
    assert problems(read(json.parse(SAMPLE) | {"more": True})) == [("EVIDENCE_MISSING", "json-pointer:/more")]


def test_people_and_texts_are_never_copied():
    text = str([table.to_pylist() for table in extract(SAMPLE, FORMAT).tables.values()])
    assert "SWORDFISH" not in text
    assert "A. Person" not in text


@pytest.mark.parametrize("value", [{"incidents": []}, {"incident": {"status": "open"}}, {"status": "triggered", "created_at": "x"}])
def test_other_documents_are_left(value):
    assert recognised(drift.as_json(value)) == []


def test_an_unknown_key_is_not_understood():
    assert not_understood(read(ONE | {"unheard": "of"})) == ["/unheard"]


def test_drift_is_told():
    drift.assert_drift_is_told(drift.as_json(ONE), {"/id", "/status", "/urgency", "/created_at"}, joined={"severity", "resolved_at"})


def test_the_corpus_is_read():
    for path, extractions in corpus.read_all("incidents/pagerduty-incident").items():
        assert [extraction.format for extraction in extractions] == [FORMAT], path
