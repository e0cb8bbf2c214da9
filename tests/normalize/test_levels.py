"""The level of a test report: what is said comes before what is told by names, and two answers are none."""

from __future__ import annotations

from typing import Any

import pytest

from tests.normalize.support import Rows, claim, problems, run

REPORT = {"path": "reports/junit.xml", "source": "test_reports", "format": "junit-xml/surefire"}


def level(document: dict[str, Any], suites: Rows | None = None, claims: Rows | None = None) -> tuple[str | None, str | None, str | None]:
    (row,) = run(documents=[{**REPORT, **document}], test_suites=suites or [], claims=claims or [])["documents"]
    assert row["level_asserted"] == document.get("level")
    return row["level"], row["level_rule"], row["level_confidence"]


@pytest.mark.parametrize(
    ("document", "suites", "claims", "expected"),
    [
        ({}, [], [], (None, None, None)),
        ({"level": "unit"}, [{"name": "smoke"}], [claim("test.level", "load")], ("unit", "level-asserted", "asserted")),
        ({"level": "Unit-Tests"}, [], [], ("unit", "level-asserted", "asserted")),
        ({"path": "smoke/a.xml"}, [{"name": "unit"}], [claim("test.level", "e2e")], ("integration", "level-claimed", "mapped")),
        ({}, [], [claim("test.level", "unit"), claim("test.level", "load")], (None, None, None)),
        (
            {"path": "smoke/a.xml"},
            [{"name": "tests.unit.test_a"}, {"name": "tests/unit/test_b"}],
            [],
            ("unit", "level-from-suites", "mapped"),
        ),
        ({}, [{"name": "unit tests"}, {"name": "com.acme.FooTest"}], [], ("unit", "level-from-suites", "low")),
        ({}, [{"name": "unit tests"}, {"name": "smoke tests"}], [], (None, None, None)),
        ({}, [{"name": "x", "level": "e2e"}], [], ("integration", "level-from-suites", "mapped")),
        ({"path": "tests/unit.xml"}, [{"name": "pytest"}], [], ("unit", "level-from-path", "mapped")),
        ({"path": "integration-tests/TEST-a.xml"}, [], [], ("integration", "level-from-path", "mapped")),
        ({"path": "unit/smoke.xml"}, [], [], (None, None, None)),
        ({"path": "a/summary.json", "format": "k6-summary@2"}, [], [], ("load", "level-from-format", "mapped")),
        ({"path": "smoke/summary.json", "format": "k6-summary@2"}, [], [], ("smoke", "level-from-path", "mapped")),
        ({"path": "community/report.xml"}, [{"name": "config.load.LoaderTest"}, {"name": "test_load_balancer"}], [], (None, None, None)),
        ({"path": "unit/app.cdx.json", "source": "sboms"}, [], [], (None, None, None)),
    ],
)
def test_the_level_of_a_report(document: dict[str, Any], suites: Rows, claims: Rows, expected: tuple[str | None, ...]) -> None:
    assert level(document, suites, claims) == expected


def test_a_level_that_no_registry_knows_is_a_problem_and_no_level() -> None:
    made = run(documents=[{**REPORT, "level": "exploratory", "path": "unit/a.xml"}])
    assert [row["level"] for row in made["documents"]] == [None]
    assert problems(made) == [("documents.level", "exploratory", None)]


def test_a_suite_has_its_own_level_before_its_documents() -> None:
    made = run(documents=[{**REPORT, "level": "unit"}], test_suites=[{"name": "smoke tests"}, {"name": "com.acme.FooTest"}])
    assert [row["test_level"] for row in made["test_suites"]] == ["smoke", "unit"]
