"""What a document yields is bounded by its size, whatever it repeats."""

from __future__ import annotations

import time

import orjson
import pytest

from release_staging.evidence.extract import Extract
from release_staging.evidence.open import Opened
from release_staging.evidence.read import read
from release_staging.evidence.reader import Reader, Tree
from release_staging.evidence.recognise import Recognised
from release_staging.model.exceptions import Code
from release_staging.parsing.limits import LIMITS
from tests.evidence.support import extract, problems, rows


def test_a_long_name_that_every_row_repeats_does_not_fill_the_memory():
    cases = b'<testcase name="a" classname="b"/>' * 3000
    extraction = extract(b'<testsuite name="' + b"n" * 100_000 + b'">' + cases + b"</testsuite>", "junit-xml")
    assert [code for code, _ in problems(extraction)] == ["EVIDENCE_UNREADABLE"]
    assert "split the document" in rows(extraction, "problems")[0]["message"]
    assert sum(table.nbytes for table in extraction.tables.values()) < 2 * LIMITS.yield_floor


def test_a_large_document_with_short_names_is_read_whole():
    cases = b'<testcase name="a" classname="billing"/>' * 60_000
    extraction = extract(b'<testsuite name="unit">' + cases + b"</testsuite>", "junit-xml")
    assert (problems(extraction), len(rows(extraction, "test_cases"))) == ([], 60_000)


@pytest.mark.parametrize("key", ["k" * 100, "k" * 50_000], ids=["long", "longest"])
def test_long_keys_do_not_multiply_in_the_ledger(key):
    extra: dict[str, object] = {}
    inner = extra
    for _ in range(90):
        inner[key] = inner = {}
    inner.update({f"a{major}": {f"b{minor}": 0 for minor in range(100)} for major in range(100)})
    bom = orjson.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{"type": "library", "name": "x"}], "extra": extra})
    begun = time.process_time()
    extraction = extract(bom, "cyclonedx-json@1.6")
    assert time.process_time() - begun < 10
    assert extraction.tables["losses"].nbytes < 20 * 2**20
    assert extraction.loss()["not_understood"] == 10_000


def test_a_ledger_keeps_counting_when_there_are_too_many_kinds_of_keys():
    extra = {f"a{one}": {f"b{two}": {f"c{three}": 0 for three in range(60)} for two in range(60)} for one in range(60)}
    data = orjson.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{"type": "library", "name": "x"}], "extra": extra})
    extraction = extract(data, "cyclonedx-json@1.6")
    assert extraction.loss()["not_understood"] == 60**3
    assert extraction.tables["losses"].num_rows < 150_000


def test_numbers_that_do_not_fit_together_are_drift_and_not_an_exception():
    summary = {"tests": 1, "passed": 0, "failed": 0, "skipped": 2**63 - 1, "pending": 1, "other": 0, "start": 0, "stop": 0}
    data = {"reportFormat": "CTRF", "specVersion": "1.0.0", "results": {"tool": {"name": "x"}, "summary": summary, "tests": []}}
    extraction = extract(orjson.dumps(data), "ctrf-json@1.0.0")
    assert ("SCHEMA_DRIFT", "json-pointer:/results/summary") in problems(extraction)
    assert [row["skipped"] for row in rows(extraction, "test_suites")] == [None]


def test_a_reader_that_puts_text_where_a_number_belongs_costs_its_document_only():
    def reads(tree: Tree, out: Extract) -> None:
        out.row("jobs", tree.root, kind="run", attempt="first")

    reader = Reader("pipeline_runs", "broken", "", "", ("json",), "", lambda _: "", reads)
    extraction = read(Opened(b'{"a": 1}'), Recognised(reader, "json", ""))
    assert [code for code, _ in problems(extraction)] == ["EVIDENCE_UNREADABLE"]
    assert "jobs" not in extraction.tables
    assert extraction.loss()["not_understood"] == 1


def test_a_problem_that_stands_very_deep_is_told_without_its_place():
    class Deep:
        locator, raw = "json-pointer:/" + "k" * 100_000, None

        def mark(self) -> None:
            raise AssertionError("nothing stands there")

    out = Extract()
    out.problem(Code.SCHEMA_DRIFT, f"expected text at {Deep.locator}", Deep())
    told = out.tables()["problems"].to_pylist()
    assert [(one["locator"], len(one["message"]) <= 1000) for one in told] == [(None, True)]
