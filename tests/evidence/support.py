"""What tests of readers share: reading bytes, and the laws every extraction keeps."""

from __future__ import annotations

from typing import Any

from release_staging.evidence.extract import Options
from release_staging.evidence.open import Opened
from release_staging.evidence.read import read
from release_staging.evidence.recognise import recognise
from release_staging.evidence.resolve import Resolver
from release_staging.model.extraction import Extraction


def extract(data: bytes, format_id: str, options: Options | None = None) -> Extraction:
    """Reads ``data``, which must be recognised as exactly ``format_id``; checks the laws on the way."""
    opened = Opened(data)
    known = recognise(opened)
    assert [match.format for match in known] == [format_id]
    extraction = read(opened, known[0], options)
    assert_lawful(data, extraction)
    return extraction


def recognised(data: bytes) -> list[str]:
    return [match.format for match in recognise(Opened(data))]


def rows(extraction: Extraction, table: str) -> list[dict[str, Any]]:
    found = extraction.tables.get(table)
    return found.to_pylist() if found is not None else []


def claims(extraction: Extraction, field: str) -> list[str]:
    """The values claimed for a field, in order."""
    return [claim["value"] for claim in rows(extraction, "claims") if claim["field"] == field]


def problems(extraction: Extraction) -> list[tuple[str, str | None]]:
    return [(problem["code"], problem["locator"]) for problem in rows(extraction, "problems")]


def not_understood(extraction: Extraction) -> list[str]:
    return [loss["path"] for loss in rows(extraction, "losses") if loss["not_understood"]]


def assert_lawful(data: bytes, extraction: Extraction) -> None:
    """Every claim's locator resolves to its source value, every row's locator resolves, no defect of a reader shows."""
    resolver = Resolver(data)
    for table, content in extraction.tables.items():
        for row in content.to_pylist():
            if table == "claims":
                assert resolver.text(row["locator"]) == row["source_value"], row
            elif table not in ("losses", "problems"):
                resolver.value(row["locator"])
            elif table == "problems":
                assert "defect of the reader" not in row["message"], row
