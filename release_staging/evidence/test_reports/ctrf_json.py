"""CTRF JSON (Common Test Report Format). Most writers leave out ``reportFormat`` and ``specVersion``; then the version is "".

A case keeps its ``status`` (``passed failed skipped pending other``, vocabulary ``ctrf-status``) and its ``flaky`` flag; one
that passed and is flaky, or was tried again, has the status ``flaky``, this reader's word for the two together. In the row of declared
totals ``pending`` counts as skipped and ``other`` as an error. ``baseline`` is another run and names nothing of this candidate.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from release_staging.evidence.inventory import Items, Texts, read_items
from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.test_reports.totals import Listed, compare
from release_staging.evidence.test_reports.units import claim_milliseconds, each_milliseconds, milliseconds
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
    skipped, pending = summary.integer("skipped", required=True), summary.integer("pending", required=True)
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
    count = 0
    for tests, cells in read_items(results, "tests", _cells, required=True):
        count += len(tests)
        types, words, flaky = cells.pop("type"), cells["status"], cells["flaky"]
        for level in set(types) - levels.keys():
            levels[level] = tests.node(types.index(level))["type"]
        listed.add_each([word if word in _STATUSES else "other" for word in words], tests.locators)
        listed.add_each(["flaky" if one else None for one in flaky], tests.locators)
        statuses = ["flaky" if one and word == "passed" else word for word, one in zip(words, flaky, strict=True)]
        out.rows("test_cases", tests, {**cells, "status": statuses, "vocabulary": "ctrf-status"})
    if not count:
        out.problem(Code.EVIDENCE_EMPTY, "the report holds no test; no test run is not a passed test run", results["tests"])
    return [place for level, place in levels.items() if level] if len(levels) == 1 else []


def _cells(tests: Items) -> dict[str, Sequence[Any]]:
    statuses, flags, retries = tests.text("status", required=True), tests.flag("flaky"), tests.integer("retries")
    again = [word == "passed" and (times or 0) > 0 for word, times in zip(statuses, retries, strict=True)]
    return {
        "status": statuses,
        "flaky": [True if one else flag for one, flag in zip(again, flags, strict=True)],
        "type": tests.text("type"),
        "suite": _suites(tests),
        "name": tests.text("name", required=True),
        "duration_s": each_milliseconds(tests, "duration"),
    }


def _suites(tests: Items) -> Texts:
    """A path of names in newer reports, one text in older ones."""
    is_text = [kind is str for kind in tests.kinds("suite")]
    paths = tests.where([not text for text in is_text]).inner("suite")
    joined = paths.condensed(paths.own_text(), " > ".join)
    return [text or path for text, path in zip(tests.where(is_text).text("suite"), joined, strict=True)]


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
