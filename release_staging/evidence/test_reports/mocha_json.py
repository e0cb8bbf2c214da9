"""Mocha JSON (``--reporter json``).

Mocha says how a test ended by the list it stands in: ``passes``, ``failures`` or ``pending``, and these are the words (vocabulary
``mocha-list``). A test of ``tests`` that is in none of them has ``unlisted``. One that passed after a try that failed
(``currentRetry`` above zero) is ``flaky``. Hooks that failed stand among the failures.
"""

from __future__ import annotations

from collections import Counter

from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.test_reports.totals import Listed, compare
from release_staging.evidence.test_reports.units import milliseconds
from release_staging.evidence.tree import Node
from release_staging.model.exceptions import Code

_LISTS = ("passes", "failures", "pending")


def recognise(head: Head) -> str | None:
    stats = head.get("stats")
    if not isinstance(stats, dict) or not {"tests", "passes", "failures"} <= stats.keys():
        return None
    return (
        ""
        if isinstance(head.get("tests"), list) and isinstance(head.get("passes"), list) and isinstance(head.get("failures"), list)
        else None
    )


def read(tree: Tree, out: Extract) -> None:
    report = tree.root
    stats = report.object("stats", required=True)
    out.claim("started_at", stats["start"])
    out.claim("finished_at", stats["end"])
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
    listed: Counter[str | None] = Counter()
    counted = Listed()
    for name in _LISTS:
        for test in report.items(name, required=name != "pending"):
            flaky = name == "passes" and (test.integer("currentRetry") or 0) > 0
            listed[_case(test, "flaky" if flaky else name, out)] += 1
            counted.add(name, test)
    for test in report.items("tests", required=True):
        counted.add("tests", test)
        title = test.text("fullTitle") or test.text("title")
        if listed[title] > 0:
            listed[title] -= 1
        else:
            _case(test, "unlisted", out)
    for name in ("tests", *_LISTS):
        compare(out, stats[name], stats.integer(name), name, ((name,),), counted)
    if "test_cases" not in out.gathered:
        out.problem(Code.EVIDENCE_EMPTY, "the report holds no test; no test run is not a passed test run", report["tests"])


def _case(test: Node, status: str, out: Extract) -> str | None:
    title = test.text("fullTitle") or test.text("title", required=True)
    duration = milliseconds(test, "duration")
    out.row("test_cases", test, name=title, status=status, vocabulary="mocha-list", duration_s=duration, flaky=status == "flaky")
    return title


READER = Reader(
    source="test_reports",
    format="mocha-json",
    title="Mocha JSON report",
    reference="mochajs/mocha lib/reporters/json.js, 11.x",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    revision=2,
    drops={"failure-detail": tuple(f"/{name}/*/err/**" for name in ("tests", *_LISTS))},  # may hold secrets
    summarises={
        "test-detail": tuple(
            f"/{name}/*/{key}" for name in ("tests", *_LISTS) for key in ("title", "file", "speed", "duration", "currentRetry")
        ),
        "summary-detail": ("/stats/suites",),
    },
)
