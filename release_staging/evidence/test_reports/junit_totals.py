"""What the suites of a JUnit report declare, compared with the cases that they list.

Writers count in several ways, and all of them agree: a suite's numbers are of its own cases, or of all below it; failures and errors
are one number between them; skipped and disabled are, too; older Surefire counts each try of a test that was run again; a file
that could not be run is an error, and no test; Mocha counts tests that are pending, and lists none of them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from release_staging.evidence.elements import XmlNode
from release_staging.evidence.extract import Extract
from release_staging.evidence.test_reports import junit_dialect
from release_staging.evidence.test_reports.nesting import ancestors
from release_staging.evidence.test_reports.totals import compare
from release_staging.parsing.xml import Element

_ERRORS = {"error", "rerunError"}
_BROKEN = {*_ERRORS, "failure", "rerunFailure", "failed", "fail"}
_SKIPPED = {"skipped", "notrun", "disabled"}
_SUITES = ("testsuite", "testsuites")


@dataclass(slots=True)
class _Listed:
    """What is listed in an open suite."""

    cases: int = 0
    tries: int = 0  # beyond one a case
    broken: int = 0
    broken_tries: int = 0
    errors: int = 0
    outside: int = 0  # of the broken: what broke outside any case
    skipped: int = 0
    first: str | None = None  # where the first broken one stands

    def add(self, other: _Listed) -> None:
        self.cases += other.cases
        self.tries += other.tries
        self.broken += other.broken
        self.broken_tries += other.broken_tries
        self.errors += other.errors
        self.outside += other.outside
        self.skipped += other.skipped
        self.first = self.first or other.first

    @property
    def tests(self) -> tuple[int, ...]:
        """How many tests they may be counted as."""
        return (self.cases, self.cases + self.tries, self.cases - self.errors, self.cases + self.outside)


@dataclass
class Totals:
    """The suites that are open, by element: what they list themselves, and what those within them list."""

    out: Extract
    own: dict[int, _Listed] = field(default_factory=dict)
    below: dict[int, _Listed] = field(default_factory=dict)

    def case(self, case: XmlNode, status: str, tries: int) -> None:
        """A case that was tried again ``tries`` times."""
        listed = self._own(case.element)
        listed.cases += 1
        listed.tries += tries
        if status in _BROKEN:
            listed.broken += 1
            listed.broken_tries += tries
            listed.errors += status in _ERRORS
            listed.first = listed.first or case.locator
        elif status in _SKIPPED:
            listed.skipped += 1

    def outside(self, broken: XmlNode) -> None:
        """What broke outside any case."""
        listed = self._own(broken.element)
        listed.broken += 1
        listed.outside += 1
        listed.first = listed.first or broken.locator

    def suite(self, suite: XmlNode) -> None:
        """Compares what a suite that ends declares with what it lists, and adds it up for the suite above."""
        own, everything = self.own.pop(id(suite.element), _Listed()), self.below.pop(id(suite.element), _Listed())
        everything.add(own)
        if (above := _above(suite.element)) is not None:
            self.below.setdefault(id(above), _Listed()).add(everything)
        self._broken(suite, everything, own)
        self._skipped(suite, everything, own)
        self._tests(suite, everything, own)

    def _own(self, element: Element) -> _Listed:
        return self.own.setdefault(id(_above(element)), _Listed())

    def _broken(self, suite: XmlNode, everything: _Listed, own: _Listed) -> None:
        failures, errors = suite.integer("failures"), suite.integer("errors")
        if failures is not None or errors is not None:
            place = suite.attribute("errors" if failures is None or (errors and not failures) else "failures")
            listed = [count for one in (everything, own) for count in (one.broken, one.broken + one.broken_tries)]
            compare(self.out, place, (failures or 0) + (errors or 0), "failures and errors", listed, everything.first)

    def _skipped(self, suite: XmlNode, everything: _Listed, own: _Listed) -> None:
        word, disabled = skipped_word(suite), suite.integer("disabled") or 0
        declared = suite.integer(word)
        if declared is not None and not (declared > everything.skipped and _leaves_out_pending(suite)):
            listed = [everything.skipped, own.skipped, everything.skipped - disabled, own.skipped - disabled]
            compare(self.out, suite.attribute(word), declared, "skipped tests", listed)

    def _tests(self, suite: XmlNode, everything: _Listed, own: _Listed) -> None:
        declared, skipped = suite.integer("tests"), suite.integer(skipped_word(suite))
        listed: Collection[int] = [count for one in (everything, own) for count in one.tests]
        if declared is not None and _leaves_out_pending(suite):  # its suites do not say how many those are, the report does
            listed = range(everything.cases, (declared if skipped is None else everything.cases + skipped) + 1) or listed
        compare(self.out, suite.attribute("tests"), declared, "tests", listed)


def skipped_word(suite: XmlNode) -> str:
    """The attribute in which a suite says how many tests were skipped."""
    return next((word for word in ("skipped", "skip", "skips", "ignored") if word in suite.element.attributes), "skipped")


def _above(element: Element) -> Element | None:
    """The nearest suite above, or else the root."""
    above = None
    for above in ancestors(element):
        if above.name in _SUITES:
            return above
    return above


def _leaves_out_pending(suite: XmlNode) -> bool:
    root = next(reversed([suite.element, *ancestors(suite.element)]))
    return junit_dialect.named(root) == junit_dialect.MOCHA
