"""The law of drift for XML reports: what is renamed or removed never yields a wrong fact, and no fact vanishes silently.

Every attribute, by the element it stands on, is renamed and removed everywhere, and every element renamed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

from release_staging.evidence.open import Opened
from release_staging.evidence.read import read
from release_staging.evidence.recognise import recognise
from release_staging.model.extraction import Extraction
from tests.evidence.support import assert_lawful, not_understood, rows

_TAG = re.compile(r"<([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*)\s*(/?)>")
_ATTRIBUTE = re.compile(r"\s+([\w:.-]+)\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_PASSES = {"pass", "passed", "success", "successful", "ok", "true", "executed, success=true"}


def assert_drift_is_told(data: bytes, required: Collection[str], *, joined: Collection[str] = (), absent: Collection[str] = ()) -> None:
    """``data`` is a sample; ``required`` are the attributes (``test-case@result``) whose removal must be told by a problem.

    ``joined`` names columns and claims that are put together from several places; ``absent`` attributes and elements whose
    absence says something: without them more may be said, as long as the ledger does not understand what they were renamed to.
    """
    before = _extract(data)
    assert before is not None, "the sample is not recognised"
    told: set[str] = set()
    for kind, what, mutated in mutations(data.decode()):
        after = _extract(mutated.encode())
        if after is None or rows(after, "problems"):
            told.add(what) if kind == "remove" else None
            continue
        unknown = set(not_understood(after)) - set(not_understood(before))
        by = "locator" if "@" in what else "name"  # locators change with the names of elements
        old = _facts(before, by)
        new = _facts(after, by) - old
        if kind == "rename" and "@" not in what and unknown:  # without its children an element may become a case; never one that passed
            new = {fact for fact in new if str(fact[-1]).lower() in _PASSES}
        if what in absent and (unknown or kind == "remove"):
            new = set()
        wrong = {fact for fact in new if not {*fact[:3]} & {*joined}}
        assert not wrong, f"{kind} {what}: yields {wrong} and no problem"
        if kind != "remove" and old - _facts(after, by):
            assert unknown, f"{kind} {what}: a fact vanishes silently"
    assert set(required) <= told, f"removed and not told: {sorted(set(required) - told)}"


def mutations(text: str) -> Iterator[tuple[str, str, str]]:
    places = sorted({(tag[1], name) for tag in _TAG.finditer(text) for name in _ATTRIBUTE.findall(tag[2]) if not name.startswith("xmlns")})
    for element, name in places:
        for kind, replacement in (("rename", rf" {name}-renamed\g<1>"), ("remove", "")):
            pattern = re.compile(rf"\s+{re.escape(name)}(\s*=\s*(?:\"[^\"]*\"|'[^']*'))")
            yield kind, f"{element}@{name}", _TAG.sub(lambda tag: _within(tag, element, pattern, replacement), text)  # noqa: B023
    for element in sorted({tag[1] for tag in _TAG.finditer(text)}):
        yield "rename", element, re.sub(rf"<(/?){re.escape(element)}(?=[\s/>])", rf"<\1{element}-renamed", text)


def _within(tag: re.Match[str], element: str, pattern: re.Pattern[str], replacement: str) -> str:
    return pattern.sub(replacement, tag[0]) if tag[1] == element else tag[0]


def _extract(data: bytes) -> Extraction | None:
    opened = Opened(data)
    known = recognise(opened)
    assert len(known) <= 1, f"recognised as {[match.format for match in known]}"
    if not known:
        return None
    extraction = read(opened, known[0])
    assert_lawful(data, extraction)
    return extraction


def _facts(extraction: Extraction, by: str) -> set[tuple[Any, ...]]:
    """Claims by field and value, and the filled cells of rows by the row's locator or name."""
    facts: set[tuple[Any, ...]] = {("claim", claim["field"], claim["value"]) for claim in rows(extraction, "claims")}
    for table in extraction.tables.keys() - {"claims", "losses", "problems"}:
        for row in rows(extraction, table):
            facts |= {(table, row[by], name, cell) for name, cell in row.items() if cell is not None and name != "locator"}
    return facts
