"""The laws that every reader keeps on every document, whatever its format."""

from __future__ import annotations

from release_staging.evidence.open import Opened
from release_staging.evidence.read import read
from release_staging.evidence.recognise import Recognised, recognise
from release_staging.model.extraction import Extraction
from release_staging.parsing.limits import Unreadable
from tests.evidence import counting
from tests.evidence.support import assert_lawful, rows

# Formats that are allowed to know one document together, and why. None is.
TOGETHER: dict[frozenset[str], str] = {}

_APART = ("losses", "problems")
_TIMES_ITS_SIZE, _SMALL = 16, 4096


def assert_laws(path: str, data: bytes) -> list[tuple[Recognised, Extraction]]:
    """What the readers make of a document, when all laws hold; empty where none knows it or it cannot be read."""
    opened = Opened(data)
    try:
        known = recognise(opened)
    except Unreadable:
        return []
    formats = frozenset(match.reader.format for match in known)
    assert len(formats) < 2 or formats in TOGETHER, f"{path} fits several formats: {sorted(formats)}"
    found = [(match, read(opened, match)) for match in known]
    for match, extraction in found:
        assert_lawful(data, extraction)
        assert_adds_up(path, data, match.encoding, extraction)
        assert_bounded(path, data, extraction)
    return found


def assert_adds_up(path: str, data: bytes, encoding: str, extraction: Extraction) -> None:
    """The ledger holds as many elements as the document has, counted by other parsers; a document that broke off is not counted."""
    if any(problem["code"] == "EVIDENCE_UNREADABLE" for problem in rows(extraction, "problems")):
        return
    counted = counting.elements(data, encoding, [loss["path"] for loss in rows(extraction, "losses")])
    assert sum(extraction.loss().values()) == counted, f"{path}: the ledger of {extraction.format} does not add up"


def assert_bounded(path: str, data: bytes, extraction: Extraction) -> None:
    """What a document yields takes no more memory than a small multiple of it."""
    size = sum(table.nbytes for name, table in extraction.tables.items() if name not in _APART)
    assert size <= _TIMES_ITS_SIZE * len(data) + _SMALL, f"{path}: {len(data)} bytes yield {size}"
