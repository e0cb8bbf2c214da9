"""Boost.Test XML result report (root ``TestResult``): detailed with every case, short with the totals of the suites alone.

Statuses are words of ``boost-result`` (``passed failed aborted skipped``). A suite that did not pass although every case below it
did (its fixture failed) is a case by itself. Passed with warnings is passed; what is disabled is counted as skipped, and not listed.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from release_staging.evidence.elements import XmlNode
from release_staging.evidence.reader import XML, Extract, Head, Reader, XmlDocument
from release_staging.evidence.test_reports.nesting import Failures, Losses
from release_staging.evidence.test_reports.totals import Nested, compare
from release_staging.model.exceptions import Code

VOCABULARY = "boost-result"
_NOT_FAILED = {"passed", "skipped"}
_COUNTS = ("assertions_passed", "assertions_failed", "warnings_failed", "expected_failures")
_DETAIL = {
    "assertions": tuple(f"@{name}" for name in _COUNTS),
    "test-detail": ("@file", "@line"),
    "counted-as-failed": ("@test_cases_aborted", "@test_cases_timed_out", "@test_suites_timed_out"),
}


def recognise(head: Head) -> str | None:
    return "" if head.root.name == "TestResult" and not head.root.namespace and not head.root.attributes else None


def read(document: XmlDocument, out: Extract) -> None:
    report = _Report(out)
    node: XmlNode | None = None
    for node in document.stream("TestCase", "TestSuite"):
        if node.name == "TestCase":
            report.case(node)
        elif node.name == "TestSuite":
            report.suite(node)
    if node is not None and not report.tests:
        out.problem(Code.EVIDENCE_EMPTY, "the report tells of no test; no test run is not a passed test run", node)


@dataclass
class _Report:
    out: Extract
    tests: int = 0  # cases, or those that suites count
    failures: Failures = field(default_factory=Failures)
    losses: Losses = field(default_factory=lambda: Losses(_DETAIL))
    listed: Nested = field(default_factory=lambda: Nested("TestSuite", "TestResult"))

    def case(self, node: XmlNode) -> None:
        above = node.parent
        self.listed.around(node).add(self._row(node, above.text("name") if above is not None else None), node)

    def suite(self, node: XmlNode) -> None:
        everything, _ = self.listed.end(node)
        word = node.text("result", required=True)
        passed, warned = node.integer("test_cases_passed"), node.integer("test_cases_passed_with_warnings")
        failed, skipped = node.integer("test_cases_failed"), node.integer("test_cases_skipped")
        passed = None if passed is None else passed + (warned or 0)
        self.out.row("test_suites", node, name=node.text("name"), passed=passed, failed=failed, skipped=skipped)
        self.tests += (passed or 0) + (failed or 0)
        if everything.counts:
            compare(self.out, node.attribute("test_cases_passed"), passed, "passed tests", (("passed",),), everything)
            ways = (("failed", "aborted"), ("failed",))
            compare(self.out, node.attribute("test_cases_failed"), failed, "failed tests", ways, everything)
            if word not in _NOT_FAILED and not self.failures.explained(node.element):
                self._row(node, node.text("name"))
        self.losses.apply(node)
        above = node.parent
        if above is not None and above.name == "TestResult":
            self.out.claim("verdict", node.attribute("result"), vocabulary=VOCABULARY, required=True)

    def _row(self, node: XmlNode, suite: str | None) -> str:
        self.losses.apply(node)
        self.tests += 1
        word = node.text("result", required=True) or "absent"
        if word not in _NOT_FAILED:
            self.failures.case(node.element)
        self.out.row("test_cases", node, suite=suite, name=node.text("name", required=True), status=word, vocabulary=VOCABULARY)
        return word


READER = Reader(
    source="test_reports",
    format="boost-report-xml",
    title="Boost.Test result report (XML)",
    reference="boostorg/test boost/test/impl/xml_report_formatter.ipp; Boost 1.33 to 1.86",
    encodings=(XML,),
    media_type="application/xml",
    recognise=recognise,
    read=read,
)
