"""CTRF JSON (Common Test Report Format). Most writers leave out ``reportFormat`` and ``specVersion``; then the version is "".

A case keeps its ``status`` (``passed failed skipped pending other``, vocabulary ``ctrf-status``) and its ``flaky`` flag; one
that passed and is flaky, or was tried again, has the status ``flaky``, this reader's word for the two together. In the row of declared
totals ``pending`` counts as skipped and ``other`` as an error. ``baseline`` is another run and names nothing of this candidate.
"""

from __future__ import annotations

from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.test_reports.totals import Listed, compare
from release_staging.evidence.test_reports.units import claim_milliseconds, milliseconds
from release_staging.evidence.tree import SCALARS, Node
from release_staging.model.confidence import Confidence
from release_staging.model.exceptions import Code

_ENVIRONMENT = {
    "service.name": "appName",
    "candidate.version": "appVersion",
    "candidate.commit": "commit",
    "candidate.branch": "branchName",
    "repository.url": "repositoryUrl",
    "build.url": "buildUrl",
    "environment.observed": "testEnvironment",
}

_STATUSES = ("passed", "failed", "skipped", "pending", "other")
_TOTALS = {"tests": _STATUSES, "flaky": ("flaky",), **{status: (status,) for status in _STATUSES}}  # what each is the number of


def recognise(head: Head) -> str | None:
    results = head.get("results")
    if not isinstance(results, dict) or not (head.text("reportFormat") == "CTRF" or {"tool", "summary", "tests"} <= results.keys()):
        return None
    return head.text("specVersion")


def read(tree: Tree, out: Extract) -> None:
    report, results = tree.root, tree.root.object("results", required=True)
    report.text("reportFormat")
    report.text("specVersion")
    tool = results.object("tool", required=True)
    out.claim("tool.name", tool["name"], required=True)
    out.claim("tool.version", tool["version"])
    out.claim("produced_at", report["timestamp"])
    _environment(results.object("environment"), out)
    listed = Listed()
    levels = _cases(results, listed, out)
    summary = results.object("summary", required=True)
    _summary(summary, tool.text("name"), levels[0].raw if levels else None, out)
    for key, kinds in _TOTALS.items():
        compare(out, summary[key], summary.integer(key), key if key == "tests" else f"{key} tests", (kinds,), listed)
    if levels:
        out.claim("test.level", levels[0], confidence=Confidence.DERIVED, loss="type of every test of the report")


def _environment(environment: Node, out: Extract) -> None:
    for field, key in _ENVIRONMENT.items():
        out.claim(field, environment[key])
    if environment["buildId"].raw:
        out.claim("build.id", environment["buildId"], accept=SCALARS)
    else:
        loss = "the build's number, for it has no id"
        out.claim("build.id", environment["buildNumber"], accept=SCALARS, confidence=Confidence.LOW, loss=loss)


def _summary(summary: Node, tool: str | None, level: str | None, out: Extract) -> None:
    if type(summary.raw) is not dict:
        return
    claim_milliseconds("started_at", summary["start"], out)
    claim_milliseconds("finished_at", summary["stop"], out)
    skipped, pending = summary.integer("skipped"), summary.integer("pending")
    out.row(
        "test_suites",
        summary,
        name=tool,
        level=level,
        tests=summary.integer("tests", required=True),
        passed=summary.integer("passed", required=True),
        failed=summary.integer("failed", required=True),
        errors=summary.integer("other"),
        skipped=None if skipped is None and pending is None else (skipped or 0) + (pending or 0),
        duration_s=milliseconds(summary, "duration"),
        started_at=summary.number("start"),
    )


def _cases(results: Node, listed: Listed, out: Extract) -> list[Node]:
    """Rows of the tests. Returns where the level stands, if all of them say the same one."""
    levels: dict[str | None, Node] = {}
    test = None
    for test in results.items("tests", required=True):
        status, flaky = test.text("status", required=True), test.flag("flaky")
        retries = test.integer("retries") or 0
        flaky = True if status == "passed" and retries > 0 else flaky
        levels.setdefault(test.text("type"), test["type"])
        listed.add(status if status in _STATUSES else "other", test)
        if flaky:
            listed.add("flaky", test)
        out.row(
            "test_cases",
            test,
            suite=_suite(test),
            name=test.text("name", required=True),
            status="flaky" if flaky and status == "passed" else status,
            vocabulary="ctrf-status",
            duration_s=milliseconds(test, "duration"),
            flaky=flaky,
        )
    if test is None:
        out.problem(Code.EVIDENCE_EMPTY, "the report holds no test; no test run is not a passed test run", results["tests"])
    return [place for level, place in levels.items() if level] if len(levels) == 1 else []


def _suite(test: Node) -> str | None:
    """A path of names in newer reports, one text in older ones."""
    if isinstance(test["suite"].raw, str):
        return test.text("suite")
    return " > ".join(name for place in test.items("suite") if (name := test.out.scalar(place))) or None


def _below(prefix: str, *keys: str) -> tuple[str, ...]:
    return tuple(f"{prefix}/{key}" for key in keys)


_TEST, _ENVIRONMENT_AT = "/results/tests/*", "/results/environment"
_OUTPUT = ("message", "trace", "ai", "snippet", "screenshot", "stdout/**", "stderr/**", "attachments/**", "parameters/**")
_RETRIES = ("retryAttempts/**", "steps/**", "rawStatus", "start", "stop")
_ABOUT = ("id", "testId", "executionId", "tags/**", "labels/**", "filePath", "line", "browser", "device", "threadId")
_HOST = ("reportName", "buildName", "buildNumber", "repositoryName", "shardId", "osPlatform", "osRelease", "osVersion", "healthy")

READER = Reader(
    source="test_reports",
    format="ctrf-json",
    title="CTRF test report",
    reference="Common Test Report Format 1.0.0, schema/ctrf.schema.json",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    revision=2,
    versions=("", "0.0.0", "1.0.0"),
    drops={
        "test-output": _below(_TEST, *_OUTPUT),  # may hold secrets
        "tool-extra": ("/extra/**", *(f"/results/{at}extra/**" for at in ("", "tool/", "tests/*/", "summary/", "environment/"))),
        "report-detail": ("/reportId", "/runId", "/generatedBy"),
        "other-runs": ("/insights/**", "/baseline/**", f"{_TEST}/insights/**"),
    },
    summarises={
        "test-detail": _below(_TEST, *_RETRIES, *_ABOUT),
        "summary-detail": ("/results/summary/suites",),
        "environment-detail": _below(_ENVIRONMENT_AT, *_HOST),
    },
)
