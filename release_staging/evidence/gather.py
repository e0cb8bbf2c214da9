"""Reading every document of one source in a run, into tables over all its packets."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from release_staging.config.policy import Policy
from release_staging.evidence.authority import with_statements
from release_staging.evidence.extract import Options, TrustedKey
from release_staging.evidence.open import Opened
from release_staging.evidence.read import read
from release_staging.evidence.reader import split_id
from release_staging.evidence.recognise import Recognised
from release_staging.evidence.registry import reader_for
from release_staging.model.extraction import Extraction
from release_staging.model.gathered import Tables, merged, owned
from release_staging.model.sources import Source
from release_staging.model.tables import COMMON, TEXT, gathered

Fetch = Callable[[str], bytes]  # the bytes of a document, by its sha256
READERS = pa.schema([("packet", TEXT), ("document", TEXT), ("reader", TEXT)])


def options(policy: Policy) -> Options:
    """What the policy lets readers know: the keys and the trust roots that it trusts."""
    keys = tuple(TrustedKey(key.id, key.pem) for key in policy.trusted_keys if key.pem is not None)
    return Options(keys, policy.trust_roots)


def extract_source(source: Source, documents: pa.Table, fetch: Fetch, options: Options) -> Tables:
    """Claims, rows, losses and problems of the source's documents, each with its packet and document.

    ``documents`` is the gathered ``documents`` table of the run. A document that stands in a packet twice is read once.
    ``readers`` says which reader read each document.
    """
    wanted = documents.filter(pc.fill_null(pc.equal(documents["source"], source.name), False)).select(
        ["packet", "document", "format", "encoding"]
    )
    parts: list[Tables] = [_empty(source)]
    read_by: list[dict[str, str]] = []
    for row in wanted.group_by(["packet", "document", "format", "encoding"]).aggregate([]).to_pylist():
        extraction = extract_document(fetch(row["document"]), row["format"], row["encoding"], options)
        parts.append(owned(extraction.tables, row["packet"], row["document"]))
        read_by.append({"packet": row["packet"], "document": row["document"], "reader": extraction.reader})
    return {**merged(parts), "readers": pa.Table.from_pylist(read_by, schema=READERS)}


def extract_document(data: bytes, format_id: str, encoding: str, options: Options) -> Extraction:
    """One document, read by the reader of its format. Raises LookupError where that reader is no longer installed."""
    reader = reader_for(format_id)
    if reader is None:
        raise LookupError(f"no reader for {format_id}: the package that brought it is not installed here")
    found = read(Opened(data), Recognised(reader, encoding, split_id(format_id)[1]), options)
    return with_statements(found, data, encoding)


def _empty(source: Source) -> Tables:
    names = [name for name in COMMON if name != "documents"] + list(source.tables)
    return {name: gathered(name).empty_table() for name in names}
