"""Issue of a cState status page: Markdown with front matter whose ``section`` is ``issue``.

One row of ``incidents``, located at the title. The status is the flag ``resolved``, in the vocabulary "cstate", as is the severity
(notice, disrupted, down). Announced maintenance has the same form. The text below is read for conclusions about the release and
words of authority, as in any incident note.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from release_staging.evidence import markdown
from release_staging.evidence.incident_notes import note
from release_staging.evidence.reader import TEXT, Extract, Head, Reader, TextDocument
from release_staging.evidence.tree import Node

_SECTION = re.compile(r"section\s*:\s*[\"']?issue[\"']?\s*(?:#.*)?\Z")


def is_cstate(lines: Sequence[str]) -> bool:
    return any(_SECTION.match(line) for line in lines[1 : markdown.front_matter_end(lines)])


def recognise(head: Head) -> str | None:
    return "" if is_cstate(head.root) else None


def read(document: TextDocument, out: Extract) -> None:
    found = markdown.outline(document.lines)
    markdown.summarise(document, found)
    front = markdown.front_matter(document)
    if front is not None:
        _read_issue(front, out)
    note.read_conclusions(document, found.blocks, out)
    markdown.claim_authority(document, found)


def _read_issue(issue: Node, out: Extract) -> None:
    resolved = issue.flag("resolved", required=True)
    issue.text("section")
    out.row(
        "incidents",
        issue["title"] if issue["title"].exists else issue,
        title=(issue.text("title", required=True) or "")[: note.CELL_CHARS] or None,
        status=None if resolved is None else str(resolved).lower(),
        severity=issue.text("severity"),
        vocabulary="cstate",
        started_at=issue.text("date"),
        resolved_at=issue.text("resolvedWhen"),
    )


READER = Reader(
    source="incident_notes",
    format="cstate-issue",
    title="cState issue",
    reference="cState documentation, Creating issues",
    encodings=(TEXT,),
    media_type="text/markdown",
    recognise=recognise,
    read=read,
    drops={"site-generator": tuple(f"/front-matter/{key}" for key in ("weight", "layout", "description", "informational", "cover"))},
    summarises={"affected-systems": ("/front-matter/affected/**",)},
)
