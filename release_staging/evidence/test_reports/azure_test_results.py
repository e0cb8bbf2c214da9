"""Azure DevOps test results: those of a run under ``value``, or one (REST API 5.0 to 7.1).

A result keeps its ``outcome`` (vocabulary ``azure-test-outcome``); one that has none yet has ``absent``, this reader's word for it.
"""

from __future__ import annotations

from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.test_reports.totals import Listed, compare
from release_staging.evidence.test_reports.units import milliseconds
from release_staging.evidence.tree import SCALARS, Node

_PEOPLE = ("owner", "lastUpdatedBy", "runBy")


def recognise(head: Head) -> str | None:
    return "" if any(_is_result(head.get(*path)) for path in ((), ("value", 0))) else None


def _is_result(value: object) -> bool:
    return isinstance(value, dict) and {"testCaseTitle", "testRun", "state"} <= value.keys()


def read(tree: Tree, out: Extract) -> None:
    root = tree.root
    builds: set[str] = set()
    if not root["value"].exists:
        _result(root, builds, out)
        return
    listed = Listed()
    for result in root.items("value", required=True):
        _result(result, builds, out)
        listed.add("result", result)
    compare(out, root["count"], root.integer("count"), "results", (("result",),), listed)


def _result(result: Node, builds: set[str], out: Extract) -> None:
    outcome, title = result.text("outcome"), result.text("testCaseTitle", required=True)
    build = result.object("build")
    number = build.scalar("id")
    if number is not None and number not in builds:
        builds.add(number)
        out.claim("build.id", build["id"], accept=SCALARS)
        out.claim("build.url", build["url"])
    out.row(
        "test_cases",
        result,
        suite=result.text("automatedTestStorage"),
        name=result.text("automatedTestName") or title,
        status=outcome or "absent",
        vocabulary="azure-test-outcome",
        duration_s=milliseconds(result, "durationInMs"),
    )


def _either(*names: str) -> tuple[str, ...]:
    return tuple(f"{prefix}/{name}" for prefix in ("", "/value/*") for name in names)


READER = Reader(
    source="test_reports",
    format="azure-test-results",
    title="Azure DevOps test results",
    reference="Azure DevOps REST API 7.1, Test - Results",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    revision=2,
    drops={
        "people": _either(*(f"{name}/**" for name in _PEOPLE)),
        "failure-detail": _either("errorMessage", "stackTrace", "comment"),  # may hold secrets
        "build-machine": _either("computerName"),
    },
    summarises={
        "result-detail": _either(
            *(
                "id",
                "url",
                "state",
                "priority",
                "failureType",
                "resolutionState",
                "revision",
                "startedDate",
                "completedDate",
                "createdDate",
            ),
            *("lastUpdatedDate", "testCase/**", "testCaseTitle", "testRun/**", "testPoint/**", "testSuite/**", "testPlan/**", "project/**"),
            *("area/**", "configuration/**", "build/name", "release/**", "releaseReference/**", "buildReference/**", "associatedBugs/**"),
            *("automatedTestId", "automatedTestType", "automatedTestTypeId", "failingSince/**", "iterationDetails/**", "customFields/**"),
            *("resetCount", "afnStripId", "subResults/**", "testCaseReferenceId", "testCaseRevision", "resultGroupType", "layoutUid"),
        ),
    },
)
