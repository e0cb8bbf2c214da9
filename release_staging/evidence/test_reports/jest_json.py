"""Jest JSON (``--json``), which Vitest writes too.

A test keeps its ``status`` (vocabulary ``jest-status``); one that passed only when it was tried again (``retryReasons``,
``invocations`` above one) is ``flaky``, this reader's word for it. A file that failed without a failing test in it (it could not be
loaded, a hook threw) is a case by itself; newer Jest lists one for it, without a title, whose status is ``error``. Jest counts no
test there. ``success`` is the verdict, in ``jest-success``.
"""

from __future__ import annotations

from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.test_reports.totals import Listed, compare
from release_staging.evidence.test_reports.units import claim_milliseconds, milliseconds
from release_staging.evidence.tree import Node
from release_staging.model.exceptions import Code

_STATUSES = ("passed", "failed", "pending", "skipped", "disabled", "todo", "focused", "absent")
_TOTALS = {  # what each is the number of
    "numTotalTests": _STATUSES,
    "numPassedTests": ("passed",),
    "numFailedTests": ("failed",),
    "numPendingTests": ("pending", "skipped", "disabled"),
    "numTodoTests": ("todo",),
}
_TEST = "/testResults/*/assertionResults/*"


def recognise(head: Head) -> str | None:
    return "" if head.has("numTotalTests", "testResults") else None


def read(tree: Tree, out: Extract) -> None:
    report = tree.root
    out.claim("verdict", report["success"], vocabulary="jest-success", accept=(bool,), required=True)
    claim_milliseconds("started_at", report["startTime"], out)
    pending, todo = report.integer("numPendingTests", required=True), report.integer("numTodoTests")
    out.row(
        "test_suites",
        report,
        tests=report.integer("numTotalTests", required=True),
        passed=report.integer("numPassedTests", required=True),
        failed=report.integer("numFailedTests", required=True),
        errors=report.integer("numRuntimeErrorTestSuites"),
        skipped=None if pending is None and todo is None else (pending or 0) + (todo or 0),
    )
    listed = Listed()
    cases = sum(_file(file, listed, out) for file in report.items("testResults", required=True))
    _compare(report, listed, out)
    if not cases:
        out.problem(Code.EVIDENCE_EMPTY, "the report holds no test; no test run is not a passed test run", report["testResults"])


def _compare(report: Node, listed: Listed, out: Extract) -> None:
    for key, kinds in _TOTALS.items():
        if listed.counts["absent"] and key != "numTotalTests":  # what they are the number of cannot be told, which is
            continue
        compare(out, report[key], report.integer(key), key.removeprefix("num"), (kinds,), listed)
    broken = listed.first.get("failed") or listed.first.get("failed file")
    if report["success"].raw is True and broken:
        what = f"the run is a success at {report['success'].locator}, but a test or file failed at {broken}"
        out.problem(Code.CONTRADICTION, what, report["success"], expected="false", found="true")


def _file(file: Node, listed: Listed, out: Extract) -> int:
    name, word = file.text("name"), file.text("status", required=True)
    cases, failed = 0, False
    for test in file.items("assertionResults", required=True):
        status = test.text("status", required=True)
        cases, failed = cases + 1, failed or status in ("failed", "error")
        flaky = status == "passed" and _retried(test)
        listed.add(status or "absent", test)
        out.row(
            "test_cases",
            test,
            suite=_base(name),
            name=test.text("fullName") or test.text("title", required=status != "error") or _base(name),
            status="flaky" if flaky else status or "absent",
            vocabulary="jest-status",
            duration_s=milliseconds(test, "duration"),
            flaky=flaky,
        )
    if word == "failed":
        listed.add("failed file", file)
    if word not in ("passed", "skipped", "pending", "todo", "focused") and not failed:
        cases += 1
        out.row("test_cases", file, suite=_base(name), name=_base(name), status=word or "absent", vocabulary="jest-status")
    return cases


def _retried(test: Node) -> bool:
    invocations, reasons = test.integer("invocations"), sum(1 for _ in test.items("retryReasons"))
    return (invocations or 1) > 1 or reasons > 0


def _base(path: str | None) -> str | None:
    """A file's name without the build machine's folders."""
    return path.replace("\\", "/").rpartition("/")[2] if path else path


READER = Reader(
    source="test_reports",
    format="jest-json",
    title="Jest JSON report",
    reference="jestjs/jest packages/jest-test-result/src/types.ts (FormattedTestResults), 30.x",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    revision=3,
    drops={
        "failure-detail": (
            f"{_TEST}/failureMessages/**",
            f"{_TEST}/retryMessages/**",
            f"{_TEST}/failureDetails/**",
            "/testResults/*/message",
            "/testResults/*/summary",
        ),
        "test-output": ("/openHandles/**", "/testResults/*/console/**"),  # may hold secrets
        "coverage": ("/coverageMap/**", "/testResults/*/coverage/**"),
        "run-error": ("/runExecError/**", "/testResults/*/testExecError/**"),
    },
    summarises={
        "test-detail": tuple(
            f"{_TEST}/{name}"
            for name in (
                "ancestorTitles/**",
                "title",
                "failing",
                "location/**",
                "numPassingAsserts",
                "startAt",
                "retryReasons/**",
                "meta/**",
                "tags/**",
            )
        ),
        "summary-detail": ("/num*TestSuites", "/snapshot/**", "/wasInterrupted"),
        "file-detail": ("/testResults/*/startTime", "/testResults/*/endTime"),
    },
)
