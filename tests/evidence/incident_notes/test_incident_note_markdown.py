from pathlib import Path

import pytest

from release_staging.evidence.incident_notes.incident_note_markdown import READER
from release_staging.evidence.open import Opened
from release_staging.evidence.read import read
from release_staging.evidence.recognise import as_declared
from tests.evidence import corpus
from tests.evidence.support import assert_lawful, claims, extract, not_understood, problems, recognised, rows

NOTE = (Path(__file__).parent / "samples" / "note.md").read_bytes()
FORMAT = "incident-note-markdown"


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


def test_the_affected_version_is_no_version_of_the_candidate():
    extraction = extract(NOTE, FORMAT)
    assert claims(extraction, "candidate.version") == []
    assert claims(extraction, "incident.id") == ["INC-2031"]
    assert claims(extraction, "service.name") == ["billing-api"]
    assert claims(extraction, "environment.observed") == []


def test_a_note_may_name_the_candidate():
    named = extract(NOTE.replace(b"- Service:", b"- Candidate: 4.12.0-rc.3\n- Service:"), FORMAT)
    assert claims(named, "candidate.version") == ["4.12.0-rc.3"]


def test_a_conclusion_is_located_and_what_it_cites_belongs_to_it():
    found = rows(extract(NOTE, FORMAT), "claims")
    conclusion = next(claim for claim in found if claim["field"] == "incident.conclusion")
    assert conclusion["value"] == "The lock is released before the wait since 4.12.0-rc.1, so this release is not affected."
    assert (conclusion["locator"], conclusion["confidence"]) == ("line=20,23;char=0,88", "low")
    cited = [(claim["value"], claim["subject"]) for claim in found if claim["field"] == "incident.evidence"]
    assert cited == [
        ("load/k6-summary.json", conclusion["locator"]),
        ("sha256:6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b", conclusion["locator"]),
    ]


def test_a_long_conclusion_is_cut_and_says_so():
    long = NOTE.replace(b"The dashboards were renamed.", b"This release carries no risk, " + b"because of many things, " * 20 + b"really.")
    conclusion = [claim for claim in rows(extract(long, FORMAT), "claims") if claim["field"] == "incident.conclusion"][1]
    assert len(conclusion["value"]) == len(conclusion["source_value"]) == 200
    assert conclusion["loss"] == "cut to 200 characters"


def test_words_of_authority_are_claimed_by_kind_only():
    said = extract(NOTE + b"\nThe release is approved for production. Please schedule the rollout for Friday.\n", FORMAT)
    found = [(claim["value"], claim["source_value"]) for claim in rows(said, "claims") if claim["field"] == "authority.statement"]
    assert found == [("approval", "release is approved"), ("scheduling request", "Please schedule")]


def test_other_forms_of_labelled_lines_are_read():
    table = b"| Started | 2026-11-02 |\n|---|---|\n| Environment | production-eu |\n"
    note = b"# Outage on Monday\n\n**Status:** open\n**Severity**: high\n\n" + table + b"\n## Impact\n\nNone.\n"
    row = rows(extract(note, FORMAT), "incidents")[0]
    assert (row["status"], row["severity"], row["started_at"], row["environment"], row["id"]) == (
        "open",
        "high",
        "2026-11-02",
        "production-eu",
        None,
    )


def test_a_section_of_details_speaks_for_the_note():
    table = "| | |\n|---|---|\n| **Status** | Service Restored |\n| **Severity level** | 2 |\n| **Summary** | x |"
    details = f"# Invoices outage\n\n## Description\n\n{table}\n\n## Impact\n\n- Status: 500\n\n## Timeline\n\n- Resolved: 09:02\n"
    extraction = extract(details.encode(), FORMAT)
    (row,) = rows(extraction, "incidents")
    assert (row["status"], row["severity"], row["resolved_at"]) == ("Service Restored", "2", None)
    head = extract(details.replace("outage\n", "outage\n\n- Status: monitoring\n").encode(), FORMAT)
    assert rows(head, "incidents")[0]["status"] == "monitoring"
    assert not_understood(extraction) == []


def test_the_ledger_adds_up_and_shows_what_nobody_declared():
    extraction = extract(NOTE, FORMAT)
    assert not_understood(extraction) == []
    assert sum(extraction.loss().values()) == sum(bool(line.strip()) for line in NOTE.splitlines())
    odd = extract(NOTE.replace(b"- Started:", b"- Colour: red\n- Started:"), FORMAT)
    assert not_understood(odd) == ["/line/not understood"]


@pytest.mark.parametrize("label", ["Status", "Severity", "Affected version", "Environment", "Started", "Resolved", "Service"])
def test_a_renamed_label_does_not_vanish_silently(label):
    renamed = extract(NOTE.replace(f"- {label}:".encode(), f"- {label} renamed:".encode()), FORMAT)
    assert not_understood(renamed) == ["/line/not understood"]


def test_a_note_without_title_is_told():
    data = b"- Status: open\n\nThe ledger was slow.\n"
    assert recognised(data) == []
    known = as_declared(Opened(data), READER)
    assert known is not None
    extraction = read(Opened(data), known)
    assert_lawful(data, extraction)
    assert problems(extraction) == [("SCHEMA_DRIFT", None)]
    assert rows(extraction, "incidents")[0]["status"] == "open"


@pytest.mark.parametrize(
    "other",
    [
        b"# Release notes\n\n## Summary\n\nNew things.\n",
        b"# Incident response\n\nCall us.\n",
        b"# Design\n\n## Summary\n\n## Background\n\n## Impact\n",
        b"--- a/n.md\n+++ b/n.md\n@@ -1,3 +1,3 @@\n # INC-1: x\n ## Summary\n-## Timeline\n+## Impact\n",
    ],
)
def test_other_texts_are_not_taken_for_an_incident(other):
    assert FORMAT not in recognised(other)


def test_the_corpus_is_read():
    found = corpus.read_all("incidents/postmortem-markdown")
    assert {extraction.format for extractions in found.values() for extraction in extractions} == {FORMAT}
    # Left out: a list of examples, an empty template, and an index.
    assert sorted(Path(path).name for path, extractions in found.items() if not extractions) == [
        "README.md",
        "examples.md",
        "post_mortem_template.md",
    ]
