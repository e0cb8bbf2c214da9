"""NUnit 3 results (root ``test-run``).

A status is ``@result``, with ``@label`` behind a colon where it is one of NUnit's own (``Failed:Error``, ``Skipped:Ignored``), as
NUnit itself prints a ResultState (vocabulary ``nunit3-result``); a label may also be free text, which is not carried. A suite
that failed although no case below it did (a tear-down that threw, a fixture that could not be made) is a case by itself.
Declared totals of nested suites stand in rows of their own, and are compared with the cases below; so is the result of the run.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from release_staging.evidence.elements import XmlNode
from release_staging.evidence.reader import XML, Extract, Head, Reader, XmlDocument
from release_staging.evidence.test_reports.nesting import Failures, Losses
from release_staging.evidence.test_reports.totals import Nested, compare
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code

_LABELS = {"Error", "Invalid", "Cancelled", "Ignored", "Explicit", "Warning"}
_NOT_FAILED = {"Passed", "Passed:Warning", "Warning", "Inconclusive", "Skipped", "Skipped:Ignored", "Skipped:Explicit"}

_TOTALS = {"total": ("case",), "passed": ("Passed",), "failed": ("Failed",), "skipped": ("Skipped",)}  # what each is the number of
_DROPS = {
    "test-output": ("output", "attachments"),  # may hold secrets
    "failure-detail": ("failure", "reason", "assertions", "errors"),
    "build-machine": ("environment", "settings", "properties", "command-line", "filter"),
}
_DETAIL = {
    "test-detail": (
        *("@id", "@fullname", "@methodname", "@classname", "@runstate", "@seed", "@asserts", "@start-time", "@end-time", "@site", "@type"),
        *("@testcasecount", "@warnings", "@inconclusive", "@containsType", "@clr-version", "@run-date", "@label"),
    ),
}


def recognise(head: Head) -> str | None:
    root = head.root
    if root.name != "test-run" or root.namespace or not {"result", "total", "testcasecount"} & root.attributes.keys():
        return None
    return ""


def read(document: XmlDocument, out: Extract) -> None:
    report = _Report(out)
    node: XmlNode | None = None
    for node in document.stream("test-case", "test-suite", wanted={"test-case": (), "test-suite": ()}):
        if node.name == "test-case":
            report.case(node)
        elif node.name == "test-suite":
            report.suite(node)
    if node is not None:
        report.end(node)


@dataclass
class _Report:
    out: Extract
    cases: int = 0
    failures: Failures = field(default_factory=Failures)
    losses: Losses = field(default_factory=lambda: Losses(_DROPS, _DETAIL))
    listed: Nested = field(default_factory=lambda: Nested("test-suite", "test-run"))

    def case(self, node: XmlNode) -> None:
        self.losses.apply(node)
        word = _word(node)
        around = self.listed.around(node)
        around.add("case", node)
        around.add(word.partition(":")[0] if ":Invalid" not in word else "Invalid", node)
        above = node.element.parent
        suite = node.text("classname") or (above.attributes.get("fullname") or above.attributes.get("name") if above is not None else None)
        self._row(node, node.text("name", required=True), suite, word)

    def suite(self, node: XmlNode) -> None:
        self.losses.apply(node)
        name, word = node.text("name"), _word(node)
        if node.name == "test-suite" and word not in _NOT_FAILED and not self.failures.explained(node.element):
            self._row(node, name, node.text("fullname"), word)
        self.out.row(
            "test_suites",
            node,
            name=name,
            tests=node.integer("total"),
            passed=node.integer("passed"),
            failed=node.integer("failed"),
            skipped=node.integer("skipped"),
            duration_s=node.text("duration") or node.text("time"),
            started_at=node.text("start-time"),
        )
        everything, _ = self.listed.end(node)
        for key, kinds in _TOTALS.items():
            ways = ((*kinds,), (*kinds, "Invalid"))
            compare(self.out, node.attribute(key), node.integer(key), key if key != "total" else "tests", ways, everything)
        if node.name == "test-run" and word in ("Passed", "Passed:Warning") and (broken := everything.first.get("Failed")):
            what = f"the run is {word}, but a case failed at {broken}"
            self.out.problem(Code.CONTRADICTION, what, node.attribute("result"), expected="Failed", found=word)

    def end(self, root: XmlNode) -> None:
        out = self.out
        self.suite(root)
        word = _word(root)
        if word not in _NOT_FAILED and not self.failures.explained(root.element):
            self._row(root, "the run as a whole", None, word)
        out.claim("verdict", root.attribute("result"), value=word, vocabulary="nunit3-result", required=True)
        out.claim("started_at", root.attribute("start-time"))
        out.claim("finished_at", root.attribute("end-time"))
        version = root.attribute("engine-version")
        out.claim("tool.name", version, value="NUnit", confidence=Confidence.DERIVED, loss="told by the attribute's name")
        out.claim("tool.version", version)
        if not self.cases:
            out.problem(Code.EVIDENCE_EMPTY, "the report holds no test case; no test run is not a passed test run", root)

    def _row(self, node: XmlNode, name: str | None, suite: str | None, word: str) -> None:
        self.cases += 1
        if word not in _NOT_FAILED:
            self.failures.case(node.element)
        duration = node.text("duration") or node.text("time")
        self.out.row("test_cases", node, suite=suite, name=name, status=word, vocabulary="nunit3-result", duration_s=duration)


def _word(node: XmlNode) -> str:
    result, label = node.text("result", required=True) or "absent", node.text("label")
    return f"{result}:{label}" if label in _LABELS else result


READER = Reader(
    source="test_reports",
    format="nunit3-xml",
    title="NUnit 3 test results",
    reference="NUnit 3 Test Result XML Format, docs.nunit.org",
    encodings=(XML,),
    media_type="application/xml",
    recognise=recognise,
    read=read,
    revision=2,
)
