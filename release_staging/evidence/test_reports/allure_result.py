"""Allure 2 result: one document is one test case.

``status`` is one of ``passed failed broken skipped unknown`` (vocabulary ``allure-status``); a missing one is ``absent``, and a case
that passed and is marked flaky is ``flaky``, both this reader's words. Labels name the suite and the framework; no place is
meant for the candidate.
"""

from __future__ import annotations

from decimal import Decimal

from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.test_reports.units import claim_milliseconds, scaled

_SUITES = ("parentSuite", "suite", "subSuite")


def recognise(head: Head) -> str | None:
    if not isinstance(head.get("uuid"), str) or not isinstance(head.get("name"), str):
        return None
    told = {"historyId", "testCaseId", "fullName", "stage"} & head.root.keys()
    return "" if told and head.has("status", "start", "labels") and isinstance(head.get("labels"), list) else None


def read(tree: Tree, out: Extract) -> None:
    result = tree.root
    status, details = result.text("status", required=True), result.object("statusDetails")
    flaky = details.flag("flaky")
    claim_milliseconds("started_at", result["start"], out)
    claim_milliseconds("finished_at", result["stop"], out)
    suites: dict[str, str] = {}
    for label in result.items("labels"):
        name, value = label.text("name"), label.text("value")
        if name in _SUITES and value:
            suites.setdefault(name, value)
        elif name == "framework":
            out.claim("tool.name", label["value"])
    start, stop = result.integer("start"), result.integer("stop")
    out.row(
        "test_cases",
        result,
        suite=" > ".join(suites[name] for name in _SUITES if name in suites) or None,
        name=result.text("name", required=True),
        status="flaky" if flaky and status == "passed" else status or "absent",
        vocabulary="allure-status",
        duration_s=None if start is None or stop is None else scaled(str(Decimal(stop) - Decimal(start)), 3),
        flaky=flaky,
    )


READER = Reader(
    source="test_reports",
    format="allure-result",
    title="Allure test result",
    reference="allure-framework/allure2 allure-model TestResult, 2.x",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    drops={
        "failure-detail": ("/statusDetails/message", "/statusDetails/trace", "/statusDetails/actual", "/statusDetails/expected"),
        "test-output": ("/attachments/**", "/steps/**", "/befores/**", "/afters/**"),  # may hold secrets
        "test-parameters": ("/parameters/**",),
    },
    summarises={
        "test-detail": (
            *("/uuid", "/historyId", "/testCaseId", "/testCaseName", "/fullName", "/stage", "/description", "/descriptionHtml"),
            *("/links/**", "/titlePath/**", "/rerunOf", "/statusDetails/known", "/statusDetails/muted"),
        )
    },
)
