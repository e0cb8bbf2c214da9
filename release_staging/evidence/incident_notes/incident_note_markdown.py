"""Incident note or postmortem: Markdown with labelled lines, as in the project's own form, or cState front matter.

The project's own form is a title ``# INC-2031: delayed invoices``, a list of labelled lines (``- Severity: SEV-2``) and
sections. A postmortem of another form yields what it labels. One row of ``incidents``, located at the title.

Status and severity keep the note's own word, in the vocabulary "incident-note", or "cstate" where the front matter is
that of cState (https://github.com/cstate/cstate, issues): there ``resolved: true|false`` is the status.

The version an incident happened in is no version of the candidate: only a line ``Candidate: ...`` claims one. Paragraphs
that conclude something about the release's risk become claims ``incident.conclusion``, and what they cite in backticks
``incident.evidence``, whose subject is the locator of the conclusion.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from release_staging.evidence import markdown, prose
from release_staging.evidence.ledger import DROPPED, NOT_UNDERSTOOD
from release_staging.evidence.lines import Span
from release_staging.evidence.reader import TEXT, Extract, Head, Reader, TextDocument
from release_staging.evidence.tree import Node
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code

_TITLE_ID = re.compile(r"(?P<id>[A-Z][A-Z0-9]{1,15}-\d{1,9})\b")
_TITLE = re.compile(r"\bINC-?\d+|\bincident\b|post-?mortem|\boutage\b", re.IGNORECASE)
_SECTION = re.compile(
    r"(?:incident |executive |issue |customer |user )?(?:summary|overview|impact|timeline|cause|root cause|trigger|resolution|recovery"
    r"|mitigation|remediation|detection|contributing (?:factors|causes)|lessons learn(?:ed|t)|what went (?:well|wrong|badly|poorly)"
    r"|where we got lucky|action items?|follow[- ]?ups?|bearing on this release|background|key events)s?\b",
    re.IGNORECASE,
)
_TELLING = re.compile(r"timeline|root cause|lessons learn|what went|where we got lucky|contributing|post-?mortem", re.IGNORECASE)
_CSTATE = re.compile(r"section\s*:\s*[\"']?issue[\"']?\s*\Z")
_COLUMNS = {
    "status": "status",
    "severity": "severity",
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
    "resolved": "resolved_at",
    "resolved at": "resolved_at",
    "ended": "resolved_at",
    "end time": "resolved_at",
}
_CLAIMS = {
    "service": "service.name",
    "candidate": "candidate.version",
    "candidate version": "candidate.version",
    "release candidate": "candidate.version",
    "incident": "incident.id",
    "incident id": "incident.id",
}
_KNOWN = _COLUMNS.keys() | _CLAIMS.keys()
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
_SAID_IN_PROSE |= {"time to repair", "time to resolve", "last modified", "date", "trigger", "background"}
_CELL_CHARS = 200
_MOST_HEAD_LINES = 60  # labelled lines further down belong to a timeline or a log


def recognise(head: Head) -> str | None:
    """A title that speaks of an incident with two signs, or three sections of a postmortem of which one is telling."""
    lines = head.root
    end = markdown.front_matter_end(lines)
    if any(_CSTATE.match(line) for line in lines[1:end]):
        return ""
    speaking = (_TITLE.search(line) or _TELLING.search(line) for line in markdown.heading_lines(lines))
    if not any(speaking) or not markdown.is_markdown(lines):
        return None
    found = markdown.outline(lines)
    if found.title is None:
        return None
    sections = [heading.text for heading in found.headings[1:] if _SECTION.match(heading.text)]
    fields = {field.name for field in _head_fields(lines, found)} & (
        _KNOWN | {"impact", "resolution", "summary", "key events", "identified"}
    )
    signs = len(set(sections)) + len(fields)
    if _TITLE.search(found.title.text):
        return "" if signs >= 2 else None
    return "" if len(set(sections)) >= 3 and any(map(_TELLING.search, sections)) else None


def _head_fields(lines: Sequence[str], found: markdown.Outline) -> list[markdown.Labelled]:
    """The labelled lines before the second section: those of the note itself."""
    top = [block for block in found.blocks if block.section in (None, *found.headings[:1]) and block.start < _MOST_HEAD_LINES]
    return list(markdown.labelled(lines, top))


def read(document: TextDocument, out: Extract) -> None:
    found = markdown.outline(document.lines)
    markdown.summarise(document, found)
    front = markdown.front_matter(document)
    if front is not None and front["section"].raw == "issue":
        _read_cstate(front, out)
    else:
        _read_note(document, found, out)
    _read_conclusions(document, found, out)
    markdown.claim_authority(document, found)


def _read_cstate(issue: Node, out: Extract) -> None:
    resolved = issue.flag("resolved", required=True)
    issue.text("section")
    issue.text("affected") if isinstance(issue["affected"].raw, str) else issue.summarise("affected", rule="affected-systems")
    out.row(
        "incidents",
        issue["title"] if issue["title"].exists else issue,
        title=issue.text("title", required=True),
        status=None if resolved is None else str(resolved).lower(),
        severity=issue.text("severity"),
        vocabulary="cstate",
        started_at=issue.text("date"),
        resolved_at=issue.text("resolvedWhen"),
    )


def _read_note(document: TextDocument, found: markdown.Outline, out: Extract) -> None:
    values: dict[str, Any] = {}
    ids: list[Span] = []
    for field in _head_fields(document.lines, found):
        if field.name in _PEOPLE:
            document.mark(field.line, use=DROPPED, rule="people")
        if not field.value or field.name in _PEOPLE | _SAID_IN_PROSE:
            continue
        place = markdown.span_of(document, field)
        if field.name in _COLUMNS:
            values.setdefault(_COLUMNS[field.name], field.value[:_CELL_CHARS])
            place.mark()
        elif _CLAIMS.get(field.name) == "incident.id":
            ids.append(place)
        elif field.name in _CLAIMS:
            out.claim(_CLAIMS[field.name], place)
        else:
            document.mark(field.line, use=NOT_UNDERSTOOD)  # a labelled line nobody declared is no mere prose
    title = found.title
    if title is not None:
        document.mark(title.line)
        match = _TITLE_ID.search(document.lines[title.line])
        if match:
            ids.insert(0, document.span(title.line, chars=match.span("id")))
    for place in ids:
        out.claim("incident.id", place)
    if title is None:
        out.problem(Code.SCHEMA_DRIFT, "the incident note has no title", expected="a heading")
    out.row(
        "incidents",
        document.span(title.line if title else 0),
        values,
        id=ids[0].raw if ids else None,
        title=title.text[:_CELL_CHARS] if title else None,
        vocabulary="incident-note",
    )


def _read_conclusions(document: TextDocument, found: markdown.Outline, out: Extract) -> None:
    for block in found.blocks:
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


READER = Reader(
    source="incident_notes",
    format="incident-note-markdown",
    title="Incident note (Markdown)",
    reference="docs/FORMATS.md, incident note; CommonMark 0.31; cState issues",
    encodings=(TEXT,),
    media_type="text/markdown",
    recognise=recognise,
    read=read,
    drops={
        "site-generator": tuple(f"/front-matter/{key}" for key in ("title", "weight", "layout", "description", "informational", "cover"))
    },
    prose=True,
)
