"""TRX, the Visual Studio test results file that ``dotnet test``, vstest and MSTest write (namespaces of 2006 and 2010).

A result keeps its ``@outcome`` (vocabulary ``trx-outcome``). The writers leave out the outcome that is the enumeration's zero,
which is ``Error``: such a result has ``absent``, this reader's word for it. A data-driven or ordered test holds its parts in
``InnerResults``: the parts are the cases, and the whole is one too only where it did not pass and none of its parts failed.

``ResultSummary/@outcome`` is the verdict, in a vocabulary of its own (``trx-run-outcome``): there ``Completed`` is what a run
writes whose tests all passed, and also one that found no test at all, so it is no pass. A run that failed without a failing
result (the host crashed, a collector failed) is a case by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import compress

from release_staging.evidence.elements import XmlNode, XmlNodes
from release_staging.evidence.extract import Cells
from release_staging.evidence.inventory import Located, Texts
from release_staging.evidence.reader import XML, Extract, Head, Reader, XmlDocument
from release_staging.evidence.test_reports.nesting import Failures, Losses
from release_staging.evidence.test_reports.totals import Listed, compare
from release_staging.evidence.test_reports.units import clock_seconds
from release_staging.model.exceptions import Code

_NAMESPACE = "http://microsoft.com/schemas/VisualStudio/TeamTest/"
_RESULTS = (
    *("UnitTestResult", "TestResultAggregation", "GenericTestResult", "ManualTestResult", "WebTestResult", "LoadTestResult"),
    *("CodedWebTestResult", "TestResult"),
)
_DEFINITIONS = ("UnitTest", "OrderedTest", "WebTest", "ManualTest", "GenericTest", "LoadTest", "CodedWebTest")
_NOT_FAILED = {"Passed", "PassedButRunAborted", "Completed", "Warning", "NotExecuted", "Inconclusive", "Pending", "InProgress"}
_FAILED = {"Failed", "Error", "Timeout", "Aborted", "absent"}
_WAYS = (("test", "part"), ("test", "whole"), ("test", "part", "whole"))

_TEST_DROPS = {
    "test-output": ("Output", "ResultFiles", "CollectorDataEntries", "WebTestResultFilePath"),  # may hold secrets
    "build-machine": ("@computerName",),
}
_TEST_DETAIL = {
    "test-identity": ("@executionId", "@parentExecutionId", "@testListId", "@testType", "@relativeResultsDirectory"),
    "test-detail": ("@resultType", "@dataRowInfo", "@endTime", "@startTime", "Counters", "TestSettings", "@isAborted"),
}
_DEFINITION_DETAIL = {
    "test-definitions": (
        *("@id", "@name", "@storage", "@priority", "@continueAfterFailure", "@persistedWebTest", "Execution", "Css", "DataSource"),
        *("DeploymentItems", "Description", "Owners", "Properties", "TestCategory", "TestLinks"),
    )
}
_METHOD_DETAIL = {"test-definitions": ("@codeBase", "@adapterTypeName", "@executorUriOfAdapter", "@name", "@isValid")}


def recognise(head: Head) -> str | None:
    root = head.root
    if root.name != "TestRun" or not root.namespace.startswith(_NAMESPACE):
        return None
    return str(root.namespace.removeprefix(_NAMESPACE))


def read(document: XmlDocument, out: Extract) -> None:
    run = _Run(out)
    nodes: XmlNodes | None = None
    for nodes in document.grouped(*_RESULTS, *_DEFINITIONS, "TestEntry", wanted=dict.fromkeys(_RESULTS, ("InnerResults",))):
        if nodes.name in _RESULTS:
            run.results(nodes)
        elif nodes.name in _DEFINITIONS:
            for node in nodes:
                run.definition(node)
        elif nodes.name == "TestEntry":
            nodes[0].summarise("test-identity")
    if nodes is not None:
        run.end(nodes[0])


@dataclass
class _Run:
    out: Extract
    failures: Failures = field(default_factory=Failures)
    test_losses: Losses = field(default_factory=lambda: Losses(_TEST_DROPS, _TEST_DETAIL))
    definition_losses: Losses = field(default_factory=lambda: Losses(summarises=_DEFINITION_DETAIL))
    method_losses: Losses = field(default_factory=lambda: Losses(summarises=_METHOD_DETAIL))
    cases: list[tuple[Located, Texts, dict[str, Cells]]] = field(default_factory=list)  # with the ids of their tests
    classes: dict[str, str] = field(default_factory=dict)
    listed: Listed = field(default_factory=Listed)

    def results(self, nodes: XmlNodes) -> None:
        """Notes neighbours. Only their places are kept: the elements hold the tests' output."""
        self.test_losses.apply(nodes)
        above = nodes.group.parent
        if above is None or above.name not in ("Results", "InnerResults"):
            for node in nodes:
                self.out.drift(node, "a result in Results or InnerResults")
        outcomes = [outcome or "absent" for outcome in nodes.texts("outcome")]
        names, tests, durations = nodes.texts("testName", required=True), nodes.texts("testId"), nodes.texts("duration")
        wholes = _are_wholes(nodes)
        explained = {at for at, element in nodes.group.elements.items() if self.failures.explained(element)}
        are_cases = [
            not whole or not (at in explained or outcome in _NOT_FAILED)
            for at, (whole, outcome) in enumerate(zip(wholes, outcomes, strict=True))
        ]
        alone = "part" if above is not None and above.name == "InnerResults" else "test"
        locators = nodes.locators
        kinds = [f"{_kind(outcome)} {'whole' if whole else alone}" for whole, outcome in zip(wholes, outcomes, strict=True)]
        self.listed.add_each(kinds, locators)
        if any(is_case and outcome not in _NOT_FAILED for is_case, outcome in zip(are_cases, outcomes, strict=True)):
            self.failures.case(nodes[0].element)
        cells: dict[str, Cells] = {"name": names, "status": outcomes, "duration_s": self._seconds(nodes, durations, are_cases)}
        if not all(are_cases):
            locators, tests = list(compress(locators, are_cases)), list(compress(tests, are_cases))
            cells = {name: list(compress(column, are_cases)) for name, column in cells.items() if isinstance(column, Sequence)}
        self.cases.append((Located(locators), tests, cells))

    def definition(self, node: XmlNode) -> None:
        """Which class a test is of; the definitions stand behind the results."""
        self.definition_losses.apply(node)
        for method in node.children("TestMethod"):
            self.method_losses.apply(method)
            name, test = method.text("className"), node.text("id", required=True)  # a class that could not be cleaned up has none
            if name and test:
                self.classes[test] = name.partition(",")[0].strip()

    def end(self, root: XmlNode) -> None:
        out = self.out
        for places, tests, cells in self.cases:
            suites = [self.classes.get(test or "") for test in tests]
            out.rows("test_cases", places, {**cells, "vocabulary": "trx-outcome", "suite": suites})
        for times in root.children("Times"):
            out.claim("started_at", times.attribute("start"), required=True)
            out.claim("finished_at", times.attribute("finish"), required=True)
        for unknown in (result for results in root.children("Results") for result in results.children()):
            out.drift(unknown, f"one of {', '.join(_RESULTS)}")
        summary = next(root.children("ResultSummary"), None)
        if summary is None:
            out.drift(root, "an element ResultSummary")
        else:
            self._summary(summary, explained=self.failures.explained(root.element))
        if not any(len(places) for places, _, _ in self.cases):
            out.problem(Code.EVIDENCE_EMPTY, "the report holds no test result; no test run is not a passed test run", root)

    def _summary(self, summary: XmlNode, *, explained: bool) -> None:
        place = summary.attribute("outcome")
        self.out.claim("verdict", place, vocabulary="trx-run-outcome", required=True)
        if isinstance(place.raw, str) and place.raw not in _NOT_FAILED and not explained:
            self.out.row("test_cases", summary, name="the run as a whole", status=place.raw, vocabulary="trx-outcome")
        for counters in summary.children("Counters"):
            self.out.row(
                "test_suites",
                counters,
                tests=counters.integer("total"),
                passed=counters.integer("passed"),
                failed=counters.integer("failed"),
                errors=counters.integer("error"),
                skipped=counters.integer("notExecuted"),
            )
            self._compare(counters)
        if place.raw in ("Passed", "Completed") and (broken := self.failed_at()):
            what = f"the run is {place.raw}, but a result failed at {broken}"
            self.out.problem(Code.CONTRADICTION, what, place, expected="Failed", found=str(place.raw))

    def _compare(self, counters: XmlNode) -> None:
        """Counters are of the tests with their parts alone, of the tests alone, or of everything. ``notExecuted`` is often left at 0."""
        failed = [counters.integer(name) or 0 for name in ("failed", "error", "timeout", "aborted")]
        for key, declared, kinds in (
            ("total", counters.integer("total"), ("passed", "failed", "other")),
            ("passed", counters.integer("passed"), ("passed",)),
            ("failed", sum(failed), ("failed",)),
        ):
            ways = tuple(tuple(f"{kind} {part}" for kind in kinds for part in parts) for parts in _WAYS)
            compare(self.out, counters.attribute(key), declared, key if key != "total" else "results", ways, self.listed)

    def failed_at(self) -> str | None:
        """Where the first result stands that failed."""
        return next((self.listed.first[kind] for kind in ("failed test", "failed part") if kind in self.listed.first), None)

    def _seconds(self, nodes: XmlNodes, durations: Texts, are_cases: Sequence[bool]) -> Texts:
        seconds = {text: text and clock_seconds(text) for text in set(durations)}
        if not all(seconds[text] for text in seconds if text):
            for at, (text, is_case) in enumerate(zip(durations, are_cases, strict=True)):
                if is_case and text and seconds[text] is None:
                    self.out.drift(nodes[at].attribute("duration"), "a duration hh:mm:ss")
        return [seconds[text] for text in durations]


