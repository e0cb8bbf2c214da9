from pathlib import Path

import pytest

from release_staging.evidence.incident_notes.incident_note_text import READER
from release_staging.evidence.open import Opened
from release_staging.evidence.read import read
from release_staging.evidence.recognise import as_declared
from tests.evidence.support import assert_lawful, claims, extract, not_understood, problems, recognised, rows

NOTE = (Path(__file__).parent / "samples" / "note.txt").read_bytes()
FORMAT = "incident-note-text"


def declared(data):
    known = as_declared(Opened(data), READER)
    assert known is not None
    extraction = read(Opened(data), known)
    assert_lawful(data, extraction)
    return extraction


def test_one_row_says_what_the_note_says():
    assert rows(extract(NOTE, FORMAT), "incidents") == [
        {
            "locator": "line=0,1",
            "id": "INC-2031",
            "title": "INC-2031: delayed invoices",
            "status": "resolved",
            "severity": "SEV-2",
            "vocabulary": "incident-note",
            "affected_version": "4.11.1",
            "environment": "production-eu",
            "started_at": "2026-11-02T07:10:00Z",
            "resolved_at": "2026-11-02T09:02:00Z",
        }
    ]
    assert claims(extract(NOTE, FORMAT), "service.name") == ["billing-api"]
    assert claims(extract(NOTE, FORMAT), "candidate.version") == []


def test_a_paragraph_under_a_heading_on_the_release_concludes_about_it():
    found = [claim for claim in rows(extract(NOTE, FORMAT), "claims") if claim["field"] == "incident.conclusion"]
    assert [(claim["value"], claim["locator"]) for claim in found] == [
        ("The failure will not recur, see `load/k6-summary.json`.", "line=16,18;char=79,134")
    ]
    assert claims(extract(NOTE, FORMAT), "incident.evidence") == ["load/k6-summary.json"]


def test_words_of_authority_are_told():
    assert claims(extract(NOTE + b"\nThe release is approved for production.\n", FORMAT), "authority.statement") == ["approval"]


def test_people_are_left_out_and_the_ledger_adds_up():
    extraction = extract(NOTE, FORMAT)
    assert "A. Person" not in str([table.to_pylist() for table in extraction.tables.values()])
    assert not_understood(extraction) == []
    assert sum(extraction.loss().values()) == sum(bool(line.strip()) for line in NOTE.splitlines())


@pytest.mark.parametrize("label", ["Status", "Severity", "Affected version", "Environment", "Started", "Resolved", "Service"])
def test_a_renamed_label_does_not_vanish_silently(label):
    renamed = extract(NOTE.replace(f"\n{label}:".encode(), f"\n{label} renamed:".encode()), FORMAT)
    assert not_understood(renamed) == ["/line/not understood"]


@pytest.mark.parametrize(
    "other",
    [
        b"# " + NOTE,
        NOTE.replace(b"INC-2031: delayed invoices", b"Delayed invoices"),
        b"INC-2031: delayed invoices\n\nWe were slow.\n",
        b"INC-2031: x\n===========\n\nStatus: open\nSeverity: high\nService: a\n",
        b"Status: open\nSeverity: high\nService: a\n",
    ],
)
def test_other_texts_are_not_taken_for_one(other):
    assert FORMAT not in recognised(other)


def test_a_descriptor_may_assign_any_text():
    extraction = declared(b"The ledger was slow.\nStatus: open\n")
    assert [(row["title"], row["status"]) for row in rows(extraction, "incidents")] == [("The ledger was slow.", "open")]
    assert problems(extraction) == []


def test_a_text_longer_than_prose_is_not_read_and_told():
    assert [code for code, _ in problems(declared(b"words and words\n" * 90_000))] == ["EVIDENCE_UNREADABLE"]


@pytest.mark.timeout(60)
@pytest.mark.parametrize("unit", ["A: ", "a:\n", "AAAA\n", "x\n\n", "`a` "])
def test_hostile_text_takes_no_time(unit):
    declared(NOTE + (unit * (100_000 // len(unit))).encode())
