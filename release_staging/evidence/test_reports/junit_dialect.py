"""Which writer's dialect of JUnit XML a report is in, told by its root and the first elements below.

Where none is told the report is plain: so write Gradle, Ant, and the many that follow them.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from release_staging.parsing.xml_elements import Element

SUREFIRE, FAILSAFE, PYTEST, GOTESTSUM, JEST, VITEST = "surefire", "failsafe", "pytest", "gotestsum", "jest", "vitest"
MOCHA, PLAYWRIGHT, GOOGLETEST, PHPUNIT, BAZEL = "mocha", "playwright", "googletest", "phpunit", "bazel"
NEXTEST, CATCH2, CTEST, BOOST, NEWMAN = "nextest", "catch2", "ctest", "boost", "newman"

DIALECTS = (
    *(SUREFIRE, FAILSAFE, PYTEST, GOTESTSUM, JEST, VITEST, MOCHA, PLAYWRIGHT, GOOGLETEST, PHPUNIT, BAZEL),
    *(NEXTEST, CATCH2, CTEST, BOOST, NEWMAN),
)

# Names of the report, or of its first suite, by which a writer tells itself.
_NAMES = {
    "pytest tests": PYTEST,
    "pytest": PYTEST,
    "jest tests": JEST,
    "vitest tests": VITEST,
    "Mocha Tests": MOCHA,
    "Root Suite": MOCHA,
    "nextest-run": NEXTEST,
    "AllTests": GOOGLETEST,
}

# The tool that writes a dialect, where the report's name tells it.
TOOLS = {
    PYTEST: "pytest",
    JEST: "jest-junit",
    VITEST: "vitest",
    MOCHA: "mocha",
    NEXTEST: "cargo-nextest",
    GOOGLETEST: "GoogleTest",
}

_PLAYWRIGHT = {"id", "name", "tests", "failures", "skipped", "errors", "time"}
_CTEST = {"disabled", "skipped", "hostname"}
_BOOST = {"tests", "skipped", "errors", "failures", "id", "name", "time"}
_NEWMAN = {"name", "id", "timestamp", "tests", "failures", "errors", "time"}
_NEAR = 20  # elements of a kind that are looked at


def dialect_of(root: Element) -> str:
    """The dialect of a report with this root; "" where it is plain."""
    by_name = (_NAMES.get(suite.attributes.get("name", "")) for suite in islice(_suites(root), 2))
    return _by_schema(root) or next(filter(None, by_name), None) or _by_root(root) or _by_suites(root)


def named(suite: Element) -> str | None:
    """The dialect that the name of a report or suite tells."""
    return _NAMES.get(suite.attributes.get("name", ""))


def of_ctest(report: Element) -> bool:
    """Whether CTest wrote the report, told by what it counts."""
    return report.name == "testsuite" and report.attributes.keys() >= _CTEST


def of_boost(report: Element) -> bool:
    """Whether Boost.Test wrote the report: nothing in it says so, but no other writes just these attributes."""
    return report.name == "testsuite" and report.parent is None and report.attributes.keys() == _BOOST


def of_newman(suite: Element) -> bool:
    """Whether Newman wrote the suite: one for each request."""
    return suite.name == "testsuite" and suite.attributes.keys() == _NEWMAN


def _by_schema(root: Element) -> str:
    schema = root.attributes.get("noNamespaceSchemaLocation", "")
    return next((dialect for dialect in (FAILSAFE, SUREFIRE) if dialect in schema), "")


def _by_root(root: Element) -> str:
    given = root.attributes.keys()
    if root.name == "testsuite":
        return CTEST if of_ctest(root) else BOOST if of_boost(root) else ""
    if given == {"name", "tests", "time"} and any(of_newman(suite) for suite in root.children):
        return NEWMAN
    return NEXTEST if "uuid" in given else PLAYWRIGHT if given >= _PLAYWRIGHT else ""


def _by_suites(root: Element) -> str:
    for suite in islice(_suites(root), _NEAR):
        given = suite.attributes
        if given.get("hostname") == "tbd":  # Catch2 has not come to it
            return CATCH2
        if "assertions" in given and given.get("file", "").endswith(".php"):
            return PHPUNIT
        if any(prop.attributes.get("name") == "go.version" for prop in islice(_properties(suite), _NEAR)):
            return GOTESTSUM
        if _of_bazel(suite):
            return BAZEL
    return ""


def _of_bazel(suite: Element) -> bool:
    """Bazel's own report of a test that wrote none: one case with the target's name; or a suite named by a label."""
    name = suite.attributes.get("name", "")
    cases = [case for case in suite.children if case.name == "testcase"]
    alone = len(cases) == 1 and cases[0].attributes.get("name") == name and {"status", "duration", "time"} <= cases[0].attributes.keys()
    return alone or name.startswith(("//", "@"))


def _suites(element: Element) -> Iterator[Element]:
    """The element and the suites within it, in the order in which they begin."""
    yield element
    for child in element.children:
        if child.name == "testsuite":
            yield from _suites(child)


def _properties(suite: Element) -> Iterator[Element]:
    for child in suite.children:
        if child.name == "properties":
            yield from child.children
