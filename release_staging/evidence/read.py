"""Reading one document with one reader into an extraction. Bad input becomes problems, never an exception."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from release_staging.evidence import ledger
from release_staging.evidence.elements import XmlDocument
from release_staging.evidence.extract import Extract, Options
from release_staging.evidence.lines import TextDocument
from release_staging.evidence.open import Opened
from release_staging.evidence.reader import TEXT, XML, Head, Reader
from release_staging.evidence.recognise import Recognised
from release_staging.evidence.tree import Tree, open_tree
from release_staging.model.exceptions import Code
from release_staging.model.extraction import Extraction
from release_staging.model.tables import LOSSES
from release_staging.parsing.collector import collector_paused
from release_staging.parsing.limits import Unreadable

_BARE = {"problems", "losses"}


def read(opened: Opened, known: Recognised, options: Options | None = None) -> Extraction:
    """What ``known.reader`` makes of the document. What cannot be read is told in the ``problems`` table."""
    reader, out = known.reader, Extract(options or Options(), opened.data)
    _check_version(reader, known.version, out)
    try:
        with collector_paused():
            _run(opened, known, out)
    except Unreadable as error:
        out = Extract(out.options, opened.data)  # what it seemed to say before it broke off is no evidence
        out.problem(Code.EVIDENCE_UNREADABLE, error.told)
    except Exception as error:  # noqa: BLE001 - a defect of a reader costs its document, not the batch; it is told, not hidden
        _tell_defect(reader, error, out)
    tables = _tables(reader, out)
    losses = ledger.rows(out.shapes, reader.loss_rules)
    if losses:
        tables["losses"] = pa.Table.from_pylist(losses, schema=LOSSES)
    if not tables.keys() - _BARE and "problems" not in tables:
        out.problem(Code.EVIDENCE_EMPTY, f"{reader.title}: the document yields neither a claim nor a row; not read is not clean")
        tables["problems"] = out.tables()["problems"]
    return Extraction(reader.source, known.format, reader.id, tables)


def _tables(reader: Reader, out: Extract) -> dict[str, pa.Table]:
    """What was gathered; of a reader that put something else into a column than belongs there, only the problems."""
    try:
        return out.tables()
    except Exception as error:  # noqa: BLE001 - as above
        out.gathered = {name: rows for name, rows in out.gathered.items() if name == "problems"}
        _tell_defect(reader, error, out)
        return out.tables()


def _tell_defect(reader: Reader, error: Exception, out: Extract) -> None:
    what = f"reader {reader.id} failed on this document ({type(error).__name__}): a defect of the reader, please report it"
    out.problem(Code.EVIDENCE_UNREADABLE, what)


def _run(opened: Opened, known: Recognised, out: Extract) -> None:
    roots = opened.roots(known.encoding)
    if known.encoding == XML:
        _counted(XmlDocument(opened.data, out), known, out)
    elif known.encoding == TEXT:
        _counted(TextDocument(roots[0][1], out), known, out)
    else:
        tree = open_tree(roots, out)
        try:
            for part in _parts(tree, known, out):
                known.reader.read(part, out)
        finally:
            tree.finish()


def _parts(tree: Tree, known: Recognised, out: Extract) -> Iterator[Tree]:
    """All documents of a stream together, or each by itself; then one that is of another format is told."""
    if known.reader.together or len(tree.roots) == 1:
        yield tree
        return
    for root in tree.roots:
        version = known.reader.recognise(Head(known.encoding, root.raw))
        if version is None:
            message = f"{root.locator} is not {known.reader.format} and is not read: send it as a document of its own"
            out.problem(Code.EVIDENCE_UNRECOGNISED, message, root)
        else:
            _check_version(known.reader, version, out)
            yield Tree((root,))


def _check_version(reader: Reader, version: str, out: Extract) -> None:
    if reader.versions and version not in reader.versions:
        out.problem(
            Code.SCHEMA_DRIFT,
            f"{reader.format} version {version[:40] or '(none)'} is not one this reader knows",
            expected=", ".join(reader.versions),
            found=version,
        )


def _counted(document: XmlDocument | TextDocument, known: Recognised, out: Extract) -> None:
    try:
        known.reader.read(document, out)
    finally:
        document.count()
