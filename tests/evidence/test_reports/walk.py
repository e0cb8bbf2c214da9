"""Walking the corpus of XML reports: resolving each of thousands of locators costs a pass, so large documents are only read."""

from __future__ import annotations

from collections.abc import Iterator

from release_staging.evidence.open import Opened
from release_staging.evidence.read import read
from release_staging.evidence.recognise import recognise
from release_staging.model.extraction import Extraction
from release_staging.parsing.limits import Unreadable
from tests.evidence import corpus
from tests.evidence.support import assert_lawful, rows

LARGE = 60_000  # bytes


def extractions(*folders: str) -> Iterator[tuple[str, Extraction]]:
    """``(path, extraction)`` of each readable document below these folders; each must be known to exactly one reader."""
    for path, data in corpus.documents(*folders):
        opened = Opened(data)
        try:
            known = recognise(opened)
        except Unreadable:
            continue
        assert len(known) == 1, f"{path} is recognised as {[match.format for match in known]}"
        extraction = read(opened, known[0])
        if len(data) < LARGE:
            assert_lawful(data, extraction)
        assert not any("defect of the reader" in problem["message"] for problem in rows(extraction, "problems")), path
        yield path, extraction
