"""JMeter sample log in CSV (JTL): a line for every request, condensed by label.

Columns are read by the header's names; the delimiter is what the header uses. A log without a header line is in the dialect ``headerless``
where its lines look like JMeter's default columns: what they are is then a guess, and told as one. Time stamps are milliseconds since
1970, or text in a format its user chose, which is kept. A column that this reader does not know (a sample variable) leaves the
header not understood.
"""

from __future__ import annotations

from functools import partial

from release_staging.evidence.ledger import MAPPED, NOT_UNDERSTOOD
from release_staging.evidence.reader import TEXT, Extract, Head, Reader, TextDocument
from release_staging.evidence.test_reports.delimited import DELIMITERS, Record, cell, names, records
from release_staging.evidence.test_reports.jmeter_samples import SUCCESS, Samples, milliseconds
from release_staging.model.exceptions import Code

HEADERLESS = "headerless"
_REQUIRED = ("timeStamp", "elapsed", "label")
_DEFAULT = (
    *("timeStamp", "elapsed", "label", "responseCode", "responseMessage", "threadName", "dataType", "success", "failureMessage"),
    *("bytes", "sentBytes", "grpThreads", "allThreads", "URL", "Latency", "IdleTime", "Connect"),
)
_KNOWN = {*_DEFAULT, "Hostname", "SampleCount", "ErrorCount", "Filename", "Encoding"}
_NUMBERS = ("timeStamp", "elapsed", "bytes", "sentBytes", "grpThreads", "allThreads", "Latency", "IdleTime", "Connect")


def recognise(head: Head) -> str | None:
    return _layout(head.root[0])[0] if head.root else None


def _layout(first: str) -> tuple[str | None, str, list[str]]:
    """Version, delimiter and columns, as the first line tells them."""
    for delimiter in DELIMITERS:
        if first.count(delimiter) >= len(_REQUIRED) - 1:
            cells = names(first, delimiter)
            if {*_REQUIRED} <= {*cells}:
                return "", delimiter, cells
            if len(cells) == len(_DEFAULT) and _like_default(dict(zip(_DEFAULT, cells, strict=True))):
                return HEADERLESS, delimiter, [*_DEFAULT]
    return None, "", []


def _like_default(cells: dict[str, str]) -> bool:
    return len(cells["timeStamp"]) == 13 and cells["success"] in SUCCESS and all(cells[name].isdecimal() for name in _NUMBERS)


def read(document: TextDocument, out: Extract) -> None:
    version, delimiter, columns = _layout(document.lines[0])
    if version == HEADERLESS:
        guess = "the log has no header line: its columns are taken to be JMeter's default ones"
        out.problem(Code.LOW_CONFIDENCE, guess, document.span(0))
    else:
        document.mark(0, shape="header", use=MAPPED if {*columns} <= _KNOWN else NOT_UNDERSTOOD)
        if "success" not in columns:
            out.drift(document.span(0), "a column named success")
    table = _Log(document, delimiter, {name: columns.index(name) for name in (*_REQUIRED, "success") if name in columns}, out)
    for record in records(document, delimiter, out, skip=0 if version == HEADERLESS else 1):
        if len(record.cells) == len(columns):
            table.sample(record)
        else:
            what = f"{len(columns)} columns, as in the header"
            found = f"{len(record.cells)} columns"
            message = f"expected {what}, found {len(record.cells)}: this sample is not counted"
            out.problem(Code.SCHEMA_DRIFT, message, document.span(record.start, record.end), expected=what, found=found)
    table.samples.write(out, document.span(0))


class _Log:
    def __init__(self, document: TextDocument, delimiter: str, columns: dict[str, int], out: Extract) -> None:
        self.document, self.delimiter, self.columns, self.out = document, delimiter, columns, out
        self.samples = Samples()

    def sample(self, record: Record) -> None:
        cells = record.cells
        stamp, elapsed, label = (cells[self.columns[name]] for name in _REQUIRED)
        success = cells[self.columns["success"]] if "success" in self.columns else None
        took = milliseconds(elapsed)
        whole = self.document.span(record.start, record.end)
        if took is None:
            self.out.problem(Code.SCHEMA_DRIFT, "expected milliseconds in column elapsed", whole, expected="milliseconds")
        if success is not None and success not in SUCCESS:
            self.out.problem(Code.SCHEMA_DRIFT, "expected true or false in column success", whole, expected="true or false")
        self.document.summarise(record.start, record.end, shape="sample", rule="samples-by-label")
        self.samples.add(label, SUCCESS.get(success or ""), took, lambda: whole)
        if stamp:
            self.samples.at(stamp, took, partial(cell, self.document, record, self.columns["timeStamp"], self.delimiter))


READER = Reader(
    source="test_reports",
    format="jmeter-jtl-csv",
    title="JMeter sample log (CSV)",
    reference="apache/jmeter docs, Listeners, CSV log format; org.apache.jmeter.save.CSVSaveService",
    encodings=(TEXT,),
    media_type="text/csv",
    recognise=recognise,
    read=read,
    dialects=(HEADERLESS,),
)
