"""JUnit XML. There is no standard; this is what Surefire, pytest, gotestsum, Jest, Mocha and the others have in common.

Whose dialect it is ``junit_dialect`` tells. A case's status is the name of the child that says it
(``failure``, ``error``, ``skipped``, ``flakyFailure``, ``rerunError`` ...); without one it is ``passed``, this reader's word for
the absence. A child that no dialect is known to write is given as it is named: it is never a pass. Where there is no
child but a ``@status`` other than ``run``, that text is the status, in the vocabulary ``junit-status``.

Declared totals of nested suites stand in rows of their own; what a suite declares is compared with the cases it lists (see
``junit_totals``). Durations keep their text: they may be negative, absent or ``1,234.5``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from release_staging.evidence.elements import XmlNode, XmlNodes, XmlValue
from release_staging.evidence.ledger import DROPPED, SUMMARISED, Shape
from release_staging.evidence.reader import XML, Extract, Head, Reader, XmlDocument
from release_staging.evidence.test_reports import junit_dialect
from release_staging.evidence.test_reports.junit_totals import Totals, skipped_word
from release_staging.evidence.test_reports.properties import PROPERTIES
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code

# The child that decides, strongest first. `rerun...` alone is a test that failed again and again.
_DECISIVE = ("error", "failure", "rerunError", "rerunFailure", "skipped", "flakyError", "flakyFailure")
_SILENT = {"properties", "system-out", "system-err", "testcase", "testsuite"}  # children that say nothing of the result
_NO_WORD = {None, "run"}  # GoogleTest and Catch2 write it of every case that was run
# What the attribute `result` adds nothing with. GoogleTest before 1.11 says only there that a test was skipped.
_DONE = {"completed", "suppressed", "pass", "passed", "success", "ok"}

# Properties of a report or suite name the candidate; those of a case are about the case.
_TELLING = {*PROPERTIES, "go.version"}
_OPTIONS = "skip_results_upload"  # Checkov writes its own options as properties, among them a branch that nobody gave it

# What is left out, by rule, wherever an element of this name stands. Output and messages may hold secrets.
_SUITE_RULES = {
    "test-output": ("system-out", "system-err"),
    "failure-detail": ("failure", "error"),
    "suite-detail": (
        *(
            "@hostname",
            "@package",
            "@id",
            "@file",
            "@line",
            "@fullPackage",
            "@subpackage",
            "@assertions",
            "@disabled",
            "@warnings",
            "@log",
            "@url",
        ),
        *("@version", "@noNamespaceSchemaLocation", "@schemaLocation", "@uuid", "text()"),
    ),
}
_CASE_RULES = {
    "test-output": ("system-out", "system-err"),
    "failure-detail": ("@failure", "failure", "error", "skipped", "flakyFailure", "flakyError", "rerunFailure", "rerunError"),
    "case-detail": (
        "@file",
        "@line",
        "@lineno",
        "@column",
        "@class",
        "@assertions",
        "@timestamp",
        "@duration",
        "@id",
        "@result",
        "@value_param",
        "@type_param",
    ),
    "case-properties": ("properties",),
}


def recognise(head: Head) -> str | None:
    root = head.root
    # Check (C) puts a root of the same name in its own namespace, and quite another structure below it: see check_xml.
    if root.name not in ("testsuites", "testsuite") or "check.sourceforge.net" in root.namespace:
        return None
    return junit_dialect.dialect_of(root)


def read(document: XmlDocument, out: Extract) -> None:
    report = _Report(out)
    nodes: XmlNodes | None = None
    for nodes in document.grouped("testcase", "testsuite", wanted={"testcase": ["properties"]}):
        if nodes.name == "testcase":
            report.cases(nodes)
        else:
            for suite in nodes:
                report.suite(suite)
    if nodes is not None:
        report.end(nodes[0])


@dataclass
class _Report:
    out: Extract
    totals: Totals = field(init=False)
    found: int = 0  # cases
    started: XmlValue | None = None
    claimed: set[tuple[str, str]] = field(default_factory=set)
    ruled: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.totals = Totals(self.out)

    def end(self, root: XmlNode) -> None:
        """What only the whole report tells: when it began, who wrote it, whether it holds anything."""
        own = root.attribute("timestamp")
        if own.raw:
            self.out.claim("started_at", own)
        elif self.started is not None:
            loss = "time of the first suite; the report itself has none"
            self.out.claim("started_at", self.started, confidence=Confidence.DERIVED, loss=loss)
        if not self.found:
            self.out.problem(Code.EVIDENCE_EMPTY, "the report holds no test case; no test run is not a passed test run", root)

    def _apply(self, shape: Shape, rules: dict[str, tuple[str, ...]]) -> None:
        """Declares what is left out below an element of this shape, once a shape."""
        if id(shape) not in self.ruled:
            self.ruled.add(id(shape))
            for rule, names in rules.items():
                for name in names:
                    shape.child(name).mark(DROPPED, rule)

    def suite(self, suite: XmlNode) -> None:
        self._apply(suite.shape, _SUITE_RULES)
        name = suite.text("name")
        if suite.name == "testsuite" or suite.element.attributes.keys() & {"tests", "failures", "errors", "time"}:
            self.out.row(
                "test_suites",
                suite,
                name=name,
                tests=suite.integer("tests"),
                failed=suite.integer("failures"),
                errors=suite.integer("errors"),
                skipped=suite.integer(skipped_word(suite)),
                duration_s=suite.text("time"),
                started_at=suite.text("timestamp"),
            )
        if self.started is None and suite.text("timestamp"):
            self.started = suite.attribute("timestamp")
        tool = junit_dialect.TOOLS.get(junit_dialect.named(suite.element) or "")
        if tool and ("tool.name", tool) not in self.claimed:
            self.claimed.add(("tool.name", tool))
            loss = "told by the name of the report or a suite"
            self.out.claim("tool.name", suite.attribute("name"), value=tool, confidence=Confidence.DERIVED, loss=loss)
        for properties in suite.children("properties"):
            self._properties(properties)
        # A suite that broke outside any case: its error would otherwise be in no case.
        for broken in suite.children("error", "failure"):
            self.found += 1
            self.totals.outside(broken)
            self.out.row("test_cases", broken, suite=name, name=name, status=broken.name, vocabulary="junit-case")
        self.totals.suite(suite)

    def _properties(self, properties: XmlNode) -> None:
        for props in properties.groups("property"):
            names = [(name or "").lower() for name in props.raw("name")]
            if _OPTIONS not in names and not _TELLING.isdisjoint(names):
                for prop in props:
                    self._property(prop)
        for segment in ("@name", "@value", "text()"):
            properties.shape.child("property").child(segment).mark(SUMMARISED, "properties-by-name")

    def _property(self, prop: XmlNode) -> None:
        name = prop.element.attributes.get("name", "")
        claim = PROPERTIES.get(name.lower())
        if claim is None and name != "go.version":
            return
        place = prop.attribute("value") if "value" in prop.element.attributes else prop.content()
        if claim and (claim, str(place.raw)) not in self.claimed:
            self.claimed.add((claim, str(place.raw)))
            self.out.claim(claim, place)
        if name == "go.version" and ("tool.version", str(place.raw)) not in self.claimed:
            self.claimed.add(("tool.version", str(place.raw)))
            loss = "told by the property go.version"
            self.out.claim("tool.name", prop.attribute("name"), value="go test", confidence=Confidence.DERIVED, loss=loss)
            self.out.claim("tool.version", place)

    def cases(self, cases: XmlNodes) -> None:
        self._apply(cases.shape, _CASE_RULES)
        self.found += len(cases)
        above, within = cases.group.parent, cases.group.within
        suite = above.attributes.get("name") if above is not None else None
        names, groups = _names(cases), cases.texts("classname")
        texts = cases.texts("status")
        if any(cases.raw("result")):
            outcomes = [(outcome or "").lower() for outcome in cases.texts("result")]
            texts = [
                outcome if said in _NO_WORD and outcome and outcome not in _DONE else said
                for said, outcome in zip(texts, outcomes, strict=True)
            ]
        telling = range(len(cases)) if any(texts) else cases.group.holding
        passed, in_words, never = _result(None, ())
        status, vocabulary, flaky = [passed] * len(cases), [in_words] * len(cases), [never] * len(cases)
        results = {one: _result(*one) for one in {(texts[at], within[at]) for at in telling}}
        for at in telling:
            status[at], vocabulary[at], flaky[at] = results[texts[at], within[at]]
        self.totals.cases(cases, status, within, telling)
        self.out.rows(
            "test_cases",
            cases,
            {
                "suite": suite,
                "name": [
                    f"{group}.{name}" if name and group and group != suite and group not in name else name or group
                    for name, group in zip(names, groups, strict=True)
                ],
                "status": status,
                "vocabulary": vocabulary,
                "duration_s": cases.texts("time"),
                "flaky": flaky,
            },
        )


def _names(cases: XmlNodes) -> Sequence[str | None]:
    """What broke before any test of a class (``@BeforeAll``) stands in a case whose name is empty."""
    if None in cases.raw("name"):
        return [case.text("name", required="name" not in case.element.attributes) for case in cases]
    return cases.texts("name")


def _result(said: str | None, within: tuple[str, ...]) -> tuple[str, str, bool]:
    """The word for the result of a case that says ``said`` and holds elements of these names, its vocabulary, and whether it is flaky."""
    children = {*within} - _SILENT
    for word in (*_DECISIVE, *sorted(children)):
        if word in children:
            return word, "junit-case", word.startswith("flaky")
    if said is None or said in _NO_WORD:
        return "passed", "junit-case", False
    return said, "junit-status", said.startswith("flaky")


READER = Reader(
    source="test_reports",
    format="junit-xml",
    title="JUnit XML report",
    reference="no standard; maven-surefire surefire-test-report-3.0.xsd, jenkins-junit.xsd, and the writers' own source",
    encodings=(XML,),
    media_type="application/xml",
    recognise=recognise,
    read=read,
    dialects=junit_dialect.DIALECTS,
    revision=6,
)
