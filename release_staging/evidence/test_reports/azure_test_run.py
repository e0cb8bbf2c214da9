"""Azure DevOps test runs: one, or a list of them under ``value`` (REST API 5.0 to 7.1).

A run lists no tests, only how many had which outcome: each of its ``runStatistics`` is a row of metrics whose status is the
outcome (vocabulary ``azure-test-outcome``). ``state`` is the verdict, in ``azure-run-state``: it says that a run ended, not how.
"""

from __future__ import annotations

from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.test_reports.totals import Listed, compare
from release_staging.evidence.tree import SCALARS, Node
from release_staging.model.exceptions import Code

_PEOPLE = ("owner", "lastUpdatedBy", "runBy")


def recognise(head: Head) -> str | None:
    return "" if any(_is_run(head.get(*path)) for path in ((), ("value", 0))) else None


def _is_run(value: object) -> bool:
    """A run, or the answer to a question for the statistics of one alone."""
    if not isinstance(value, dict):
        return False
    if isinstance(value.get("run"), dict):
        return isinstance(value.get("runStatistics"), list)
    return {"isAutomated", "state", "url"} <= value.keys()


def read(tree: Tree, out: Extract) -> None:
    root = tree.root
    if not root["value"].exists:
        _run(root, None, out)
        return
    root.integer("count")
    for run in root.items("value", required=True):
        _run(run, run.scalar("id"), out)


def _run(run: Node, subject: str | None, out: Extract) -> None:
    about = run.object("run") if run["run"].exists else run
    statistics = list(run.items("runStatistics"))
    if about is run:
        out.claim("verdict", run["state"], subject=subject, vocabulary="azure-run-state", required=True)
        out.claim("started_at", run["startedDate"], subject=subject)
        out.claim("finished_at", run["completedDate"], subject=subject)
        build, release = run.object("build"), run.object("release")
        out.claim("build.id", build["id"], subject=subject, accept=SCALARS)
        out.claim("build.url", build["url"], subject=subject)
        out.claim("environment.observed", release["environmentName"], subject=subject)
        out.row(
            "test_suites",
            run,
            name=run.text("name"),
            tests=run.integer("totalTests"),
            passed=run.integer("passedTests"),
            failed=run.integer("unanalyzedTests"),
            skipped=run.integer("notApplicableTests"),
            started_at=run.text("startedDate"),
        )
    else:
        about.text("name")
    listed = Listed()
    for statistic in statistics:
        outcome, count = statistic.text("outcome", required=True), statistic.integer("count", required=True)
        statistic.text("state")
        listed.add(outcome or "absent", statistic, count or 0)
        if count:
            out.row(
                "metrics",
                statistic,
                name="tests",
                statistic=outcome,
                value=str(count),
                status=outcome or "absent",
                vocabulary="azure-test-outcome",
                samples=count,
            )
    if statistics:
        compare(out, run["totalTests"], run.integer("totalTests"), "tests", (tuple(listed.counts),), listed)
        compare(out, run["passedTests"], run.integer("passedTests"), "passed tests", (("Passed",),), listed)
    if not statistics and not run.integer("totalTests"):
        out.problem(Code.EVIDENCE_EMPTY, "the run holds no test; no test run is not a passed test run", run)


def _either(*names: str) -> tuple[str, ...]:
    return tuple(f"{prefix}/{name}" for prefix in ("", "/value/*") for name in names)


READER = Reader(
    source="test_reports",
    format="azure-test-run",
    title="Azure DevOps test run",
    reference="Azure DevOps REST API 7.1, Test - Runs",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    revision=2,
    drops={
        "people": _either(*(f"{name}/**" for name in _PEOPLE)),
        "comments": _either("comment", "errorMessage", "substate"),
    },
    summarises={
        "run-detail": _either(
            *(
                "id",
                "url",
                "isAutomated",
                "iteration",
                "project/**",
                "plan/**",
                "revision",
                "postProcessState",
                "webAccessUrl",
                "controller",
            ),
            *(
                "incompleteTests",
                "createdDate",
                "lastUpdatedDate",
                "dueDate",
                "build/name",
                "run/id",
                "run/url",
                "releaseUri",
                "buildConfiguration/**",
            ),
            *(
                f"release/{name}"
                for name in ("id", "name", "environmentId", "environmentDefinition*", "definitionId", "attempt", "*CreationDate")
            ),
            *(
                "pipelineReference/**",
                "runStatistics/*/resolutionState/**",
                "dropLocation",
                "phase",
                "type",
                "testSettings/**",
                "customFields/**",
            ),
        ),
    },
)
