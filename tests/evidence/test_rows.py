"""Rows by columns are the rows one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from release_staging.evidence.extract import Extract
from release_staging.evidence.rows import Rows
from release_staging.model.tables import SCHEMAS
from release_staging.parsing.limits import LIMITS, Unreadable


@dataclass
class At:
    locator: str
    raw: Any = None

    def mark(self) -> None:
        pass


@dataclass
class All:
    locators: Sequence[str]

    def __len__(self) -> int:
        return len(self.locators)


CASES = st.lists(st.tuples(st.none() | st.text(max_size=5), st.sampled_from(["passed", "failed"]), st.booleans()), min_size=1, max_size=5)


@given(st.lists(st.tuples(st.sampled_from(["one suite", None]), CASES), max_size=6))
def test_rows_by_columns_are_the_rows_one_by_one(groups: list[tuple[str | None, list[tuple[str | None, str, bool]]]]) -> None:
    by_columns, one_by_one = Extract(), Extract()
    for suite, cases in groups:
        locators = [f"line={at},{at + 1}" for at in range(len(cases))]
        names, statuses, flaky = map(list, zip(*cases, strict=True))
        cells = {"suite": suite, "name": names, "status": statuses, "vocabulary": "words", "flaky": flaky}
        by_columns.rows("test_cases", All(locators), cells)
        for locator, (name, status, is_flaky) in zip(locators, cases, strict=True):
            one_by_one.row("test_cases", At(locator), suite=suite, name=name, status=status, vocabulary="words", flaky=is_flaky)
    assert by_columns.tables() == one_by_one.tables()
    assert by_columns.yielded == one_by_one.yielded


def test_many_rows_make_one_table_in_order() -> None:
    rows = Rows(SCHEMAS["test_cases"])
    for start in range(0, 9000, 300):
        rows.extend({"locator": [str(number) for number in range(start, start + 299)]}, 299)
        rows.append({"locator": str(start + 299)})
    table = rows.table()
    assert table["locator"].to_pylist() == list(map(str, range(9000)))
    assert table["suite"].null_count == 9000


def test_rows_hold_little_more_than_their_bytes() -> None:
    pool = pa.system_memory_pool()
    before = pool.bytes_allocated()
    rows = Rows(SCHEMAS["test_cases"])
    for start in range(0, 200_000, 500):
        rows.extend({"locator": [f"xpath:/testsuite[1]/testcase[{number}]" for number in range(start, start + 500)]}, 500)
    table = rows.table()
    assert pool.bytes_allocated() - before < 1.3 * table.nbytes


@pytest.mark.parametrize("cells", [{"nonsense": "x"}, {"name": ["one too few"]}])
def test_columns_that_do_not_fit_are_a_defect(cells: dict[str, Any]) -> None:
    with pytest.raises((KeyError, ValueError)):
        Extract().rows("test_cases", All(["a", "b"]), cells)


def test_bounds_hold_by_columns_too() -> None:
    with pytest.raises(Unreadable, match="to name"):
        Extract().rows("test_cases", All(["a", "x" * 10_001]), {})
    with pytest.raises(Unreadable, match="larger than 33554432 characters"):
        Extract().rows("test_cases", All(["a"] * 1000), {"suite": "n" * (LIMITS.yield_floor // 1000)})
