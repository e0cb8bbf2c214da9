"""Recognition measured over the whole corpus, against what a person says of its folders (``recognition_corpus.py``); skipped without it."""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterator
from pathlib import Path

from release_staging.evidence.open import Opened
from release_staging.evidence.recognise import recognise
from release_staging.parsing.limits import Unreadable
from tests.evidence import corpus
from tests.evidence.recognition_corpus import ELSEWHERE, EVIDENCE_BY_STATUS, MISSED, MIXED, NOT_OF_IT, SUPPORTED

_LEAST = 0.99
_ROLLBACK = re.compile("roll-?back", re.IGNORECASE)


def test_files_are_recognised_as_what_they_are_and_none_as_something_else():
    hits, misses, wrong = 0, [], []
    index = _index()
    for path, folder, found in _recognised():
        wanted = _expected(path, folder, index[path])
        if wanted is None:
            if found:
                wrong.append((path, found))
        elif not found:
            misses.append(path)
        elif len(found) == 1 and wanted.fullmatch(found[0]):
            hits += 1
        else:
            wrong.append((path, found))
    assert wrong == []
    assert sorted(misses) == sorted(MISSED)
    assert hits > 1500
    assert hits / (hits + len(misses)) >= _LEAST, f"{hits} recognised, {len(misses)} not"


def _recognised() -> Iterator[tuple[str, str, list[str]]]:
    """``(path, folder, formats)`` of each document of the corpus but those of mixed folders."""
    for path, data in corpus.documents("."):
        folder = "/".join(path.split("/")[:2])
        if path.count("/") > 1 and folder not in MIXED:
            try:
                yield path, folder, [match.format for match in recognise(Opened(data))]
            except Unreadable:
                yield path, folder, []


def _expected(path: str, folder: str, said: str) -> re.Pattern[str] | None:
    """What the format must be, with its version where the index names one; None where nothing may know the file."""
    if path in ELSEWHERE:
        return re.compile(ELSEWHERE[path])
    if folder not in SUPPORTED or path in NOT_OF_IT:
        return None
    if folder in EVIDENCE_BY_STATUS and re.search(r"\bspec\b", said):
        return None
    if folder == "runbooks/markdown-runbook" and not _ROLLBACK.search(path):
        return None
    formats, version = SUPPORTED[folder]
    named = re.match(version, said) if version else None
    end = f"[@/]{re.escape(named[1])}" if named else "(?:[@/].+)?"
    return re.compile(f"(?:{'|'.join(formats)}){end}")


def _index() -> dict[str, str]:
    """The column "version" of the index, by path; what it says of an edge case in front of it left out."""
    with (Path(os.environ.get(corpus.VARIABLE, "")) / "INDEX.tsv").open(newline="") as file:
        rows = list(csv.reader(file, delimiter="\t"))
    return {row[0]: row[3].removeprefix("MALFORMED/edge: ") for row in rows}
