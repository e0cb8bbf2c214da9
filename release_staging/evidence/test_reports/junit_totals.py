"""What the suites of a JUnit report declare, compared with the cases that they list.

Writers count in several ways, and all of them agree: a suite's numbers are of its own cases, or of all below it, and a report's of
all; failures and errors are one number between them; skipped and disabled are, too; Boost counts no test that was skipped, nor one
that passed with warnings, Catch2 no failure that is excused; older Surefire counts each try of a test that was run again, newer
Surefire only the last run, and that is of what had failed before it; pytest counts each failure of a case; of the repetitions that
Xcode's reports list the last counts; what broke may be a hook, a class or a file, and no test; Mocha counts tests that are pending,
and lists none of them; the report of Newman counts requests, and lists assertions. jest-junit lists tests that are still to be written
as if they had passed, and does not count them: that is told, since nothing else shows it. Pytest counts subtests, and lists none that
passed: that is told too, since nothing shows that it were subtests and no case was taken out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from release_staging.evidence.elements import XmlNode, XmlNodes
from release_staging.evidence.extract import Extract
from release_staging.evidence.test_reports import junit_dialect
from release_staging.evidence.test_reports.nesting import ancestors
from release_staging.evidence.test_reports.totals import Listed, Nested, Way, compare

_BROKEN = {"error", "rerunError", "failure", "rerunFailure", "failed", "fail"}
_FLAKY = {"flakyError", "flakyFailure"}
_SKIPPED = {"skipped", "notrun", "disabled"}
_FILE = "Test suite failed to run"  # what jest-junit calls the case of a file that could not be run
_AGAIN: tuple[Way, ...] = ((), ("again",), ("tries",), ("again", "tries"))  # what may be counted beside each case that broke
_HOOK = re.compile(r'(?:setUp|tearDown)(?:Class|Module)\b|.*"(?:before|after)(?: all| each)" hook\b')  # of unittest, of Mocha
_SKIPS = ("skipped", "skip", "skips", "ignored")


@dataclass
class Totals:
    out: Extract
    nested: Nested = field(default_factory=lambda: Nested("testsuite", "testsuites"))
    requests: bool = False  # whether suites are requests of Newman
    before: tuple[str | None, str | None, bool] | None = None  # class and name of a case that may be repeated, and whether it broke

    def cases(self, cases: XmlNodes, statuses: Sequence[str], within: Sequence[tuple[str, ...]], telling: Sequence[int]) -> None:
        """Counts neighbours; those together of which there is no more to say than that they are cases, as of all but ``telling``."""
        told = {at: (statuses[at], within[at]) for at in telling}
        plain = {one for one in set(told.values()) if _is_plain(*one)}
        start = 0
        for at, one in told.items():
            if one not in plain:
                self._plain(cases, start, at)
                self._case(cases[at], *one)
                start = at + 1
        self._plain(cases, start, len(cases))

    def _plain(self, cases: XmlNodes, start: int, end: int) -> None:
        if start < end:
            self.nested.around(cases[start]).add("case", cases[start], end - start)
            self.before = None

    def _case(self, case: XmlNode, status: str, within: tuple[str, ...]) -> None:
        listed = self.nested.around(case)
        if status in _BROKEN and case.text("classname") == _FILE:  # written once or twice
            listed.counts["broken"] += not listed.counts["outside"]
            listed.add("outside", case)
            return
        if status in _BROKEN and _HOOK.match(f"{case.text('classname') or ''} {case.text('name') or ''}"):
            self.outside(case)
            return
        listed.add("case", case)
        self._repeated(case, status in _BROKEN, listed)
        if status in _BROKEN:
            listed.add("broken", case)
            if "skipped" not in within:
                listed.add("unexcused", case)
            listed.add("again", case, max(sum(name in _BROKEN for name in within) - 1, 0))
        if status in _FLAKY:
            listed.add("flaky", case)
            listed.add("tries", case, sum(name in _FLAKY for name in within))
        if status in _SKIPPED or "skipped" in within:
            listed.add("skipped", case)

    def _repeated(self, case: XmlNode, broken: bool, listed: Listed) -> None:
        """Takes back, in counts below zero, what a case says that is listed again: the last repetition counts."""
        properties = (prop for child in case.element.children if child.name == "properties" for prop in child.children)
        if not any(prop.attributes.get("name") == "repetition" for prop in properties):
            self.before = None
            return
        this = (case.text("classname"), case.text("name"), broken)
        if self.before is not None and self.before[:2] == this[:2]:
            listed.counts["repeated"] -= 1
            listed.counts["taken back"] -= self.before[2]
        self.before = this

    def outside(self, broken: XmlNode) -> None:
        """What broke outside any case."""
        listed = self.nested.around(broken)
        listed.add("broken", broken)
        listed.add("outside", broken)

    def suite(self, suite: XmlNode) -> None:
        """Compares what a suite that ends declares with what it lists."""
        everything, own = self.nested.end(suite)
        self.requests = self.requests or junit_dialect.of_newman(suite.element)
        if suite.name == "testsuites" or not (own.counts or suite.text("tests") == "0"):
            own = everything
        again = self._broken(suite, everything, own)
        self._skipped(suite, everything, own)
        self._tests(suite, everything, own, again)

    def _broken(self, suite: XmlNode, everything: Listed, own: Listed) -> Way:
        """Compares failures and errors. Returns what is counted beside the cases that broke: one of ``_AGAIN``."""
        failures, errors = suite.integer("failures"), suite.integer("errors")
        if failures is None and errors is None:
            return ()
        declared, once = (failures or 0) + (errors or 0), ("broken",)
        again = next((more for more in _AGAIN if declared in (everything.of((*once, *more)), own.of((*once, *more)))), ())
        place = suite.attribute("errors" if failures is None or (errors and not failures) else "failures")
        compare(
            self.out,
            place,
            declared,
            "failures and errors",
            (once, (*once, *again), ("unexcused",), ("broken", "taken back")),
            everything,
            own,
        )
        return again

    def _skipped(self, suite: XmlNode, everything: Listed, own: Listed) -> None:
        word = skipped_word(suite)
        skipped, disabled, listed = suite.integer(word), suite.integer("disabled"), everything.counts["skipped"]
        if _of(suite, junit_dialect.MOCHA):  # only the report says how many are pending, not its suites
            tests, cases = suite.integer("tests") or 0, everything.counts["case"]
            pending = (skipped or 0) - listed if suite.name == "testsuites" else tests - cases
            everything.add("case", suite, max(pending, 0))
        elif disabled is not None and (_of(suite, junit_dialect.GOOGLETEST) or junit_dialect.of_ctest(suite.element)):
            total, both = (skipped or 0) + disabled, (("skipped",),)  # they list what is disabled
            if skipped is not None or total > listed:  # GoogleTest's report, and its suites of old, do not say how many were skipped
                compare(self.out, suite.attribute("disabled"), total, "skipped and disabled tests", both, everything, own)
        elif disabled is None or (skipped or 0) + disabled != listed:
            compare(self.out, suite.attribute(word), skipped, "skipped tests", (("skipped",),), everything, own)

    def _tests(self, suite: XmlNode, everything: Listed, own: Listed, again: Way) -> None:
        tests = suite.integer("tests")
        if tests is None:
            return
        if self.requests and suite.name == "testsuites":
            return
        for one in (everything, own):
            if one.of(("case",)) <= tests <= one.of(("case", "outside", *again)) or tests == one.of(("case", "repeated")):
                return
            run = one.counts["case"] - one.counts["skipped"]
            if (tests == run and not _of(suite, junit_dialect.JEST)) or (tests < run and junit_dialect.of_boost(suite.element)):
                return
            if one.of(("again", "flaky")) and one.of(("broken",)) <= tests <= one.of(("broken", "flaky")):
                return
        subtests = _of(suite, junit_dialect.PYTEST) and tests > everything.counts["case"]
        what = "tests (of pytest, which counts subtests and does not list them)" if subtests else "tests"
        compare(self.out, suite.attribute("tests"), tests, what, (("case",),), everything)


def skipped_word(suite: XmlNode) -> str:
    """The attribute in which a suite says how many tests were skipped."""
    return next((word for word in _SKIPS if word in suite.element.attributes), "skipped")


def _is_plain(status: str, within: tuple[str, ...]) -> bool:
    return status not in _BROKEN | _FLAKY | _SKIPPED and "skipped" not in within and "properties" not in within


def _of(suite: XmlNode, dialect: str) -> bool:
    """Whether the suite or the report around it names this dialect."""
    return any(junit_dialect.named(element) == dialect for element in (suite.element, *ancestors(suite.element)))
