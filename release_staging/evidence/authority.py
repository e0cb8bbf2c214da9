"""Words of authority in what tools write: in their texts, and as members (``approvedBy: cab``, ``name="approved-by" value="cab"``).

Readers of prose claim these themselves. Here the text of the document is searched as it stands, and what stands encoded in it, as
the disclosure boundary does: so no member that a reader does not know and no envelope can carry an approval past it. What is found is
claimed as ``authority.statement``: quoted by locator, never carried.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from release_staging.disclosure.layers import layers
from release_staging.disclosure.pieces import Budget
from release_staging.evidence.prose import MOST_CHARS, Found, authority
from release_staging.evidence.reader import TEXT
from release_staging.model import locators
from release_staging.model.confidence import Confidence
from release_staging.model.extraction import Extraction
from release_staging.model.tables import CLAIMS
from release_staging.parsing.limits import Unreadable
from release_staging.parsing.text import decode

MOST_STATEMENTS = 20  # of one document
_PROSE = ("incident_notes", "rollback_runbooks")
_PIECE, _OVERLAP = 2**11, 2**9  # characters
# RE2, in linear time at hundreds of megabytes a second: what cannot hold a phrase is never looked at closely.
_HINT = (
    r"(?i)approv|authori[sz]|waive|exempti|exception (?:is |was |has |in |gr|gi|is)|sign(?:ed)?[-_ ]?off|signoff|go ahead|green[- ]?light"
    r"|good to go|lgtm|ship it|booked|reserved|(?:safe|okay|ok|good|fine|free|clear(?:ed)?) (?:to|for)|cleared|(?:please|kindly) "
    r"|schedule |book |reserve |(?:may|can) (?:now )?(?:go live|proceed|be (?:rolled|deployed|promoted))|accepted"
)
_KEY = (  # Signed-off-by is what who contributes code says of it
    r"""(?<![A-Za-z0-9_-])(?:(?:is|release|rollout|deploy(?:ment)?|prod(?:uction)?|change|launch|promotion|security|qa|cab)[_.-]?)?"""
    r"""(?P<key>approved|approvals?|authori[sz]ed|cleared|(?!signed-off-by)sign(?:ed)?[_-]?off|waived|waivers?|exempted|exemptions?)"""
    r"""(?:[_-]?(?:by|at|on|date|status|state|id|ref|reference))?["']?"""
)
_VALUE = r"""(?P<value>"[^"\n]{1,100}"|'[^'\n]{1,100}'|[A-Za-z0-9@][\w@./+-]{0,100}|[\[{]\s{0,20}["'\w{])"""
_MEMBER = re.compile(rf"""["']?{_KEY}\s{{0,3}}[:=>]\s{{0,3}}{_VALUE}""", re.IGNORECASE)
# In two fields, as properties and labels are written.
_NAMED = re.compile(
    rf"""\b(?:name|key)["']?\s{{0,3}}[:=]\s{{0,3}}["']?(?:[\w-]{{1,60}}[:./])?{_KEY}\s{{0,3}},?\s{{1,60}}["']?value["']?\s{{0,3}}[:=]\s{{0,3}}{_VALUE}""",
    re.IGNORECASE,
)
_REVIEW = re.compile(r"""["']?[A-Za-z_-]{0,40}(?:state|status|decision)["']?\s{0,3}[:=]\s{0,3}["']?approved["']?""", re.IGNORECASE)
_UNSAID = re.compile(
    r"""["']?(?:false|null|none|no|n/a|0|pending|required|requested|not[ _-]\w+|un\w+|rejected|denied|never)\b""", re.IGNORECASE
)


def with_statements(extraction: Extraction, data: bytes, encoding: str) -> Extraction:
    """The extraction of a document, and what words of authority it holds. What people write is left to its reader, which knows
    what of it is quoted code.
    """
    if encoding == TEXT and extraction.source in _PROSE:
        return extraction
    try:
        found = statements(decode(data))
    except Unreadable:  # then it was not read either, which is told
        found = []
    claims = [extraction.tables[name] for name in ("claims",) if name in extraction.tables]
    said = {place for table in claims for place in table["locator"].to_pylist()}
    found = [claim for claim in found if claim["locator"] not in said]  # a reader may have claimed it: of a commit message
    if not found:
        return extraction
    table = pa.concat_tables([*claims, pa.Table.from_pylist(found, schema=CLAIMS)])
    return replace(extraction, tables={**extraction.tables, "claims": table})


def statements(text: str) -> list[dict[str, Any]]:
    """Claims of ``authority.statement`` for the text of a document, in order, at most ``MOST_STATEMENTS``."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    starts: list[int] = []
    claims: list[dict[str, Any]] = []
    for found in islice(_apart(_found(text), _hidden(text)), MOST_STATEMENTS):
        starts = starts or [0, *(match.end() for match in re.finditer("\n", text))]
        claims.append(_claim(text, starts, found))
    return claims


def _apart(plain: Iterable[Found], hidden: Iterable[Found]) -> list[Found]:
    """Both in order; what stands plainly is told once, not again for the layer that repeats it."""
    told = [*islice(plain, MOST_STATEMENTS)]
    more = [one for one in islice(hidden, MOST_STATEMENTS) if all(one.end <= seen.start or one.start >= seen.end for seen in told)]
    return sorted((*told, *more), key=lambda one: (one.start, -one.end))


def _hidden(text: str) -> Iterator[Found]:
    """What is found in the layers of encoding below the text, at the places where these stand in it."""
    data = text.encode("utf-8", "surrogatepass")
    for layer in islice(layers(data, Budget.of(data)), 1, None):
        for found in _found(layer.text.data.decode("latin-1")):  # byte for byte: the phrases are ASCII
            place = layer.place(found.start, found.end)
            start, end = (len(data[:at].decode("utf-8", "replace")) for at in (place.start, place.end))
            yield Found(found.kind, start, end)


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
    for form in (_MEMBER, _NAMED):
        for match in form.finditer(text):
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