def _are_wholes(nodes: XmlNodes) -> list[bool]:
    """Of each result, whether it holds its parts."""
    found = [False] * len(nodes)
    for at, element in nodes.group.elements.items():
        found[at] = any(inner.within for inner in element.children if inner.name == "InnerResults")
    return found


def _kind(outcome: str) -> str:
    return "passed" if outcome == "Passed" else "failed" if outcome in _FAILED else "other"


_COUNTERS = "/TestRun/ResultSummary/Counters"
_OTHER = ("executed", "timeout", "aborted", "inconclusive", "passedButRunAborted", "notRunnable", "disconnected", "warning", "completed")

READER = Reader(
    source="test_reports",
    format="trx",
    title="Visual Studio test results (TRX)",
    reference="vstst.xsd of Visual Studio; microsoft/vstest src/Microsoft.TestPlatform.Extensions.TrxLogger",
    encodings=(XML,),
    media_type="application/xml",
    recognise=recognise,
    read=read,
    versions=("2006", "2010"),
    revision=2,
    drops={
        "run-settings": ("/TestRun/TestSettings/**", "/TestRun/TestRunConfiguration/**", "/TestRun/Build/**"),
        "build-machine": ("/TestRun/@name", "/TestRun/@runUser"),
        "test-output": ("/TestRun/ResultSummary/Output/**", "/TestRun/ResultSummary/RunInfos/**"),
        "attachments": ("/TestRun/ResultSummary/CollectorDataEntries/**", "/TestRun/ResultSummary/ResultFiles/**"),
    },
    summarises={
        "run-detail": ("/TestRun/@id", "/TestRun/Times/@creation", "/TestRun/Times/@queuing", "/TestRun/TestLists/**"),
        "summary-detail": tuple(f"{_COUNTERS}/@{name}" for name in (*_OTHER, "inProgress", "pending")),
    },
)
