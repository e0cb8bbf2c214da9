"""xUnit.net results, v2 and v3 (root ``assemblies``, or one bare ``assembly``).

A status is ``@result`` (``Pass Fail Skip NotRun``, vocabulary ``xunit-result``). What breaks outside any test (a fixture, a clean-up)
stands in ``errors`` of the assembly: each is a case, named by what kind of thing broke, with the status ``error``, this
reader's word for it. Version 3 is the newer schema, which v3 writes and which tells itself by its attributes. v2 writes
``@timestamp`` in the machine's locale: times are taken from the round-trip attributes of v3, or from ``@run-date`` and
``@run-time``, which have no zone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from release_staging.evidence.elements import XmlNode
from release_staging.evidence.reader import XML, Extract, Head, Reader, XmlDocument
from release_staging.evidence.test_reports.nesting import Losses
from release_staging.evidence.test_reports.totals import Nested, compare
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code

_V3 = {"schema-version", "id", "start-rtf", "finish-rtf"}
_BARE = {"run-date", "test-framework", "config-file", "environment"}  # of an assembly; .NET has other documents with this root
_READ = ("test", "error", "collection", "class", "assembly")

_TOTALS = {"total": "test", "passed": "Pass", "failed": "Fail", "skipped": "Skip", "errors": "error"}  # what each is the number of
_TEST_DROPS = {
    "test-output": ("output", "attachments", "warnings"),  # may hold secrets
    "failure-detail": ("failure", "reason"),
}
_TEST_DETAIL = {
    "test-detail": ("@id", "@method", "@source-file", "@source-line", "@start-rtf", "@finish-rtf", "@time-rtf", "traits"),
}
_COLLECTION_DETAIL = {
    "collection-detail": ("@id", "@total", "@passed", "@failed", "@skipped", "@not-run", "@time", "@time-rtf"),
}
_ASSEMBLY_DROPS = {"build-machine": ("@config-file", "@computer", "@user", "@environment", "@target-framework")}
_ASSEMBLY_DETAIL = {
    "assembly-detail": ("@id", "@run-date", "@run-time", "@time-rtf", "@not-run", "@finish-rtf", "@start-rtf", "@schema-version")
}
_ROOT_DROPS = {"build-machine": ("@computer", "@user")}
_ROOT_DETAIL = {"run-detail": ("@id", "@schema-version", "@timestamp")}


def recognise(head: Head) -> str | None:
    root = head.root
    if root.namespace or not (root.name == "assemblies" or (root.name == "assembly" and root.attributes.keys() & _BARE)):
        return None
    return "3" if root.attributes.keys() & _V3 else "2"


def read(document: XmlDocument, out: Extract) -> None:
    report = _Report(out)
    node: XmlNode | None = None
    for node in document.stream(*_READ, wanted=dict.fromkeys(_READ, ())):
        if node.name == "test":
            report.test(node)
        elif node.name == "error":
            report.error(node)
        elif node.name in ("collection", "class"):
            report.collections.apply(node)
            node.text("name")
        elif node.name == "assembly":
            report.assembly(node)
    if node is not None:
        report.end(node)


@dataclass
class _Report:
    out: Extract
    cases: int = 0
    timed: bool = False
    tools: set[str] = field(default_factory=set)
    listed: Nested = field(default_factory=lambda: Nested("assembly"))
    tests: Losses = field(default_factory=lambda: Losses(_TEST_DROPS, _TEST_DETAIL))
    errors: Losses = field(default_factory=lambda: Losses(_TEST_DROPS))
    collections: Losses = field(default_factory=lambda: Losses(summarises=_COLLECTION_DETAIL))
    assemblies: Losses = field(default_factory=lambda: Losses(_ASSEMBLY_DROPS, _ASSEMBLY_DETAIL))
    roots: Losses = field(default_factory=lambda: Losses(_ROOT_DROPS, _ROOT_DETAIL))

    def test(self, node: XmlNode) -> None:
        self.tests.apply(node)
        word = node.text("result", required=True) or "absent"
        around = self.listed.around(node)
        around.add("test" if word != "NotRun" else "not run", node)
        around.add(word, node)
        self._row(node, node.text("name", required=True), node.text("type"), word)

    def error(self, node: XmlNode) -> None:
        self.errors.apply(node)
        self.listed.around(node).add("error", node)
        self._row(node, node.text("type", required=True), node.text("name"), "error")

    def assembly(self, node: XmlNode) -> None:
        self.assemblies.apply(node)
        self.out.row(
            "test_suites",
            node,
            name=_file_name(node.text("name")),
            tests=node.integer("total"),
            passed=node.integer("passed"),
            failed=node.integer("failed"),
            errors=node.integer("errors"),
            skipped=node.integer("skipped"),
            duration_s=node.text("time"),
            started_at=node.text("start-rtf") or node.text("run-date"),
        )
        everything, _ = self.listed.end(node)
        for key, kind in _TOTALS.items():
            ways = ((kind,), (kind, "not run")) if key == "total" else ((kind,),)
            compare(self.out, node.attribute(key), node.integer(key), key if key != "total" else "tests", ways, everything)
        self._tool(node)
        if not self.timed:
            self.timed = self._times(node)

    def end(self, root: XmlNode) -> None:
        if root.name == "assemblies":
            self.roots.apply(root)
            if root.element.attributes.keys() & {"start-rtf", "finish-rtf"}:
                self._times(root)
            elif not self.timed:
                self.out.claim("produced_at", root.attribute("timestamp"))
        if not self.cases:
            self.out.problem(Code.EVIDENCE_EMPTY, "the report holds no test; no test run is not a passed test run", root)

    def _times(self, node: XmlNode) -> bool:
        """Claims when the run, or the first assembly of it, began and ended."""
        out, above = self.out, node.element.parent
        if above is not None and above.attributes.keys() & {"start-rtf", "finish-rtf"}:
            return False
        if node.element.attributes.keys() & {"start-rtf", "finish-rtf"}:
            out.claim("started_at", node.attribute("start-rtf"))
            out.claim("finished_at", node.attribute("finish-rtf"))
            return True
        date, time = node.text("run-date"), node.text("run-time")
        if date and time:
            loss = "date and time of the first assembly stand in two attributes"
            out.claim("started_at", node.attribute("run-date"), value=f"{date}T{time}", confidence=Confidence.DERIVED, loss=loss)
        return bool(date and time)

    def _tool(self, node: XmlNode) -> None:
        place = node.attribute("test-framework")
        text = (node.text("test-framework") or "").strip()
        if not text or str(place.raw) in self.tools:
            return
        self.tools.add(str(place.raw))
        name, _, version = text.rpartition(" ")
        if not name or not version[:1].isdigit():
            name, version = text, ""
        loss = "name and version stand in one text"
        self.out.claim("tool.name", place, value=name, confidence=Confidence.DERIVED, loss=loss)
        if version:
            self.out.claim("tool.version", place, value=version, confidence=Confidence.DERIVED, loss=loss)

    def _row(self, node: XmlNode, name: str | None, suite: str | None, word: str) -> None:
        self.cases += 1
        self.out.row("test_cases", node, suite=suite, name=name, status=word, vocabulary="xunit-result", duration_s=node.text("time"))


def _file_name(path: str | None) -> str | None:
    """The assembly's file without the build machine's folders."""
    return re.split(r"[\\/]", path)[-1] if path else path


READER = Reader(
    source="test_reports",
    format="xunit-xml",
    title="xUnit.net v2 and v3 test results",
    reference="xUnit.net v2 XML format and v3 XML format, xunit.net/docs",
    encodings=(XML,),
    media_type="application/xml",
    recognise=recognise,
    read=read,
    versions=("2", "3"),
    revision=2,
)
