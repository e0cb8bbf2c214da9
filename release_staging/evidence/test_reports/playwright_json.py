"""Playwright JSON (``--reporter=json``).

A case is one test of one project; its ``status`` (vocabulary ``playwright-status``) is ``expected``, ``unexpected``, ``flaky`` or
``skipped``. A test that is declared to fail and did (``expectedStatus`` other than passed) is ``expected-failure``, this reader's
word for it. Errors of the run as a whole stand in ``errors``: each is a case with the status ``error``, again our word.

Git and CI identity stands in ``config.metadata``: ``gitCommit`` and ``ci`` since 1.51, ``revision.id`` before.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.test_reports.nesting import Losses
from release_staging.evidence.test_reports.totals import Listed, compare
from release_staging.evidence.test_reports.units import milliseconds
from release_staging.evidence.tree import Node
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code

_STATUSES = ("expected", "unexpected", "flaky", "skipped")
_SUITE_DETAIL = {"suite-detail": ("file", "line", "column")}
_SPEC_DETAIL = {"test-detail": ("ok", "id", "file", "line", "column", "tags")}
_TEST_DROPS = {"annotations": ("annotations",)}
_TEST_DETAIL = {"test-detail": ("timeout", "projectId", "expectedStatus")}
_RESULT_DROPS = {
    "failure-detail": ("error", "errors", "errorLocation"),
    "test-output": ("stdout", "stderr", "attachments", "steps"),  # may hold secrets
    "annotations": ("annotations",),
}
_RESULT_DETAIL = {"test-detail": ("workerIndex", "parallelIndex", "shardIndex", "status", "retry", "startTime", "duration")}


def recognise(head: Head) -> str | None:
    if not isinstance(head.get("config"), dict) or not isinstance(head.get("suites"), list):
        return None
    stats = head.get("stats")
    return "" if isinstance(head.get("errors"), list) or (isinstance(stats, dict) and {"expected", "unexpected"} <= stats.keys()) else None


def read(tree: Tree, out: Extract) -> None:
    report = tree.root
    config = report.object("config", required=True)
    version = config["version"]
    out.claim("tool.name", version, value="Playwright", confidence=Confidence.DERIVED, loss="told by the report's shape")
    out.claim("tool.version", version)
    _identity(config.object("metadata"), out)
    stats = report.object("stats")
    out.claim("started_at", stats["startTime"])
    if stats.exists:
        out.row(
            "test_suites",
            stats,
            passed=stats.integer("expected", required=True),
            failed=stats.integer("unexpected", required=True),
            skipped=stats.integer("skipped"),
            duration_s=milliseconds(stats, "duration"),
            started_at=stats.text("startTime"),
        )
    cases = _Cases(out)
    cases.read(report)
    for status in _STATUSES if stats.exists else ():
        compare(out, stats[status], stats.integer(status), f"{status} tests", ((status,),), cases.listed)
    for error in report.items("errors"):
        cases.count += 1
        out.row("test_cases", error, name="error outside any test", status="error", vocabulary="playwright-status")
    if not cases.count:
        out.problem(Code.EVIDENCE_EMPTY, "the report holds no test; no test run is not a passed test run", report["suites"])


def _identity(metadata: Node, out: Extract) -> None:
    git, ci = metadata.object("gitCommit"), metadata.object("ci")
    out.claim("candidate.commit", git["hash"] if git.exists else metadata["revision.id"])
    out.claim("candidate.branch", git["branch"] if git["branch"].exists else ci["branch"])
    out.claim("build.url", ci["buildHref"] if ci.exists else metadata["ci.link"])


@dataclass
class _Cases:
    out: Extract
    count: int = 0
    listed: Listed = field(default_factory=Listed)
    suites: Losses = field(default_factory=lambda: Losses(summarises=_SUITE_DETAIL))
    specs: Losses = field(default_factory=lambda: Losses(summarises=_SPEC_DETAIL))
    tests: Losses = field(default_factory=lambda: Losses(_TEST_DROPS, _TEST_DETAIL))
    results: Losses = field(default_factory=lambda: Losses(_RESULT_DROPS, _RESULT_DETAIL))

    def read(self, report: Node) -> None:
        """Every test of every spec, in the order of the report."""
        waiting: list[tuple[tuple[str, ...], Node]] = [((), suite) for suite in report.items("suites", required=True)]
        waiting.reverse()
        while waiting:
            above, suite = waiting.pop()
            self.suites.apply(suite)
            title = suite.text("title")
            titles = (*above, title) if title else above
            for spec in suite.items("specs"):
                self.specs.apply(spec)
                name = spec.text("title", required=True)
                for test in spec.items("tests", required=True):
                    self._test(test, titles, name)
            waiting += [(titles, below) for below in suite.items("suites")][::-1]

    def _test(self, test: Node, titles: tuple[str, ...], title: str | None) -> None:
        self.tests.apply(test)
        self.count += 1
        status, expected, project = test.text("status", required=True), test.text("expectedStatus"), test.text("projectName")
        self.listed.add(status or "absent", test)
        if status == "expected" and expected not in (None, "passed"):
            status = "expected-failure"
        self.out.row(
            "test_cases",
            test,
            suite=" > ".join(titles) or None,
            name=f"[{project}] {title}" if project else title,
            status=status or "absent",
            vocabulary="playwright-status",
            duration_s=self._seconds(test),
            flaky=status == "flaky",
        )

    def _seconds(self, test: Node) -> str | None:
        """Duration of the last try."""
        seconds = None
        for result in test.items("results"):
            self.results.apply(result)
            seconds = milliseconds(result, "duration")
        return seconds


_CI = ("commitHref", "commitHash", "prHref", "prTitle", "prBaseHash")

READER = Reader(
    source="test_reports",
    format="playwright-json",
    title="Playwright JSON report",
    reference="microsoft/playwright packages/playwright/types/testReporter.d.ts (JSONReport), 1.56",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    revision=2,
    drops={
        "failure-detail": ("/errors/**",),
        "commit-detail": (
            *(f"/config/metadata/gitCommit/{name}" for name in ("shortHash", "subject", "body", "author/**", "committer/**")),
            *(f"/config/metadata/revision.{name}" for name in ("author", "email", "subject", "timestamp", "link")),
            "/config/metadata/gitDiff",
        ),
        "ci-detail": tuple(f"/config/metadata/ci/{name}" for name in _CI),
    },
    summarises={
        "run-configuration": (
            *(f"/config/{name}" for name in ("configFile", "rootDir", "forbidOnly", "fullyParallel", "globalSetup", "globalTeardown")),
            *(
                f"/config/{name}"
                for name in (
                    "globalTimeout",
                    "grep/**",
                    "grepInvert/**",
                    "maxFailures",
                    "preserveOutput",
                    "projects/**",
                    "filteredProjects/**",
                )
            ),
            *(f"/config/{name}" for name in ("quiet", "reporter/**", "reportSlowTests/**", "shard/**", "updateSnapshots", "workers")),
            *(
                f"/config/{name}"
                for name in ("updateSourceMethod", "webServer/**", "tags/**", "argv/**", "runAgents", "_*", "failOnFlakyTests")
            ),
            "/config/metadata/actualWorkers",
            "/config/metadata/timestamp",
        ),
    },
)
