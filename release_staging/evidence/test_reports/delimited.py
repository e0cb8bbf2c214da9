"""Delimited text (RFC 4180, with any delimiter) by records and cells that know where they stand."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from release_staging.evidence.extract import Extract
from release_staging.evidence.lines import Span, TextDocument
from release_staging.model.exceptions import Code

DELIMITERS = ",;\t|"


@dataclass(frozen=True, slots=True)
class Record:
    """The cells of one record, unquoted, and its lines: several where a quoted cell holds a line end."""

    start: int
    end: int
    cells: Sequence[str]


def names(line: str, delimiter: str) -> list[str]:
    """The cells of a header line; empty where it is not one record."""
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return []


def records(document: TextDocument, delimiter: str, out: Extract, *, skip: int = 1) -> Iterator[Record]:
    """The records behind the first ``skip`` lines. What is not a record is told, and its lines stay not understood."""
    reader = csv.reader((line + "\n" for line in document.lines[skip:]), delimiter=delimiter, strict=True)
    while True:
        start = skip + reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            what = f"not a record of delimited text: {error}; it and what its quotes enclose is left out"
            out.problem(Code.SCHEMA_DRIFT, what, document.span(start))
            continue
        if cells:
            yield Record(start, skip + reader.line_num, cells)


def cell(document: TextDocument, record: Record, column: int, delimiter: str) -> Span:
    """The place of a cell, without its quotes. The cell must not be empty."""
    text = document.span(record.start, record.end).raw
    found = re.compile(_cell(delimiter)).match(text)
    for _ in range(column):
        assert found is not None  # the csv module found this cell in this text
        found = re.compile(_cell(delimiter)).match(text, found.end() + 1)
    assert found is not None
    start, end = found.span(1 if found[1] is not None else 0)
    return document.span(record.start, record.end, chars=(start, end))


@lru_cache
def _cell(delimiter: str) -> str:
    return f'"((?:[^"]|"")*)"|[^{re.escape(delimiter)}]*'
