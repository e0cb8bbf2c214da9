"""mochawesome JSON, what Mocha and Cypress write through that reporter: a tree of suites.

A test keeps its ``state`` (``passed failed pending``, vocabulary ``mochawesome-state``); where that is null the test was skipped or
never reached, which ``skipped`` and ``pending`` tell: then the status is ``skipped``, ``pending`` or ``absent``. Hooks are cases
only where they failed.
"""

from __future__ import annotations

from collections.abc import Iterator

from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.test_reports.nesting import Losses
from release_staging.evidence.test_reports.totals import Listed, compare
from release_staging.evidence.test_reports.units import milliseconds
from release_staging.evidence.tree import Node
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code

_TOTALS = {"passes": ("passed",), "failures": ("failed",), "pending": ("pending",)}  # what each is the number of
_TEST_DROPS = {"failure-detail": ("err",), "test-code": ("code", "context")}  # may hold secrets
_TEST_DETAIL = {"test-detail": ("title", "timedOut", "speed", "pass", "fail", "uuid", "parentUUID", "isHook")}
_SUITE_DETAIL = {
    "suite-detail": (
        *("uuid", "fullFile", "file", "passes", "failures", "pending", "skipped", "duration", "root", "rootEmpty", "_timeout"),
    )
}


def recognise(head: Head) -> str | None:
    stats, results = head.get("stats"), head.get("results")
    if not isinstance(stats, dict) or not isinstance(results, list) or not {"tests", "passes", "failures"} <= stats.keys():
        return None
    return (
        ""
        if isinstance(head.get("meta", "mochawesome"), dict) or (results and isinstance(head.get("results", 0, "suites"), list))
        else None
    )


def read(tree: Tree, out: Extract) -> None:
    report = tree.root
    stats, meta = report.object("stats", required=True), report.object("meta")
    out.claim("started_at", stats["start"])
    out.claim("finished_at", stats["end"])
    version = meta.object("mocha")["version"]
    out.claim("tool.name", version, value="mocha", confidence=Confidence.DERIVED, loss="told by the member's name")
    out.claim("tool.version", version)
    out.row(
        "test_suites",
        stats,
        tests=stats.integer("tests", required=True),
        passed=stats.integer("passes", required=True),
        failed=stats.integer("failures", required=True),
        skipped=stats.integer("pending"),
        duration_s=milliseconds(stats, "duration"),
        started_at=stats.text("start"),
    )
    listed = Listed()
    suites, tests = Losses(summarises=_SUITE_DETAIL), Losses(_TEST_DROPS, _TEST_DETAIL)
    for titles, suite in _suites(report):
        suites.apply(suite)
        for name in ("tests", "beforeHooks", "afterHooks"):
            for test in suite.items(name):
                tests.apply(test)
                listed.add(_case(test, titles, out, hook=name != "tests"), test)
    for key, kinds in _TOTALS.items():
        compare(out, stats[key], stats.integer(key), key, (kinds, (*kinds, "hook failed")), listed)
    if "test_cases" not in out.gathered:
        out.problem(Code.EVIDENCE_EMPTY, "the report holds no test; no test run is not a passed test run", report["results"])


def _suites(report: Node) -> Iterator[tuple[tuple[str, ...], Node]]:
    waiting: list[tuple[tuple[str, ...], Node]] = [((), suite) for suite in report.items("results", required=True)]
    waiting.reverse()
    while waiting:
        above, suite = waiting.pop()
        title = suite.text("title")
        titles = (*above, title) if title else above
        yield titles, suite
        waiting += [(titles, below) for below in suite.items("suites")][::-1]


def _case(test: Node, titles: tuple[str, ...], out: Extract, *, hook: bool) -> str:
    """Adds the row of a test, or of a hook that failed. Returns what it is counted as."""
    state, skipped, pending = test.text("state"), test.flag("skipped"), test.flag("pending")
    status = state or ("skipped" if skipped else "pending" if pending else "absent")
    name, duration = test.text("fullTitle") or test.text("title", required=True), milliseconds(test, "duration")
    if hook and status in ("passed", "absent", "pending", "skipped"):
        return "hook"
    out.row(
        "test_cases",
        test,
        suite=" > ".join(titles) or None,
        name=name,
        status=status,
        vocabulary="mochawesome-state",
        duration_s=duration,
    )
    return f"hook {status}" if hook else status


READER = Reader(
    source="test_reports",
    format="mochawesome-json",
    title="mochawesome JSON report",
    reference="adamgruber/mochawesome src/utils.js and stats, 7.x",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    revision=2,
    summarises={
        "summary-detail": (
            *(f"/stats/{name}" for name in ("suites", "testsRegistered", "passPercent", "pendingPercent", "other", "hasOther")),
            *(f"/stats/{name}" for name in ("skipped", "hasSkipped")),
            "/meta/mochawesome/**",
            "/meta/marge/**",
        ),
    },
)
