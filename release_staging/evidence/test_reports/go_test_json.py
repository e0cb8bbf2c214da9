"""``go test -json`` (JSON Lines; test2json): one event a line.

The last event of a test is its result: ``pass``, ``fail``, ``skip`` (vocabulary ``go-test-action``). Tests with subtests are cases
beside them, as Go counts them. A test that began and has no last event died with its package: its status is ``unfinished``,
this reader's word for it. A package that failed without a failing test (it does not build, it panicked outside a test) is a case
by itself; one without test files (``skip``) is none.

Go before 1.24, and a shell that joins both outputs, write plain lines between the events. What does not build stands only there
(``FAIL\tpackage [build failed]``) and is a case by itself too; that there are others, or a last line that broke off, is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from release_staging.evidence.extract import Cells
from release_staging.evidence.inventory import Items, Texts, read_several
from release_staging.evidence.reader import JSON, JSON_LINES, TEXT, Extract, Head, Reader, TextDocument, Tree
from release_staging.evidence.tree import Node
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code
from release_staging.parsing import json
from release_staging.parsing.limits import Reason, Unreadable

_ENDS = {"pass", "fail", "skip"}
_SILENT = {"start", "run", "pause", "cont", "output", "bench", "attr", "artifacts"}
_BUILD = {"build-output", "build-fail"}
_NOT_OF_TESTS = {"output", *_BUILD}

_NOT_BUILT = re.compile(r"FAIL\t(\S+) (\[(?:build|setup) failed\])\Z")
_HEAD = 200  # lines that recognition looks at


def recognise(head: Head) -> str | None:
    if head.encoding == TEXT:
        lines = [line for line in head.root[:_HEAD] if line.strip()]
        return "" if 2 * sum(_holds_event(line) for line in lines) >= max(len(lines), 1) else None
    action = head.text("Action")
    known = (action in _ENDS | _SILENT and head.text("Package")) or (action in _BUILD and head.text("ImportPath"))
    return "" if known else None


def _holds_event(line: str) -> bool:
    if not line.startswith("{"):
        return False
    try:
        return recognise(Head(JSON, json.parse(line.encode()))) is not None
    except Unreadable:
        return False


def read(source: Tree | TextDocument, out: Extract) -> None:
    stream = _Stream()
    cases = _plain_lines(source, out) if isinstance(source, TextDocument) else 0
    for events, ends in read_several(source.roots if isinstance(source, Tree) else _events(source), stream.take):
        cases += sum(ends.are_cases)
        out.rows("test_suites", events, {"name": ends.packages, "duration_s": ends.elapsed}, ends.are_suites)
        names = [test or package for test, package in zip(ends.tests, ends.packages, strict=True)]
        of_case: dict[str, Cells] = {"suite": ends.packages, "name": names, "status": ends.actions, "duration_s": ends.elapsed}
        out.rows("test_cases", events, {**of_case, "vocabulary": "go-test-action"}, ends.are_cases)
    for package, tests in stream.running.items():
        for test, event in tests.items():
            cases += 1
            out.row("test_cases", event, suite=package, name=test or package, status="unfinished", vocabulary="go-test-action")
    for name, edge, which in (("started_at", stream.first, "first"), ("finished_at", stream.last, "last")):
        if edge is not None:
            out.claim(name, edge["Time"], confidence=Confidence.DERIVED, loss=f"time of the {which} event")
    if not cases:
        out.problem(Code.EVIDENCE_EMPTY, "the stream holds no test; no test run is not a passed test run")


@dataclass(frozen=True)
class _Ends:
    """Of events: what each says, and which are the last of a package, and which make a case."""

    actions: Texts
    packages: Texts
    tests: Texts
    elapsed: Texts
    are_suites: Sequence[bool]
    are_cases: Sequence[bool]


@dataclass
class _Stream:
    """What the events so far have left open: the tests that run, by package, and the packages of which a test failed."""

    running: dict[str, dict[str | None, Node]] = field(default_factory=dict)
    failing: set[str] = field(default_factory=set)
    first: Node | None = None  # event with a time
    last: Node | None = None

    def take(self, events: Items) -> _Ends:
        actions = events.text("Action", required=True)
        events.where([action == "build-fail" for action in actions]).text("ImportPath", required=True)
        of_tests = events.where([action not in _NOT_OF_TESTS for action in actions])
        packages, tests = of_tests.text("Package", required=True), of_tests.text("Test")
        self._note_times(of_tests)
        said = list(zip(actions, packages, tests, strict=True))
        are_ends = [action in _ENDS and package is not None for action, package, _ in said]
        elapsed = events.where(are_ends).number("Elapsed")
        are_cases = [
            action is not None and package is not None and self._makes_case(events, number, action, package, test)
            for number, (action, package, test) in enumerate(said)
        ]
        are_suites = [is_end and test is None for is_end, test in zip(are_ends, tests, strict=True)]
        return _Ends(actions, packages, tests, elapsed, are_suites, are_cases)

    def _note_times(self, events: Items) -> None:
        timed = [number for number, time in enumerate(events.text("Time")) if time is not None]
        if timed:
            self.first, self.last = self.first or events.node(timed[0]), events.node(timed[-1])

    def _makes_case(self, events: Items, number: int, action: str, package: str, test: str | None) -> bool:
        if action in _ENDS:
            return self._end(events, number, action, package, test)
        if action in ("start", "run"):
            self.running.setdefault(package, {})[test] = events.node(number)
        elif action not in _SILENT:
            events.note(number, "Action", "an action of test2json")
        return False

    def _end(self, events: Items, number: int, action: str, package: str, test: str | None) -> bool:
        """Notes the last event of a test or a package. Whether it is a case: a package that a failing test explains is none."""
        open_tests = self.running.get(package, {})
        open_tests.pop(test, None)
        if test is not None:
            if action == "fail":
                self.failing.add(package)
            return True
        explained = package in self.failing or bool(open_tests)  # the package ended before they did: that is why it failed
        self.failing.discard(package)  # it may be run again, for the tests that failed
        if action == "pass" and explained:
            what = f"package {package} passed, but a test of it failed"
            events.tell(
                number,
                lambda event: event.out.problem(Code.CONTRADICTION, what, event["Action"], expected="fail", found="pass"),
            )
        return action == "fail" and not explained


def _events(document: TextDocument) -> Iterator[Node]:
    for number in range(len(document.lines)):
        event = document.json(number)
        if event is not None:
            yield event


def _plain_lines(document: TextDocument, out: Extract) -> int:
    """Adds the packages that plain lines say were not built, and tells of the other lines. Returns how many cases that is."""
    cases, others = 0, []
    for number, line in enumerate(document.lines):
        match = _NOT_BUILT.match(line)
        if match:
            cases += 1
            document.mark(number)
            out.row("test_cases", document.span(number), suite=match[1], name=match[1], status="fail", vocabulary="go-test-action")
        elif line.strip() and not _is_json(line, number):
            others.append(number)
    if others:
        what = f"{len(others)} lines are no events of go test -json and are not read, the first of them here"
        out.problem(Code.SCHEMA_DRIFT, what, document.span(others[0]), expected="events of test2json", found="plain text")
    return cases


def _is_json(line: str, number: int) -> bool:
    """Whether the line is an event. Raises Unreadable where it is JSON beyond what is read: that is no plain line."""
    try:
        return isinstance(json.parse(line.encode()), dict)
    except Unreadable as error:
        if error.reason is Reason.TOO_DEEP:
            raise Unreadable(error.message, where=f"line {number + 1}", remedy=error.remedy, reason=error.reason) from None
        return False


READER = Reader(
    source="test_reports",
    format="go-test-json",
    title="go test -json",
    reference="cmd/test2json, Go 1.24",
    encodings=(JSON_LINES, JSON, TEXT),
    media_type="application/x-ndjson",
    recognise=recognise,
    read=read,
    revision=3,
    together=True,
    drops={"test-output": ("/Output", "/Key", "/Value", "/Path")},
    summarises={"build-detail": ("/FailedBuild", "/OutputType", "/ImportPath")},
)
