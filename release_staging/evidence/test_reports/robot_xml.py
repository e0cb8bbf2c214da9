"""Robot Framework's output.xml.

A test's status is that of its own ``status`` element (``PASS FAIL SKIP``, vocabulary ``robot-status``); those of the keywords below
it are its steps. A suite that failed although no test below it did (its tear-down failed, which Robot writes into no test) is a case
by itself. Before version 7 a time is ``20261120 10:14:00.123``, local and without a zone, and a status has an end instead of a
duration. What a run is told about the candidate stands in the metadata of the outermost suite.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

from release_staging.evidence.elements import XmlNode, XmlValue
from release_staging.evidence.ledger import SUMMARISED
from release_staging.evidence.reader import XML, Extract, Head, Reader, XmlDocument
from release_staging.evidence.test_reports.nesting import Failures, Losses
from release_staging.evidence.test_reports.totals import Listed, compare
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code

VOCABULARY = "robot-status"
_GENERATOR = re.compile(r"(?:Robot|Rebot) (?P<version>\d\S*)")
_OLD = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2}) (?P<time>\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?)\Z")
_STEPS = ("kw", "for", "while", "if", "try", "group", "variable", "return", "break", "continue", "error", "msg")
_DROPS = {
    "test-steps": _STEPS,  # with their arguments and messages, which may hold secrets
    "test-detail": ("doc", "tags", "tag", "timeout", "@id", "@line", "@source", "@timeout", "text()"),
}
_STATUS = {"failure-detail": ("text()",), "test-detail": ("@critical", "@end", "@endtime", "@start", "@starttime", "@elapsed")}
_KINDS = {"pass": "passed", "fail": "failed", "skip": "skipped"}
_METADATA = {
    "version": "candidate.version",
    "commit": "candidate.commit",
    "branch": "candidate.branch",
    "environment": "environment.observed",
}


def recognise(head: Head) -> str | None:
    root = head.root
    fits = root.name == "robot" and not root.namespace and _GENERATOR.match(root.attributes.get("generator", ""))
    return root.attributes.get("schemaversion", "") if fits else None


def read(document: XmlDocument, out: Extract) -> None:
    report = _Report(out)
    node: XmlNode | None = None
    for node in document.stream("test", "suite", wanted={"test": ["status"], "suite": ["status", "meta", "metadata", "stat"]}):
        if node.name == "test":
            report.test(node)
        elif node.name == "suite" and not _is_statistics(node):
            report.suite(node)
    if node is not None:
        report.end(node)


@dataclass
class _Report:
    out: Extract
    cases: int = 0
    name: str | None = None  # of the outermost suite
    failures: Failures = field(default_factory=Failures)
    losses: Losses = field(default_factory=lambda: Losses(_DROPS))
    of_status: Losses = field(default_factory=lambda: Losses(_STATUS))
    listed: Listed = field(default_factory=Listed)

    def test(self, node: XmlNode) -> None:
        above = node.parent
        self.listed.add(self._row(node, above.text("name") if above is not None else None), node)

    def suite(self, node: XmlNode) -> None:
        self.losses.apply(node)
        self.name = node.text("name")
        status = self._status(node)
        if status is not None and status.text("status") == "FAIL" and not self.failures.explained(node.element):
            self._row(node, self.name)
        outermost = node.parent is not None and node.parent.name == "robot"
        self._metadata(node, outermost)
        if outermost and status is not None:
            self.out.claim("verdict", status.attribute("status"), vocabulary=VOCABULARY, required=True)
            _claim_time("started_at", _given(status, "start", "starttime"), self.out)
            _claim_time("finished_at", status.attribute("endtime"), self.out)

    def _metadata(self, suite: XmlNode, outermost: bool) -> None:
        for held in suite.children("meta", "metadata"):
            for item in held.children("item") if held.name == "metadata" else (held,):
                claim = _METADATA.get((item.text("name") or "").lower())
                if outermost and claim:
                    self.out.claim(claim, item.content())
                item.shape.child("text()").mark(SUMMARISED, "metadata-by-name")

    def end(self, root: XmlNode) -> None:
        out, generator = self.out, root.attribute("generator")
        root.text("schemaversion")
        version = _GENERATOR.match(str(generator.raw))
        out.claim("tool.name", generator, value="Robot Framework", confidence=Confidence.DERIVED, loss="told by the generator")
        if version:
            out.claim("tool.version", generator, value=version["version"], confidence=Confidence.DERIVED, loss="taken out of the generator")
        _claim_time("produced_at", _given(root, "generated"), out)
        stats = [stat for held in root.children("statistics") for total in held.children("total") for stat in total.children("stat")]
        for stat in stats[-1:]:  # before version 4 that of the critical tests stands before that of all
            counts = {kind: stat.integer(kind) for kind in _KINDS}
            out.row("test_suites", stat, {_KINDS[kind]: count for kind, count in counts.items()}, name=self.name)
            for kind, count in counts.items():
                compare(out, stat.attribute(kind), count, f"tests with {kind.upper()}", ((kind.upper(),),), self.listed)
        if not self.cases:
            out.problem(Code.EVIDENCE_EMPTY, "the report holds no test; no test run is not a passed test run", root)

    def _row(self, node: XmlNode, suite: str | None) -> str:
        """A row for a test, or for a suite that failed by itself. Returns its status."""
        self.losses.apply(node)
        self.cases += 1
        status = self._status(node)
        word = (status.text("status", required=True) if status is not None else None) or "absent"
        if word == "FAIL":
            self.failures.case(node.element)
        self.out.row(
            "test_cases",
            node,
            suite=suite,
            name=node.text("name", required=True),
            status=word,
            vocabulary=VOCABULARY,
            duration_s=_duration(status) if status is not None else None,
        )
        return word

    def _status(self, node: XmlNode) -> XmlNode | None:
        """The status of a test or suite: the last, for it stands behind all that ran."""
        found = list(node.children("status"))
        if not found:
            self.out.drift(XmlValue(node.locator, None, node.shape), "a status")
            return None
        self.of_status.apply(found[-1])
        return found[-1]


def _is_statistics(suite: XmlNode) -> bool:
    above = suite.element.parent
    return above is not None and above.name == "statistics"


def _given(node: XmlNode, *names: str) -> XmlValue:
    """The first of these attributes that the element has."""
    return node.attribute(next((name for name in names if name in node.element.attributes), names[0]))


def _claim_time(name: str, place: XmlValue, out: Extract) -> None:
    old = _OLD.match(str(place.raw))
    if old:
        value = f"{old['year']}-{old['month']}-{old['day']}T{old['time']}"
        out.claim(name, place, value=value, confidence=Confidence.DERIVED, loss="written as ISO 8601")
    else:
        out.claim(name, place)


def _duration(status: XmlNode) -> str | None:
    elapsed = status.text("elapsed")
    if elapsed is not None:
        return elapsed
    start, end = (_moment(status.text(name)) for name in ("starttime", "endtime"))
    return f"{(end - start).total_seconds():g}" if start is not None and end is not None else None


def _moment(text: str | None) -> datetime | None:
    try:
        return datetime.strptime(text or "", "%Y%m%d %H:%M:%S.%f").replace(tzinfo=UTC)
    except ValueError:  # a time that is not known is written N/A
        return None


READER = Reader(
    source="test_reports",
    format="robot-xml",
    title="Robot Framework output",
    reference="robotframework doc/schema robot.xsd, schemaversion 2 to 5; Robot Framework 3 to 7",
    encodings=(XML,),
    media_type="application/xml",
    recognise=recognise,
    read=read,
    versions=("", "2", "3", "4", "5"),
    drops={
        "run-log": ("/robot/errors/**",),
        "run-detail": ("/robot/@rpa",),
    },
    summarises={"statistics": ("/robot/statistics/tag/**", "/robot/statistics/suite/**", "/robot/statistics/total/stat/text()")},
)
