"""The test-result inventory, counted from cases and thresholds."""

from __future__ import annotations

from collections import Counter
from typing import Any

from release_staging.record.derivations.derivation import DERIVED, derivation
from release_staging.record.losses import of_rows
from release_staging.record.provenance import Located
from release_staging.record.view import Document, PacketView

OUTCOMES = ("passed", "failed", "error", "skipped", "inconclusive", "flaky", "unknown")
_EXECUTED = ("passed", "failed", "error", "flaky")


@derivation("tests.levels")
def test_levels(view: PacketView) -> Located | None:
    """Levels at which at least one case ran, one threshold was judged, or one sample was measured. Skipped is not run."""
    documents: dict[str, list[Document]] = {}
    for document in view.of_source("test_reports"):
        ran = any(
            row["outcome"] in _EXECUTED or row.get("samples") for name in ("test_cases", "metrics") for row in _of(view, name, document)
        )
        if ran and document.level:
            documents.setdefault(document.level, []).append(document)
    levels = sorted(documents)
    parts = {
        f"/{index}": Located(level, tuple(document.at() for document in documents[level]), DERIVED, "level with an executed test")
        for index, level in enumerate(levels)
    }
    return Located(levels, (), parts=parts)


@derivation("tests.results")
def test_results(view: PacketView) -> Located | None:
    """One entry a test document, counted from its cases and thresholds, never from its own totals."""
    items: list[dict[str, Any]] = []
    parts = {}
    for document in view.of_source("test_reports"):
        cases = Counter(row["outcome"] for row in _of(view, "test_cases", document))
        thresholds = Counter(row["outcome"] for row in _of(view, "metrics", document) if row["threshold"])
        item: dict[str, Any] = {"level": document.level, "format": document.format or "unrecognised", "total": cases.total()}
        item |= {outcome: cases[outcome] for outcome in OUTCOMES}
        item["thresholds"] = {
            "passed": thresholds["passed"],
            "failed": thresholds["failed"] + thresholds["error"],
            "inconclusive": thresholds.total() - thresholds["passed"] - thresholds["failed"] - thresholds["error"],
        }
        parts[f"/{len(items)}"] = Located(item, (document.at(),), DERIVED, "counted from cases and thresholds", _lost(view, document))
        items.append(item)
    return Located(items, (), parts=parts)


def _lost(view: PacketView, document: Document) -> str | None:
    tables = (view.table(name, {"document": document.sha256}) for name in ("test_cases", "metrics"))
    return "; ".join(filter(None, (of_rows(table, ["outcome"]) for table in tables if table is not None))) or None


def _of(view: PacketView, table: str, document: Document) -> list[dict[str, Any]]:
    found = view.table(table, {"document": document.sha256})
    if found is None:
        return []
    rows: list[dict[str, Any]] = found.select(
        [name for name in ("outcome", "threshold", "samples") if name in found.column_names]
    ).to_pylist()
    return rows
