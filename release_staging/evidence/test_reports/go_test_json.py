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
from collections.abc import Iterator

from release_staging.evidence.reader import JSON, JSON_LINES, TEXT, Extract, Head, Reader, TextDocument, Tree
from release_staging.evidence.tree import Node
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code
from release_staging.parsing import json
from release_staging.parsing.limits import Unreadable

_ENDS = {"pass", "fail", "skip"}
_SILENT = {"start", "run", "pause", "cont", "output", "bench", "attr", "artifacts"}
_BUILD = {"build-output", "build-fail"}


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
    running: dict[str, dict[str | None, Node]] = {}
    failing: set[str] = set()
    first: Node | None = None
    last: Node | None = None
    cases = 0
    if isinstance(source, TextDocument):
        cases += _plain_lines(source, out)
    for event in source.roots if isinstance(source, Tree) else _events(source):
        action = event.text("Action", required=True)
        if action == "output" or action in _BUILD:
            if action == "build-fail":
                event.text("ImportPath", required=True)
            continue
        package, test = event.text("Package", required=True), event.text("Test")
        if event.text("Time"):
            first, last = first or event, event
        if action is None or package is None:
            continue
        if action in _ENDS:
            open_tests = running.get(package, {})
            open_tests.pop(test, None)
            if test is None and open_tests:  # the package ended before they did: that is why it failed
                failing.add(package)
            cases += _end(event, action, package, test, failing, out)
        elif action in ("start", "run"):
            running.setdefault(package, {})[test] = event
        elif action not in _SILENT:
            out.drift(event["Action"], "an action of test2json")
    for package, tests in running.items():
        for test, event in tests.items():
            cases += 1
            out.row("test_cases", event, suite=package, name=test or package, status="unfinished", vocabulary="go-test-action")
    for field, edge, which in (("started_at", first, "first"), ("finished_at", last, "last")):
        if edge is not None:
            out.claim(field, edge["Time"], confidence=Confidence.DERIVED, loss=f"time of the {which} event")
    if not cases:
        out.problem(Code.EVIDENCE_EMPTY, "the stream holds no test; no test run is not a passed test run")


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
        elif line.strip() and not _is_json(line):
            others.append(number)
    if others:
        what = f"{len(others)} lines are no events of go test -json and are not read, the first of them here"
        out.problem(Code.SCHEMA_DRIFT, what, document.span(others[0]), expected="events of test2json", found="plain text")
    return cases


def _is_json(line: str) -> bool:
    try:
        return isinstance(json.parse(line.encode()), dict)
    except Unreadable:
        return False


def _end(event: Node, action: str, package: str, test: str | None, failing: set[str], out: Extract) -> int:
    """Adds what the last event of a test or a package says. Returns how many cases that is."""
    elapsed = event.number("Elapsed")
    if test is None:
        out.row("test_suites", event, name=package, duration_s=elapsed)
        explained = package in failing
        failing.discard(package)  # it may be run again, for the tests that failed
        if action == "pass" and explained:
            what = f"package {package} passed, but a test of it failed"
            out.problem(Code.CONTRADICTION, what, event["Action"], expected="fail", found="pass")
        if action != "fail" or explained:
            return 0
    elif action == "fail":
        failing.add(package)
    out.row("test_cases", event, suite=package, name=test or package, status=action, vocabulary="go-test-action", duration_s=elapsed)
    return 1


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
