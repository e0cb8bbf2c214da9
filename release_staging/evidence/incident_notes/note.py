"""What incident notes of free text have in common: their labelled lines, and the conclusions they draw about the release."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from release_staging.evidence import markdown, prose
from release_staging.evidence.extract import Extract
from release_staging.evidence.ledger import DROPPED, NOT_UNDERSTOOD
from release_staging.evidence.lines import Span, TextDocument
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code

TITLE = re.compile(r"\bINC-?\d+|\bincident\b|post-?mortem|\boutage\b", re.IGNORECASE)
CELL_CHARS = 200
MOST_HEAD_LINES = 60  # labelled lines further down belong to a timeline or a log

_TITLE_ID = re.compile(r"(?P<id>[A-Z][A-Z0-9]{1,15}-\d{1,9})\b")
_COLUMNS = {
    "status": "status",
    "severity": "severity",
    "severity level": "severity",
    "incident severity": "severity",
    "incident status": "status",
    "affected version": "affected_version",
    "affected versions": "affected_version",
    "environment": "environment",
    "environments": "environment",
    "affected environment": "environment",
    "started": "started_at",
    "start": "started_at",
    "started at": "started_at",
    "start time": "started_at",
    "incident date": "started_at",
    "incident start": "started_at",
    "resolved": "resolved_at",
    "resolved at": "resolved_at",
    "ended": "resolved_at",
    "end time": "resolved_at",
    "incident end": "resolved_at",
}
_CLAIMS = {
    "service": "service.name",
    "candidate": "candidate.version",
    "candidate version": "candidate.version",
    "release candidate": "candidate.version",
    "incident": "incident.id",
    "incident id": "incident.id",
}
KNOWN = _COLUMNS.keys() | _CLAIMS.keys()
_PEOPLE = {"author", "authors", "by", "created by", "collaborators", "incident commander", "owner", "owners", "reported by", "responders"}
_SAID_IN_PROSE = {
    "impact",
    "summary",
    "resolution",
    "cause",
    "root cause",
    "root causes",
    "context",
    "identified",
    "key events",
    "detection",
}
_SAID_IN_PROSE |= {"time to repair", "time to resolve", "last modified", "date", "duration", "trigger", "background"}


def read_fields(document: TextDocument, fields: Iterable[markdown.Labelled], title: Span | None, named: str | None, out: Extract) -> None:
    """One row of ``incidents`` and the claims of the labelled lines; ``title`` is the line that ``named`` is the text of."""
    values: dict[str, Any] = {}
    ids: list[Span] = []
    for field in fields:
        if field.name in _PEOPLE:
            document.mark(field.line, use=DROPPED, rule="people")
        if not field.value or field.name in _PEOPLE | _SAID_IN_PROSE:
            continue
        place = markdown.span_of(document, field)
        if field.name in _COLUMNS:
            values.setdefault(_COLUMNS[field.name], field.value[:CELL_CHARS])
            place.mark()
        elif _CLAIMS.get(field.name) == "incident.id":
            ids.append(place)
        elif field.name in _CLAIMS:
            out.claim(_CLAIMS[field.name], place)
        else:
            document.mark(field.line, use=NOT_UNDERSTOOD)  # a labelled line nobody declared is no mere prose
    if title is not None:
        title.mark()
        match = _TITLE_ID.search(document.lines[title.start])
        if match:
            ids.insert(0, document.span(title.start, chars=match.span("id")))
    for place in ids:
        out.claim("incident.id", place)
    if title is None:
        out.problem(Code.SCHEMA_DRIFT, "the incident note has no title", expected="a heading")
    out.row(
        "incidents",
        title or document.span(0),
        values,
        id=ids[0].raw if ids else None,
        title=named[:CELL_CHARS] if named else None,
        vocabulary="incident-note",
    )


def read_conclusions(document: TextDocument, blocks: Sequence[markdown.Block], out: Extract) -> None:
    """Claims the conclusions about the release, and what the paragraphs that draw them cite."""
    for block in blocks:
        if block.heading:
            continue
        text = "\n".join(document.lines[block.start : block.end])
        concluded = prose.conclusions(text, block.section.text if block.section else "")
        for conclusion in concluded:
            place = document.span(block.start, block.end, chars=(conclusion.start, conclusion.end))
            cut = "cut to 200 characters" if conclusion.end - conclusion.start == prose.MOST_CHARS else None
            out.claim("incident.conclusion", place, value=" ".join(place.raw.split()), confidence=Confidence.LOW, loss=cut)
            for cited in prose.citations(text):
                source = document.span(block.start, block.end, chars=(cited.start, cited.end))
                out.claim("incident.evidence", source, subject=place.locator)
