"""Rollback runbook: Markdown, with YAML front matter of our kind, with another's, or with none.

The project's own front matter::

    kind: rollback-runbook
    service: billing-api
    environments: [production-eu, production-us]
    rollback: {version: 4.11.2, reference: "registry.example.com/billing/billing-api:4.11.2", digest: "sha256:..."}
    last_exercised: 2026-10-30

Without it, facts come from labelled lines (``Rollback version: 4.11.2``). The front matter of site generators (Hugo,
Middleman) tells nothing of a rollback: ``last_reviewed_on`` says that a page was read, not that a rollback was exercised.
Rows of ``runbook_steps``: the items of outermost ordered lists and headings ``Step N``, with the heading they stand under. A
runbook without these may number its headings, or write its steps as bullets: those under a heading that speaks of rolling back or
of steps, and not of when, why or what not to do. Without bullets too, the headings in such a section that code stands under are steps.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections import Counter
from collections.abc import Sequence

from release_staging.evidence import markdown
from release_staging.evidence.extract import MISSING
from release_staging.evidence.reader import TEXT, Extract, Head, Reader, TextDocument
from release_staging.evidence.tree import SCALARS, Node
from release_staging.model.exceptions import Code

KIND = "rollback-runbook"
STEP_CHARS = 300

_OUR_KIND = re.compile(rf"kind\s*:\s*[\"']?{KIND}[\"']?\s*(?:#.*)?\Z")
_ROLLBACK = re.compile(r"\broll(?:ing|ed|s)?[ -]?backs?\b|\bbacking out\b|\bback-?out plan\b", re.IGNORECASE)
_PROCEDURE = re.compile(r"\b(?:steps?|procedure|instructions?|how to|what to do)\b", re.IGNORECASE)
_NO_PROCEDURE = re.compile(
    r"\b(?:not|never|avoid|when|why|who|triggers?|criteria|conditions?|thresholds?|decisions?|decide|pre-?requisites?|preconditions?|risks?"
    r"|limitations?|caveats?|notes?|contacts?|escalation|references?|links?|related|see also|overview|scope|post[- ]?rollback|after"
    r"|roll(?:ing)?[- ]?forward)\b",
    re.IGNORECASE,
)
_TASK = re.compile(r"\A\s*\[[ xX]\]\s+")
_INCIDENT = re.compile(r"\bincident\b|post-?mortem|\boutage\b|\bINC-\d+", re.IGNORECASE)
_FIELDS = {
    "service": "service.name",
    "rollback version": "rollback.version",
    "target version": "rollback.version",
    "rolls back to": "rollback.version",
    "rollback artifact": "rollback.reference",
    "rollback image": "rollback.reference",
    "rollback digest": "rollback.artifact",
    "last exercised": "rollback.exercised_at",
    "last rehearsed": "rollback.exercised_at",
    "last tested": "rollback.exercised_at",
    "environment": "environment.observed",
}


def recognise(head: Head) -> str | None:
    """Our front matter; else a heading that speaks of rolling back with steps in its section: numbered, or below such a title bullets."""
    lines = head.root
    end = markdown.front_matter_end(lines)
    if any(_OUR_KIND.match(line) for line in lines[1:end]):
        return ""
    if not any(map(_ROLLBACK.search, markdown.heading_lines(lines))) or not markdown.is_markdown(lines):
        return None
    found = markdown.outline(lines)
    if found.title is None or _INCIDENT.search(found.title.text):
        return None
    if not found.steps and _ROLLBACK.search(found.title.text):
        return "" if len(_steps(lines, found)) >= 2 else None
    sections = (heading.line for step in found.steps if step.section for heading in step.section.chain if _ROLLBACK.search(heading.text))
    return "" if max(Counter(sections).values(), default=0) >= 2 else None


def _steps(lines: Sequence[str], found: markdown.Outline) -> Sequence[markdown.Step]:
    """The numbered steps; without any, the numbered headings that are steps, or the bullets. A labelled line is a fact, not a step."""
    if found.steps:
        return found.steps
    headings = [
        step for step in found.numbered if step.section and _is_procedure(step.section.text) and not _NO_PROCEDURE.search(step.text)
    ]
    sections = {step.section.line for step in headings if step.section}
    headings = [step for step in headings if step.start not in sections]
    if len(headings) >= 2:
        return headings
    facts = {field.line for field in markdown.labelled(lines, found.blocks) if field.name in _FIELDS}
    bullets = [step for step in found.bullets if step.section and step.start not in facts and _is_procedure(step.section.text)]
    return bullets or _commands(found)


def _commands(found: markdown.Outline) -> Sequence[markdown.Step]:
    """The headings that code stands under, counted in each section."""
    lines = [heading.line for heading in found.headings]
    holders = {bisect(lines, start) - 1 for start, _ in found.code}
    counted: Counter[int] = Counter()
    steps = []
    for place, heading in enumerate(found.headings):
        texts = [above.text for above in heading.chain]
        if place in holders and heading.above and any(map(_is_procedure, texts[1:])) and not any(map(_NO_PROCEDURE.search, texts)):
            counted[heading.above.line] += 1
            steps.append(markdown.Step(counted[heading.above.line], heading.text, heading.line, heading.line + 1, heading.above))
    return steps


def _is_procedure(heading: str) -> bool:
    return (_ROLLBACK.search(heading) or _PROCEDURE.search(heading)) is not None and _NO_PROCEDURE.search(heading) is None


def read(document: TextDocument, out: Extract) -> None:
    found = markdown.outline(document.lines)
    markdown.summarise(document, found)
    front = markdown.front_matter(document)
    if front is not None and front["kind"].raw == KIND:
        front.text("kind")
        _read_front_matter(front, out)
    else:
        _read_fields(document, found, out)
    steps = _steps(document.lines, found)
    for step in steps:
        section = step.section.text[:STEP_CHARS] if step.section else None
        document.mark(step.start)
        text = " ".join(_TASK.sub("", step.text, count=1).split())[:STEP_CHARS]
        out.row("runbook_steps", document.span(step.start, step.end), section=section, number=step.number, text=text)
    if not steps:
        out.problem(Code.EVIDENCE_EMPTY, "the rollback runbook holds no list of steps")
    markdown.claim_authority(document, found)


def _read_front_matter(front: Node, out: Extract) -> None:
    out.claim("service.name", front["service"], required=True)
    if front["environment"].raw is not MISSING:
        out.claim("environment.observed", front["environment"])
    for environment in front.items("environments", required=front["environment"].raw is MISSING):
        out.claim("environment.observed", environment, required=True)
    rollback = front["rollback"]
    out.claim("rollback.version", rollback["version"], required=True, accept=SCALARS)
    out.claim("rollback.reference", rollback["reference"])
    out.claim("rollback.artifact", rollback["digest"], subject=rollback.text("reference"))
    out.claim("rollback.exercised_at", front["last_exercised"])


def _read_fields(document: TextDocument, found: markdown.Outline, out: Extract) -> None:
    for field in markdown.labelled(document.lines, found.blocks):
        if field.value and field.name in _FIELDS:
            out.claim(_FIELDS[field.name], markdown.span_of(document, field))


READER = Reader(
    source="rollback_runbooks",
    format="rollback-runbook-markdown",
    title="Rollback runbook (Markdown)",
    reference="docs/FORMATS.md, rollback runbook; CommonMark 0.31",
    encodings=(TEXT,),
    media_type="text/markdown",
    recognise=recognise,
    read=read,
    drops={
        "site-generator": tuple(
            f"/front-matter/{key}"
            for key in (
                "title",
                "weight",
                "layout",
                "section",
                "parent",
                "owner_slack",
                "review_in",
                "last_reviewed_on",
                "last_reviewed_at",
                "description",
            )
        ),
    },
    revision=4,
    prose=True,
)
