"""Words of authority in structured documents: in their texts, and as members (``approvedBy: cab``).

Readers of prose claim these themselves. Here the text of the document is searched as it stands, so no member that a reader
does not know can carry an approval past it. What is found is claimed as ``authority.statement``: quoted by locator, never carried.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from release_staging.evidence.prose import MOST_CHARS, Found, authority
from release_staging.evidence.reader import TEXT
from release_staging.model import locators
from release_staging.model.confidence import Confidence
from release_staging.model.extraction import Extraction
from release_staging.model.tables import CLAIMS
from release_staging.parsing.limits import Unreadable
from release_staging.parsing.text import decode

MOST_STATEMENTS = 20  # of one document
_PIECE, _OVERLAP = 2**11, 2**9  # characters
# RE2, in linear time at hundreds of megabytes a second: what cannot hold a phrase is never looked at closely.
_HINT = (
    r"(?i)approv|authori[sz]|waive|exempti|exception (?:is |was |has |in |gr|gi|is)|sign(?:ed)?[-_ ]?off|signoff|go ahead|green[- ]?light"
    r"|good to go|(?:safe|okay|ok|good|fine|free|clear(?:ed)?) (?:to|for)|cleared|(?:please|kindly) |schedule |book |reserve "
    r"|(?:may|can) (?:now )?(?:go live|proceed|be (?:rolled|deployed|promoted))|accepted"
)
_MEMBER = re.compile(
    r"""(?<![A-Za-z0-9_-])["']?(?:is[_-]?)?(?P<key>approved|approvals?|authori[sz]ed|cleared|sign(?:ed)?[_-]?off|waived|waivers?|exempted|exemptions?)"""
    r"""(?:[_-]?(?:by|at|on|date|status|state|id|ref|reference))?["']?\s{0,3}[:=>]\s{0,3}"""
    r"""(?P<value>"[^"\n]{1,100}"|'[^'\n]{1,100}'|[A-Za-z0-9@][\w@./+-]{0,100}|[\[{]\s{0,20}["'\w{])""",
    re.IGNORECASE,
)
_REVIEW = re.compile(r"""["']?[A-Za-z_-]{0,40}(?:state|status|decision)["']?\s{0,3}[:=]\s{0,3}["']?approved["']?""", re.IGNORECASE)
_UNSAID = re.compile(
    r"""["']?(?:false|null|none|no|n/a|0|pending|required|requested|not[ _-]\w+|un\w+|rejected|denied|never)\b""", re.IGNORECASE
)


def with_statements(extraction: Extraction, data: bytes, encoding: str) -> Extraction:
    """The extraction of a document, and what words of authority it holds. Text is left to its reader, which knows prose from data."""
    try:
        found = [] if encoding == TEXT else statements(decode(data))
    except Unreadable:  # then it was not read either, which is told
        found = []
    if not found:
        return extraction
    claims = [extraction.tables[name] for name in ("claims",) if name in extraction.tables]
    table = pa.concat_tables([*claims, pa.Table.from_pylist(found, schema=CLAIMS)])
    return replace(extraction, tables={**extraction.tables, "claims": table})


def statements(text: str) -> list[dict[str, Any]]:
    """Claims of ``authority.statement`` for the text of a document, in order, at most ``MOST_STATEMENTS``."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    starts: list[int] = []
    claims: list[dict[str, Any]] = []
    for found in _found(text):
        starts = starts or [0, *(match.end() for match in re.finditer("\n", text))]
        claims.append(_claim(text, starts, found))
        if len(claims) == MOST_STATEMENTS:
            break
    return claims


def _found(text: str) -> Iterator[Found]:
    end = 0
    for start in _promising(text):
        piece = text[start : start + _PIECE + _OVERLAP]
        for one in sorted((*authority(piece), *_members(piece)), key=lambda one: (one.start, -one.end)):
            if one.start < _PIECE and start + one.start >= end:  # what begins in the overlap is of the next piece
                end = start + one.end
                yield Found(one.kind, start + one.start, end)


def _promising(text: str) -> list[int]:
    """Where the pieces of the text begin that may hold a phrase."""
    begins = range(0, max(len(text), 1), _PIECE)
    pieces = pa.array([text[begin : begin + _PIECE + _OVERLAP] for begin in begins], pa.large_string())
    return [begin for begin, hit in zip(begins, pc.match_substring_regex(pieces, _HINT).to_pylist(), strict=True) if hit]


def _members(text: str) -> Iterator[Found]:
    for match in _MEMBER.finditer(text):
        if not _UNSAID.match(match["value"]):
            yield Found(_kind(match["key"].lower()), *match.span())
    for match in _REVIEW.finditer(text):
        yield Found("approval", *match.span())


def _kind(key: str) -> str:
    if key.startswith(("waive", "exempt")):
        return "waiver"
    return "rollout clearance" if key == "cleared" else "approval"


def _claim(text: str, starts: list[int], found: Found) -> dict[str, Any]:
    end = min(found.end, found.start + MOST_CHARS)
    first, last = bisect_right(starts, found.start) - 1, bisect_right(starts, end - 1) - 1
    place = locators.chars(found.start - starts[first], end - starts[first])
    return {
        "field": "authority.statement",
        "value": found.kind,
        "source_value": text[found.start : end],
        "confidence": Confidence.LOW.value,
        "locator": f"{locators.lines(first, last + 1)};{place}",
    }
