"""Incident note or postmortem in Markdown with labelled lines, as in the project's own form.

The project's own form is a title ``# INC-2031: delayed invoices``, a list of labelled lines (``- Severity: SEV-2``) and
sections. A postmortem of another form yields what it labels. One row of ``incidents``, located at the title. Status and
severity keep the note's own word, in the vocabulary "incident-note".

The version an incident happened in is no version of the candidate: only a line ``Candidate: ...`` claims one. Paragraphs
that conclude something about the release's risk become claims ``incident.conclusion``, and what they cite in backticks
``incident.evidence``, whose subject is the locator of the conclusion.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from release_staging.evidence import markdown
from release_staging.evidence.incident_notes import note
from release_staging.evidence.incident_notes.cstate_issue import is_cstate
from release_staging.evidence.reader import TEXT, Extract, Head, Reader, TextDocument

_SECTION = re.compile(
    r"(?:incident |executive |issue |customer |user )?(?:summary|overview|impact|timeline|cause|root cause|trigger|resolution|recovery"
    r"|mitigation|remediation|detection|contributing (?:factors|causes)|lessons learn(?:ed|t)|what went (?:well|wrong|badly|poorly)"
    r"|where we got lucky|action items?|follow[- ]?ups?|bearing on this release|background|key events)s?\b",
    re.IGNORECASE,
)
_DETAILS = re.compile(
    r"(?:\d+\. )?(?:incident |basic |key |general )?(?:details?|information|info|metadata|description|summary|overview|at a glance)\W*\Z",
    re.IGNORECASE,
)
_TELLING = re.compile(r"timeline|root cause|lessons learn|what went|where we got lucky|contributing|post-?mortem", re.IGNORECASE)
_SIGNS = note.KNOWN | {"impact", "resolution", "summary", "key events", "identified", "time to repair", "time to resolve"}


def recognise(head: Head) -> str | None:
    """A title that speaks of an incident with two signs, or three sections of a postmortem of which one is telling."""
    lines = head.root
    speaking = (note.TITLE.search(line) or _TELLING.search(line) for line in markdown.heading_lines(lines))
    if is_cstate(lines) or not any(speaking) or not markdown.is_markdown(lines):
        return None
    found = markdown.outline(lines)
    if found.title is None:
        return None
    sections = [heading.text for heading in found.headings[1:] if _SECTION.match(heading.text)]
    signs = len(set(sections)) + len({field.name for field in _head_fields(lines, found)} & _SIGNS)
    if note.TITLE.search(found.title.text):
        return "" if signs >= 2 else None
    return "" if len(set(sections)) >= 3 and any(map(_TELLING.search, sections)) else None


def _head_fields(lines: Sequence[str], found: markdown.Outline) -> list[markdown.Labelled]:
    """The labelled lines before the second section, and those that we know in a section of details: those of the note itself."""
    near = [block for block in found.blocks if block.start < note.MOST_HEAD_LINES]
    top = [block for block in near if block.section in (None, *found.headings[:1])]
    details = [block for block in near if block not in top and block.section and _DETAILS.match(block.section.text)]
    return [*markdown.labelled(lines, top), *(field for field in markdown.labelled(lines, details) if field.name in note.KNOWN)]


def read(document: TextDocument, out: Extract) -> None:
    found = markdown.outline(document.lines)
    markdown.summarise(document, found)
    markdown.front_matter(document)
    title = document.span(found.title.line) if found.title else None
    note.read_fields(document, _head_fields(document.lines, found), title, found.title.text if found.title else None, out)
    note.read_conclusions(document, found.blocks, out)
    markdown.claim_authority(document, found)


READER = Reader(
    source="incident_notes",
    format="incident-note-markdown",
    title="Incident note (Markdown)",
    reference="docs/FORMATS.md, incident note; CommonMark 0.31",
    encodings=(TEXT,),
    media_type="text/markdown",
    recognise=recognise,
    read=read,
    drops={"site-generator": tuple(f"/front-matter/{key}" for key in ("title", "weight", "layout", "description"))},
    revision=3,
    prose=True,
)
