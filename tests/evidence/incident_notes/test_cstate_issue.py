from pathlib import Path

import pytest

from tests.evidence import corpus
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "cstate.md").read_bytes()
FORMAT = "cstate-issue"


def test_an_issue_is_an_incident():
    assert rows(extract(SAMPLE, FORMAT), "incidents") == [
        {
            "locator": "line=1,10;yaml=0;json-pointer:/title",
            "id": None,
            "title": "Maintenance of the mirror",
            "status": "true",
            "severity": "notice",
            "vocabulary": "cstate",
            "affected_version": None,
            "environment": None,
            "started_at": "2026-08-27T13:00:00-00:00",
            "resolved_at": "2026-08-27T13:05:00-00:00",
        }
    ]
    assert problems(extract(SAMPLE, FORMAT)) == []
    assert not_understood(extract(SAMPLE, FORMAT)) == []


def test_an_open_issue_is_not_resolved():
    row = rows(extract(SAMPLE.replace(b"resolved: true", b"resolved: false"), FORMAT), "incidents")[0]
    assert row["status"] == "false"


def test_its_text_is_read_for_conclusions_and_what_they_cite():
    extraction = extract(SAMPLE, FORMAT)
    assert claims(extraction, "incident.conclusion") == ["This release is not affected, see `load/k6-summary.json`."]
    assert claims(extraction, "incident.evidence") == ["load/k6-summary.json"]
    said = extract(SAMPLE + b"\nThe release is approved for production.\n", FORMAT)
    assert claims(said, "authority.statement") == ["approval"]


@pytest.mark.parametrize(
    ("old", "new"),
    [(b"resolved: true", b"resolved_renamed: true"), (b"resolved: true", b"resolved: {a: b}"), (b"title:", b"title_renamed:")],
)
def test_drift_is_told(old, new):
    assert {code for code, _ in problems(extract(SAMPLE.replace(old, new, 1), FORMAT))} == {"SCHEMA_DRIFT"}


@pytest.mark.parametrize("key", ["date", "severity", "resolvedWhen"])
def test_a_renamed_key_does_not_vanish_silently(key):
    renamed = extract(SAMPLE.replace(f"\n{key}:".encode(), f"\n{key}_renamed:".encode(), 1), FORMAT)
    assert not_understood(renamed) == [f"/front-matter/{key}_renamed"]


@pytest.mark.parametrize("other", [b"---\nsection: page\n---\n# Incident\n", b"section: issue\n", b"# Text\n\n---\nsection: issue\n---\n"])
def test_other_texts_are_left(other):
    assert FORMAT not in recognised(other)


def test_the_corpus_is_read():
    for path, extractions in corpus.read_all("incidents/cstate-issue").items():
        assert [extraction.format for extraction in extractions] == [FORMAT], path
