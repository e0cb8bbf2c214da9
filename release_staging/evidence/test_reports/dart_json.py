"""Dart and Flutter machine output (``dart test --reporter json``, ``flutter test --machine``; JSON Lines): one event a line.

A test's status is the ``result`` of its ``testDone`` (``success failure error``, vocabulary ``dart-result``), or ``skipped``, this reader's
word for the flag. Hidden tests load a file: they are cases only where they did not succeed. A test that began and was never
done is ``unfinished``. ``done.success`` is the verdict, in ``dart-success``; a stream without the event ``done`` was cut off, and
that is told.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from release_staging.evidence.reader import JSON_LINES, Extract, Head, Reader, Tree
from release_staging.evidence.test_reports.units import scaled
from release_staging.evidence.tree import Node
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code

_SILENT = {"allSuites", "group", "print", "error", "debug"}


def recognise(head: Head) -> str | None:
    if head.text("type") != "start" or not head.text("protocolVersion"):
        return None
    return head.text("protocolVersion")


def read(tree: Tree, out: Extract) -> None:
    run = _Run(out)
    for event in tree.roots:
        if type(event.raw) is dict:  # Flutter mixes events of its own in between, in arrays
            run.event(event)
    run.end()


@dataclass
class _Run:
    out: Extract
    tests: dict[int, Node] = field(default_factory=dict)
    open: set[int] = field(default_factory=set)
    suites: dict[int, str | None] = field(default_factory=dict)
    cases: int = 0
    failed: Node | None = None
    done: bool = False

    def event(self, event: Node) -> None:
        match event.text("type", required=True):
            case "start":
                version = event["runnerVersion"]
                loss = "told by the member's name"
                self.out.claim("tool.name", version, value="package:test", confidence=Confidence.DERIVED, loss=loss)
                self.out.claim("tool.version", version)
                event.text("protocolVersion")
            case "suite":
                suite = event.object("suite", required=True)
                if (number := suite.integer("id", required=True)) is not None:
                    self.suites[number] = suite.text("path")
            case "testStart":
                test = event.object("test", required=True)
                if (number := test.integer("id", required=True)) is not None:
                    self.tests[number] = event
                    self.open.add(number)
            case "testDone":
                self._done(event)
            case "done":
                self.done = True
                self.out.claim("verdict", event["success"], vocabulary="dart-success", accept=(bool,))
                if event["success"].raw is True and self.failed is not None:
                    what = f"the run is a success, but a test did not pass at {self.failed.locator}"
                    self.out.problem(Code.CONTRADICTION, what, event["success"], expected="false", found="true")
            case kind if kind not in _SILENT:
                self.out.drift(event["type"], "a type of event of the reporter")

    def end(self) -> None:
        for number in sorted(self.open):
            self._row(self.tests[number], self.tests[number], "unfinished")
        if not self.done:
            self.out.problem(Code.EVIDENCE_UNREADABLE, "the stream ends without the event `done`: the run was cut off")
        elif not self.cases:
            self.out.problem(Code.EVIDENCE_EMPTY, "the stream holds no test; no test run is not a passed test run")

    def _done(self, event: Node) -> None:
        number, result = event.integer("testID", required=True), event.text("result", required=True)
        skipped, hidden = event.flag("skipped"), event.flag("hidden")
        start = self.tests.get(-1 if number is None else number)
        if number is None or start is None:
            self.out.drift(event["testID"], "the id of a test that began")
            return
        self.open.discard(number)
        if not (hidden and result == "success"):
            self._row(event, start, "skipped" if skipped and result == "success" else result or "absent")

    def _row(self, place: Node, start: Node, status: str) -> None:
        self.cases += 1
        if status in ("failure", "error"):
            self.failed = self.failed or place
        test = start["test"]
        began, ended = start.integer("time"), place.integer("time")
        suite = test.integer("suiteID")
        self.out.row(
            "test_cases",
            place,
            suite=None if suite is None else self.suites.get(suite),
            name=test.text("name", required=True),
            status=status,
            vocabulary="dart-result",
            duration_s=None if began is None or ended is None or place is start else scaled(str(ended - began), 3),
        )


READER = Reader(
    source="test_reports",
    format="dart-test-json",
    title="Dart and Flutter test events",
    reference="dart-lang/test pkgs/test/doc/json_reporter.md, protocol 0.1.1",
    encodings=(JSON_LINES,),
    media_type="application/x-ndjson",
    recognise=recognise,
    read=read,
    revision=2,
    together=True,
    versions=("0.1.0", "0.1.1"),
    drops={
        "failure-detail": ("/error", "/stackTrace", "/isFailure"),  # may hold secrets
        "test-output": ("/message", "/messageType"),
        "flutter-events": ("/*/event", "/*/params/**", "/*/id", "/*/result/**"),
    },
    summarises={
        "run-detail": ("/pid", "/count", "/time", "/group/**", "/suite/platform"),
        "test-detail": tuple(
            f"/test/{name}" for name in ("groupIDs/**", "metadata/**", "line", "column", "url", "root_line", "root_column", "root_url")
        ),
    },
)
