"""``go test -json`` (JSON Lines; test2json): one event a line.

The last event of a test is its result: ``pass``, ``fail``, ``skip`` (vocabulary ``go-test-action``). Tests with subtests are cases
beside them, as Go counts them. A test that began and has no last event died with its package: its status is ``unfinished``,
this reader's word for it. A package that failed without a failing test (it does not build, it panicked outside a test) is a case
by itself; one without test files (``skip``) is none.
"""

from __future__ import annotations

from release_staging.evidence.reader import JSON, JSON_LINES, Extract, Head, Reader, Tree
from release_staging.evidence.tree import Node
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code

_ENDS = {"pass", "fail", "skip"}
_SILENT = {"start", "run", "pause", "cont", "output", "bench", "attr", "artifacts"}
_BUILD = {"build-output", "build-fail"}


def recognise(head: Head) -> str | None:
    action = head.text("Action")
    known = (action in _ENDS | _SILENT and head.text("Package")) or (action in _BUILD and head.text("ImportPath"))
    return "" if known else None


def read(tree: Tree, out: Extract) -> None:
    running: dict[str, dict[str | None, Node]] = {}
    failing: set[str] = set()
    first: Node | None = None
    last: Node | None = None
    cases = 0
    for event in tree.roots:
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
    encodings=(JSON_LINES, JSON),
    media_type="application/x-ndjson",
    recognise=recognise,
    read=read,
    revision=2,
    together=True,
    drops={"test-output": ("/Output", "/Key", "/Value", "/Path")},
    summarises={"build-detail": ("/FailedBuild", "/OutputType", "/ImportPath")},
)
