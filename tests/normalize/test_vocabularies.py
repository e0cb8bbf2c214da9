"""Every vocabulary that a reader names has its table, and every word in the samples of the readers' tests is known."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from release_staging.config.registries import key
from release_staging.evidence.open import Opened
from release_staging.evidence.read import read
from release_staging.evidence.recognise import recognise
from release_staging.model.extraction import Extraction
from release_staging.parsing.limits import Unreadable
from tests.config.support import ROOT
from tests.evidence.corpus import documents
from tests.normalize.support import SAMPLE

READERS = sorted(path for path in (ROOT / "release_staging" / "evidence").rglob("*.py") if path.parent.name != "evidence")
SAMPLES = sorted(path for path in (ROOT / "tests" / "evidence").glob("*/samples/**/*") if path.is_file())
TAXONOMIES = {
    ("claims", "value"): "outcome",
    ("jobs", "status"): "outcome",
    ("test_cases", "status"): "outcome",
    ("metrics", "status"): "outcome",
    ("policy_results", "status"): "outcome",
    ("policy_results", "severity"): "severity",
    ("vulnerabilities", "severity"): "severity",
    ("vulnerabilities", "status"): "vulnerability_state",
    ("incidents", "severity"): "severity",
    ("incidents", "status"): "incident_state",
}


def constants(tree: ast.Module) -> dict[str, str]:
    """Texts that a module gives a name to."""
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def given(tree: ast.Module) -> Iterator[ast.expr]:
    """What stands for the vocabulary of a claim or row."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "vocabulary":
            yield node.value
        elif isinstance(node, ast.Dict):
            yield from (
                value
                for name, value in zip(node.keys, node.values, strict=True)
                if isinstance(name, ast.Constant) and name.value == "vocabulary"
            )


def returned(tree: ast.Module) -> set[str]:
    """Texts that stand second in tuples that functions return: a word and its vocabulary."""
    pairs = (pair for node in ast.walk(tree) if isinstance(node, ast.Return) for pair in ast.walk(node) if isinstance(pair, ast.Tuple))
    second = (pair.elts[1] for pair in pairs if len(pair.elts) > 1)
    return {value.value for value in second if isinstance(value, ast.Constant) and isinstance(value.value, str)}


def named(path: Path) -> set[str]:
    """The vocabularies that a reader's module names. Fails where it cannot be told."""
    tree = ast.parse(path.read_text("utf-8"))
    known = constants(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("release_staging.evidence."):
            origin = ROOT / (node.module.replace(".", "/") + ".py")
            known |= constants(ast.parse(origin.read_text("utf-8"))) if origin.exists() else {}
    found: set[str] = set()
    for value in given(tree):
        literals = {part.value for part in ast.walk(value) if isinstance(part, ast.Constant) and isinstance(part.value, str)}
        resolved = {known[part.id] for part in ast.walk(value) if isinstance(part, ast.Name) and part.id in known}
        names = literals | resolved or returned(tree)
        assert names or isinstance(value, ast.Constant), f"{path.name}:{value.lineno}: cannot tell which vocabulary this is"
        found |= names
    return found


def rows(table: pa.Table | None) -> list[dict[str, Any]]:
    return table.to_pylist() if table is not None else []


def extractions_of(data: bytes) -> list[Extraction]:
    """What every reader that knows a document makes of it; nothing of one that cannot be read."""
    opened = Opened(data)
    try:
        return [read(opened, match) for match in recognise(opened)]
    except Unreadable:
        return []


def unknown_words(extraction: Extraction) -> set[tuple[str, ...]]:
    """Table, column, vocabulary and word of each word that its taxonomy does not know."""
    return {
        (name, column, str(row["vocabulary"]), row[column])
        for (name, column), taxonomy in TAXONOMIES.items()
        for row in rows(extraction.tables.get(name))
        if row[column] is not None
        and (name != "claims" or row["field"] == "verdict")
        and (row["vocabulary"] or "", key(row[column])) not in SAMPLE.words[taxonomy]
    }


def test_the_walk_finds_vocabularies_however_they_are_given() -> None:
    found = set().union(*(named(path) for path in READERS))
    assert {"github-conclusion", "junit-case", "junit-status", "trivy-severity", "k6-threshold"} <= found


@pytest.mark.parametrize("path", READERS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_vocabulary_that_a_reader_names_has_a_table(path: Path) -> None:
    assert named(path) - SAMPLE.vocabularies == set(), "add the vocabulary and its words to data/registries"


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parent.parent.name}/{path.name}")
def test_every_word_of_a_sample_is_known_in_its_taxonomy(path: Path) -> None:
    assert set().union(*(unknown_words(extraction) for extraction in extractions_of(path.read_bytes()))) == set()


FREE_TEXT = {"incident-note", "junit-status"}  # people write these words: an unknown one is an exception for a person
MADE_UP = "mock_posture_report.json"  # its words are random letters
LARGEST = 1_000_000  # bytes of a document: larger ones have more rows, not more words
FOLDERS = ("ci", "canary", "test-reports", "load-tests", "vuln-scans", "policy", "config-diff", "incidents", "provenance")


def test_every_word_that_real_tools_write_is_known() -> None:
    missing: dict[tuple[str, ...], str] = {}
    for path, data in documents(*FOLDERS):
        if len(data) <= LARGEST and not path.endswith(MADE_UP):
            for word in set().union(*(unknown_words(extraction) for extraction in extractions_of(data))):
                if word[2] not in FREE_TEXT:
                    missing[word] = path
    assert missing == {}
