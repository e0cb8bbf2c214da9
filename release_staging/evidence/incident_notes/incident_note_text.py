"""Incident note in plain text: a first line that names the incident, labelled lines (``Severity: SEV-2``), and paragraphs.

Read like the note in Markdown (``incident_note_markdown``), with the same labels and the vocabulary "incident-note". A line of its
own that ends in a colon, or stands in capitals, is the heading of the paragraphs below it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from release_staging.evidence import markdown, prose
from release_staging.evidence.incident_notes import note
from release_staging.evidence.reader import TEXT, Extract, Head, Reader, TextDocument
from release_staging.parsing.limits import Unreadable

_HEADING_CHARS = 60
_LEAST_FIELDS = 3


def recognise(head: Head) -> str | None:
    """A first line that speaks of an incident, three labelled lines that only a note of one has, and no heading of Markdown."""
    lines = head.root
    first = _first(lines)
    if first is None or len(lines[first]) > note.CELL_CHARS or not note.TITLE.search(lines[first]) or not markdown.is_markdown(lines):
        return None
    if len({field.name for field in _head_fields(lines)} & note.KNOWN) < _LEAST_FIELDS:
        return None
    return None if markdown.outline(lines).headings or markdown.front_matter_end(lines) else ""


def read(document: TextDocument, out: Extract) -> None:
    lines = document.lines
    if sum(map(len, lines)) > markdown.MOST_CHARS:
        raise Unreadable(f"the note is longer than {markdown.MOST_CHARS} characters", remedy="attach the part that bears on the release")
    blocks = list(_paragraphs(lines))
    for block in blocks:
        document.summarise(block.start, block.end, rule="heading" if block.heading else "prose")
    first = _first(lines)
    title = document.span(first) if first is not None else None
    fields = [field for field in _head_fields(lines) if field.line != first]
    note.read_fields(document, fields, title, lines[first].strip() if first is not None else None, out)
    note.read_conclusions(document, blocks, out)
    for block in blocks:
        prose.claim_authority(document, block.start, block.end, out)


def _first(lines: Sequence[str]) -> int | None:
    """The first line that is not blank."""
    return next((number for number, line in enumerate(lines) if line.strip()), None)


def _head_fields(lines: Sequence[str]) -> list[markdown.Labelled]:
    """The labelled lines near the beginning: those of the note itself."""
    return list(markdown.labelled(lines, [markdown.Block(0, min(len(lines), note.MOST_HEAD_LINES), None)]))


def _paragraphs(lines: Sequence[str]) -> Iterator[markdown.Block]:
    """Runs of lines that are not blank, each under the heading above it."""
    section: markdown.Heading | None = None
    start = 0
    for number in range(len(lines) + 1):
        ends = number == len(lines) or not lines[number].strip()
        heading = not ends and _is_heading(lines[number].strip())
        if (ends or heading) and start < number:
            yield markdown.Block(start, number, section)
        if heading:
            section = markdown.Heading(2, lines[number].strip().rstrip(":"), number)
            yield markdown.Block(number, number + 1, section, heading=True)
        if ends or heading:
            start = number + 1


def _is_heading(line: str) -> bool:
    return len(line) <= _HEADING_CHARS and (line.endswith(":") or (line.isupper() and len(line.split()) <= 6))


READER = Reader(
    source="incident_notes",
    format="incident-note-text",
    title="Incident note (plain text)",
    reference="docs/FORMATS.md, incident note",
    encodings=(TEXT,),
    media_type="text/plain",
    recognise=recognise,
    read=read,
    revision=2,
    prose=True,
)
