"""Locust's statistics as CSV (``*_stats.csv``): a line for every request name, and one for all, ``Aggregated`` (``Total`` before 1.0).

Three sets of percentile columns are in use, so columns are read by the header's names, never by position; version ``0`` is the
header of Locust before 1.0. Every number is a row, located at its cell. ``N/A`` is no number. The line for all is compared with the
others, for a file that was cut off still looks whole. Nothing here names a time or a version, and nothing judges the run.
"""

from __future__ import annotations

import re
from collections import Counter

from release_staging.evidence.extract import Extract
from release_staging.evidence.ledger import MAPPED, NOT_UNDERSTOOD
from release_staging.evidence.reader import TEXT, Head, Reader, TextDocument
from release_staging.evidence.test_reports.delimited import Record, cell, names, records
from release_staging.model.exceptions import Code

_STARTS: dict[tuple[str, ...], str] = {
    ("type", "name", "request count", "failure count"): "",
    ("method", "name", "# requests", "# failures"): "0",
}
_NAMED = ("type", "method", "name")
_STATISTICS: dict[str, tuple[str, str | None]] = {
    "request count": ("samples", None),
    "# requests": ("samples", None),
    "failure count": ("errors", None),
    "# failures": ("errors", None),
    "median response time": ("med", "ms"),
    "average response time": ("avg", "ms"),
    "min response time": ("min", "ms"),
    "max response time": ("max", "ms"),
    "average content size": ("avg size", "B"),
    "requests/s": ("throughput", "1/s"),
    "failures/s": ("failures", "1/s"),
    "requests failed/s": ("failures", "1/s"),
}
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d+)?)%")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_WHOLE = re.compile(r"\d{1,18}")
_ALL = ("Aggregated", "Total")
_COUNTS = ("samples", "errors")


def recognise(head: Head) -> str | None:
    return _STARTS.get(tuple(_header(head.root[0])[:4])) if head.root else None


def _header(line: str) -> list[str]:
    return [name.strip().casefold() for name in names(line, ",")]


def read(document: TextDocument, out: Extract) -> None:
    header = _header(document.lines[0])
    columns = {index: known for index, name in enumerate(header) if (known := _statistic(name)) is not None}
    document.mark(0, shape="header", use=MAPPED if len(columns) + 2 == len(header) else NOT_UNDERSTOOD)
    counted: Counter[str] = Counter()
    everything: dict[str, int] | None = None
    for record in records(document, ",", out):
        if len(record.cells) != len(header):
            what, found = f"{len(header)} columns, as in the header", f"{len(record.cells)} columns"
            message = f"expected {what}, found {found}: this line is not read"
            out.problem(Code.SCHEMA_DRIFT, message, document.span(record.start, record.end), expected=what, found=found)
            continue
        counts = _line(document, record, columns, out)
        if record.cells[1] in _ALL and record.cells[0] in ("", "None"):
            everything = counts
        else:
            counted.update(counts)
    last = document.span(len(document.lines) - 1)
    if everything is None:
        out.problem(Code.SCHEMA_DRIFT, "expected a line Aggregated, found none: the file may have been cut off", last, expected=_ALL[0])
        return
    for statistic in _COUNTS:
        if everything.get(statistic) != counted[statistic]:
            what = f"{_ALL[0]} says {everything.get(statistic)} {statistic}, the lines above it {counted[statistic]} together"
            out.problem(Code.CONTRADICTION, what, last, expected=str(everything.get(statistic)), found=str(counted[statistic]))
    if not everything.get("samples"):
        out.problem(Code.EVIDENCE_EMPTY, "no request was made; no load is not a load that was borne", last)


def _statistic(name: str) -> tuple[str, str | None] | None:
    percent = _PERCENT.fullmatch(name)
    return (f"p({percent[1]})", "ms") if percent else _STATISTICS.get(name)


def _line(document: TextDocument, record: Record, columns: dict[int, tuple[str, str | None]], out: Extract) -> dict[str, int]:
    """Rows of one line. Returns its counts."""
    document.mark(record.start, record.end)
    name = " ".join(part for part in record.cells[:2] if part)
    counts = {
        statistic: int(record.cells[index])
        for index, (statistic, _) in columns.items()
        if statistic in _COUNTS and _WHOLE.fullmatch(record.cells[index])
    }
    for index, (statistic, unit) in columns.items():
        text = record.cells[index]
        if _NUMBER.fullmatch(text):
            place = cell(document, record, index, ",")
            out.row("metrics", place, name=name, statistic=statistic, value=text, unit=unit, samples=counts.get("samples"))
        elif text not in ("N/A", "") or statistic in _COUNTS:
            out.problem(
                Code.SCHEMA_DRIFT, f"expected a number for {statistic}", document.span(record.start, record.end), expected="a number"
            )
    return counts


READER = Reader(
    source="test_reports",
    format="locust-csv",
    title="Locust statistics (CSV)",
    reference="locustio/locust locust/stats.py, StatsCSV; Locust 0.9 to 2",
    encodings=(TEXT,),
    media_type="text/csv",
    recognise=recognise,
    read=read,
    versions=("", "0"),
)
