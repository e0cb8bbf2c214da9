"""NUnit 2 results (root ``test-results``), which xUnit.net, Mono and others write too.

A status is ``@result``. Older versions have none: then the reader words ``@executed`` and ``@success`` as ``not executed`` or
``executed, success=...`` with the attribute's own text, which is not always true or false (vocabulary ``nunit2-result``).
A suite that failed although no case below it did is a case by itself. ``@date`` and ``@time`` of the root say when the report
was written, in two attributes and without a zone; some writers put the duration into ``@time`` instead.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from release_staging.evidence.elements import XmlNode
from release_staging.evidence.reader import XML, Extract, Head, Reader, XmlDocument
from release_staging.evidence.test_reports.nesting import Failures, Losses
from release_staging.evidence.test_reports.totals import Listed, compare
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code

_NOT_FAILED = {"success", "ignored", "skipped", "inconclusive", "not executed", "executed, success=true"}
_NOT_RUN = {"ignored", "skipped", "not executed", "notrunnable"}
_FAILED = {"failure", "error", "executed, success=false"}
_DATE, _TIME = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"\d\d:\d\d:\d\d")

_DROPS = {
    "failure-detail": ("failure", "reason"),  # may hold secrets
    "test-properties": ("properties",),
}
_DETAIL = {"test-detail": ("@asserts", "@description", "@type", "categories")}


def recognise(head: Head) -> str | None:
    root = head.root
    return "" if root.name == "test-results" and not root.namespace and "total" in root.attributes else None


def read(document: XmlDocument, out: Extract) -> None:
    report = _Report(out)
    node: XmlNode | None = None
    for node in document.stream("test-case", "test-suite", wanted={"test-case": (), "test-suite": ()}):
        if node.name in ("test-case", "test-suite"):
            report.element(node)
    if node is not None:
        report.end(node)


@dataclass
class _Report:
    out: Extract
    cases: int = 0
    failures: Failures = field(default_factory=Failures)
    losses: Losses = field(default_factory=lambda: Losses(_DROPS, _DETAIL))
    listed: Listed = field(default_factory=Listed)

    def element(self, node: XmlNode) -> None:
        self.losses.apply(node)
        word = _word(node)
        failed = word.lower() not in _NOT_FAILED
        is_case = node.name == "test-case"
        name, duration = node.text("name", required=is_case), node.text("time")
        if not is_case and (not failed or self.failures.explained(node.element)):
            return
        self.cases += 1
        if is_case:
            self.listed.add("not run" if word.lower() in _NOT_RUN else "run", node)
            if word.lower() in _FAILED:
                self.listed.add("failed", node)
        if failed:
            self.failures.case(node.element)
        self.out.row("test_cases", node, suite=_suite(node), name=name, status=word, vocabulary="nunit2-result", duration_s=duration)

    def end(self, root: XmlNode) -> None:
        out = self.out
        out.row(
            "test_suites",
            root,
            tests=root.integer("total"),
            failed=root.integer("failures"),
            errors=root.integer("errors"),
            skipped=root.integer("not-run"),
        )
        self._compare(root)
        date, time = root.text("date"), root.text("time")
        if date and time and _DATE.fullmatch(date) and _TIME.fullmatch(time):
            loss = "date and time stand in two attributes"
            out.claim("produced_at", root.attribute("date"), value=f"{date}T{time}", confidence=Confidence.DERIVED, loss=loss)
        else:
            out.claim("produced_at", root.attribute("date"))
        for environment in root.children("environment"):
            version = environment.attribute("nunit-version")
            out.claim("tool.name", version, value="NUnit", confidence=Confidence.DERIVED, loss="told by the attribute's name")
            out.claim("tool.version", version)
        if not self.cases:
            out.problem(Code.EVIDENCE_EMPTY, "the report holds no test case; no test run is not a passed test run", root)

    def _compare(self, root: XmlNode) -> None:
        """``total`` is of the tests that were run, or of all."""
        failures, errors = root.integer("failures"), root.integer("errors")
        compare(self.out, root.attribute("total"), root.integer("total"), "tests", (("run",), ("run", "not run")), self.listed)
        if failures is not None:
            place = root.attribute("errors" if errors and not failures else "failures")
            compare(self.out, place, failures + (errors or 0), "failures and errors", (("failed",),), self.listed)


def _word(node: XmlNode) -> str:
    result, executed, success = node.text("result"), node.text("executed", required=node.name == "test-case"), node.text("success")
    if result:
        return result
    return "not executed" if (executed or "").lower() == "false" else f"executed, success={success or 'absent'}"


def _suite(node: XmlNode) -> str | None:
    """The name of the nearest suite above; between the two stands an element ``results``."""
    above = node.element.parent.parent if node.element.parent is not None else None
    return above.attributes.get("name") if above is not None and above.name == "test-suite" else None


READER = Reader(
    source="test_reports",
    format="nunit2-xml",
    title="NUnit 2 test results",
    reference="NUnit 2.6 Results.xsd",
    encodings=(XML,),
    media_type="application/xml",
    recognise=recognise,
    read=read,
    revision=2,
    drops={
        "build-machine": (
            "/test-results/@name",
            "/test-results/culture-info/**",
            *(f"/test-results/environment/@{name}" for name in ("clr-version", "cwd", "machine-name", "os-version", "platform", "user*")),
        ),
    },
    summarises={"summary-detail": tuple(f"/test-results/@{name}" for name in ("ignored", "inconclusive", "invalid", "skipped"))},
)
