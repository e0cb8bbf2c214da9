"""Test reports: JUnit XML as Surefire, pytest and gotestsum write it, TRX, CTRF, Jest, go test."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from release_staging.evaluation.documents import (
    Places,
    Written,
    compact_json_document,
    element,
    fine,
    json_document,
    lines_document,
    millis,
    xml_document,
    z,
)
from release_staging.evaluation.worlds import World

_SOURCE = "test_reports"
_SUITES = ("Invoice", "Payment", "Refund", "Account", "Export")
_ACTS = ("adds", "rounds", "lists", "rejects", "retries", "stores", "parses", "limits", "orders", "closes", "opens", "merges")
_MINUTES = {"unit": -20, "integration": 40, "smoke": 95}  # after the image was made; unit tests run before it is


@dataclass(frozen=True)
class Case:
    """A test. ``status`` is passed or skipped: what fails is a fault."""

    suite: str
    name: str
    seconds: float
    status: str


def cases(world: World, level: str) -> tuple[Case, ...]:
    """The tests of a level: more of units than of smoke, and now and then one is skipped."""
    chance = world.random("tests", level)
    suites = chance.sample(_SUITES, {"unit": 4, "integration": 2}.get(level, 1))
    found = [
        Case(suite, name, chance.randint(1, 900) / 1000, "passed")
        for suite in suites
        for name in sorted(chance.sample(_ACTS, chance.randint(3, len(_ACTS))))
    ]
    if level == "unit":
        last = found[-1]
        found[-1] = Case(last.suite, last.name, 0.0, "skipped")
    return tuple(found)


def began(world: World, level: str) -> datetime:
    return world.after(_MINUTES[level])


def surefire(world: World, level: str, environment: str, *, tool: str = "surefire") -> Written:
    """One report of Maven Surefire or Failsafe: a suite, without a time of its own."""
    found = [case for case in cases(world, level) if case.suite == cases(world, level)[0].suite]
    name = f"com.example.{found[0].suite}{'IT' if level != 'unit' else 'Test'}"
    properties = element(
        "properties",
        None,
        element("property", {"name": "java.version", "value": "21.0.4"}),
        element("property", {"name": "release.version", "value": world.version.text}),
        element("property", {"name": "git.commit", "value": world.commit}),
    )
    written = [_case(case, classname=name) for case in found]
    written[0] = element("testcase", _attributes(found[0], name), element("system-out", None, f"{found[0].name} began"))
    attributes = {
        "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
        "xsi:noNamespaceSchemaLocation": f"https://maven.apache.org/surefire/maven-surefire-plugin/xsd/{tool}-test-report.xsd",
        "version": "3.0",
        "name": name,
        "time": f"{sum(case.seconds for case in found):.3f}",
        **_totals(found),
    }
    made = xml_document(
        world.path("tests", f"{level}-TEST-{name}.xml"),
        _SOURCE,
        "junit-xml",
        element("testsuite", attributes, properties, *written),
        version="/testsuite[1]/properties[1]/property[2]/@value",
        commit="/testsuite[1]/properties[1]/property[3]/@value",
        total="/testsuite[1]/@tests",
        failed="/testsuite[1]/@failures",
        case="/testsuite[1]/testcase[2]",
        cases=tuple(f"/testsuite[1]/testcase[{number}]" for number in range(1, len(found) + 1)),
        text="/testsuite[1]/testcase[1]/system-out[1]/text()",
    )
    return made.said(level=level, environment=environment)


def pytest(world: World, level: str, environment: str) -> Written:
    """``pytest --junitxml``, with properties that a plugin records."""
    found = cases(world, level)
    words = {"service": world.service.name, "version": world.version.pep440, "commit": world.commit}
    properties = element("properties", None, *(element("property", {"name": name, "value": value}) for name, value in words.items()))
    attributes = {
        "name": "pytest",
        "time": f"{sum(case.seconds for case in found):.3f}",
        "timestamp": fine(began(world, level), 6).removesuffix("Z") + "+00:00",
        "hostname": "runner-7",
        **_totals(found),
    }
    written = [_case(case, classname=f"tests.{level}.test_{case.suite.lower()}", prefix="test_") for case in found]
    suite = element("testsuite", attributes, properties, *written)
    made = xml_document(
        world.path("tests", f"{level}.xml"),
        _SOURCE,
        "junit-xml",
        element("testsuites", {"name": "pytest tests"}, suite),
        **_of_suite(len(found)),
        service="/testsuites[1]/testsuite[1]/properties[1]/property[1]/@value",
        version="/testsuites[1]/testsuite[1]/properties[1]/property[2]/@value",
        commit="/testsuites[1]/testsuite[1]/properties[1]/property[3]/@value",
    )
    return made.said(level=level, environment=environment)


def gotestsum(world: World, level: str, environment: str) -> Written:
    """``gotestsum --junitfile``: nothing of the candidate."""
    found = cases(world, level)
    attributes = {
        "name": f"{world.service.name}/{level}",
        "time": f"{sum(case.seconds for case in found):.6f}",
        "timestamp": z(began(world, level)),
        **_totals(found),
    }
    properties = element("properties", None, element("property", {"name": "go.version", "value": "go1.25.3 linux/amd64"}))
    written = [_case(case, classname=f"{world.service.name}/{case.suite.lower()}", prefix="Test_") for case in found]
    suite = element("testsuite", attributes, properties, *written)
    totals = {"tests": len(found), "failures": 0, "errors": 0, "time": attributes["time"]}
    made = xml_document(
        world.path("tests", f"{level}.xml"), _SOURCE, "junit-xml", element("testsuites", totals, suite), **_of_suite(len(found))
    )
    return made.said(level=level, environment=environment)


def trx(world: World, level: str, environment: str) -> Written:
    """``dotnet test --logger trx``: a run that succeeded is "Completed"."""
    found, start = cases(world, level), began(world, level)
    outcomes = {"passed": "Passed", "skipped": "NotExecuted"}
    results = [
        element(
            "UnitTestResult",
            {
                "executionId": world.uuid(f"{level} execution {number}"),
                "testId": world.uuid(f"{level} test {number}"),
                "testName": f"{case.suite}Tests.{case.name}",
                "computerName": "agent-7",
                "duration": f"00:00:{case.seconds:010.7f}",
                "startTime": _offset(start),
                "endTime": _offset(start + timedelta(seconds=case.seconds)),
                "testType": "13cdc9d9-ddb5-4fa4-a97d-d965ccfc6d4b",
                "outcome": outcomes[case.status],
                "testListId": "8c84fa94-04c1-424b-9868-57a2d4851a1d",
                "relativeResultsDirectory": world.uuid(f"{level} execution {number}"),
            },
            *([element("Output", None, element("StdOut", None, f"{case.name} began"))] if number == 0 else []),
        )
        for number, case in enumerate(found)
    ]
    passed = sum(case.status == "passed" for case in found)
    counters: dict[str, object] = dict.fromkeys(
        ("failed", "error", "timeout", "aborted", "inconclusive", "passedButRunAborted", "notRunnable", "disconnected"), 0
    )
    counters = {"total": len(found), "executed": passed, "passed": passed, **counters, "notExecuted": len(found) - passed}
    times = {
        "creation": _offset(start),
        "queuing": _offset(start),
        "start": _offset(start),
        "finish": _offset(start + timedelta(minutes=1)),
    }
    root = element(
        "TestRun",
        {
            "id": world.uuid(f"{level} test run"),
            "name": f"agent {start:%Y-%m-%d %H:%M:%S}",
            "xmlns": "http://microsoft.com/schemas/VisualStudio/TeamTest/2010",
        },
        element("Times", times),
        element("Results", None, *results),
        element("ResultSummary", {"outcome": "Completed"}, element("Counters", counters)),
    )
    top = _local("TestRun")
    summary, results_at = f"{top}{_local('ResultSummary')}", f"{top}{_local('Results')}"
    made = xml_document(
        world.path("tests", f"{level}.trx"),
        _SOURCE,
        "trx",
        root,
        time=tuple(f"{top}{_local('Times')}/@{name}" for name in ("start", "finish")),
        verdict=f"{summary}/@outcome",
        total=f"{summary}{_local('Counters')}/@total",
        failed=f"{summary}{_local('Counters')}/@failed",
        status=f"{results_at}{_local('UnitTestResult', 2)}/@outcome",
        statuses=tuple(f"{results_at}{_local('UnitTestResult', number)}/@outcome" for number in range(1, len(found) + 1)),
        text=f"{results_at}{_local('UnitTestResult')}{_local('Output')}{_local('StdOut')}/text()",
    )
    return made.said(level=level, environment=environment)


def ctrf(world: World, level: str, environment: str) -> Written:
    """Common Test Report Format, with what a reporter is told of the build."""
    found, start = cases(world, level), began(world, level)
    counts = {word: sum(case.status == word for case in found) for word in ("passed", "skipped")}
    tests: list[dict[str, Any]] = [
        {
            "name": f"{case.suite} {case.name}",
            "status": case.status,
            "duration": round(case.seconds * 1000),
            "suite": [case.suite],
            "type": level,
        }
        for case in found
    ]
    tests[0]["stdout"] = [f"{found[0].name} began"]
    tree = {
        "reportFormat": "CTRF",
        "specVersion": "1.0.0",
        "results": {
            "tool": {"name": "playwright", "version": "1.56.0"},
            "summary": {
                "tests": len(found),
                "passed": counts["passed"],
                "failed": 0,
                "skipped": counts["skipped"],
                "pending": 0,
                "other": 0,
                "start": millis(start),
                "stop": millis(start) + 61000,
            },
            "tests": tests,
            "environment": {
                "appName": world.service.name,
                "appVersion": world.version.text,
                "repositoryUrl": world.service.repository,
                "commit": world.commit,
                "branchName": world.branch,
            },
        },
    }
    made = json_document(
        world.path("tests", f"{level}.ctrf.json"),
        _SOURCE,
        "ctrf-json",
        tree,
        time=("/results/summary/start", "/results/summary/stop"),
        version="/results/environment/appVersion",
        commit="/results/environment/commit",
        repository="/results/environment/repositoryUrl",
        total="/results/summary/tests",
        failed="/results/summary/failed",
        status="/results/tests/1/status",
        statuses=tuple(f"/results/tests/{number}/status" for number in range(len(found))),
        text="/results/tests/0/stdout/0",
        rows="/results/tests",
        format="/specVersion",
    )
    return made.said(level=level, environment=environment)


def jest(world: World, level: str, environment: str) -> Written:
    """``jest --json``: nothing of the candidate."""
    found, start = cases(world, level), began(world, level)
    words = {"passed": "passed", "skipped": "pending"}
    suites = list(dict.fromkeys(case.suite for case in found))
    results = [
        {
            "name": f"/build/src/{suite.lower()}.test.js",
            "status": "passed",
            "startTime": millis(start),
            "endTime": millis(start) + 800,
            "message": "",
            "summary": "",
            "assertionResults": [
                {
                    "ancestorTitles": [suite],
                    "fullName": f"{suite} {case.name}",
                    "title": case.name,
                    "status": words[case.status],
                    "duration": round(case.seconds * 1000) if case.status == "passed" else None,
                    "failureMessages": [],
                    "failureDetails": [],
                    "location": None,
                    "invocations": 1,
                    "numPassingAsserts": 1,
                    "retryReasons": [],
                }
                for case in found
                if case.suite == suite
            ],
        }
        for suite in suites
    ]
    passed = sum(case.status == "passed" for case in found)
    tree = {
        "numFailedTestSuites": 0,
        "numFailedTests": 0,
        "numPassedTestSuites": len(suites),
        "numPassedTests": passed,
        "numPendingTestSuites": 0,
        "numPendingTests": len(found) - passed,
        "numRuntimeErrorTestSuites": 0,
        "numTodoTests": 0,
        "numTotalTestSuites": len(suites),
        "numTotalTests": len(found),
        "openHandles": [],
        "snapshot": {"added": 0, "failure": False, "matched": 0, "total": 0, "unmatched": 0, "updated": 0},
        "startTime": millis(start),
        "success": True,
        "wasInterrupted": False,
        "testResults": results,
    }
    made = compact_json_document(
        world.path("tests", f"{level}.json"),
        _SOURCE,
        "jest-json",
        tree,
        time=("/startTime", *(f"/testResults/{number}/{key}" for number in range(len(suites)) for key in ("startTime", "endTime"))),
        verdict="/success",
        total="/numTotalTests",
        failed="/numFailedTests",
        status="/testResults/0/assertionResults/0/status",
        statuses=tuple(
            f"/testResults/{place}/assertionResults/{number}/status"
            for place, result in enumerate(results)
            for number in range(len(result["assertionResults"]))  # type: ignore[arg-type]
        ),
        rows="/testResults",
    )
    return made.said(level=level, environment=environment)


def go_test(world: World, level: str, environment: str) -> Written:
    """``go test -json ./...``: an event a line."""
    start, package = began(world, level), f"example.com/{world.service.name}/{level}"
    events: list[dict[str, Any]] = [{"Time": fine(start, 9), "Action": "start", "Package": package}]
    ended = []
    for number, case in enumerate(cases(world, level)):
        test = {"Package": package, "Test": f"Test{case.suite}_{case.name}"}
        time = start + timedelta(seconds=number)
        word = {"passed": "pass", "skipped": "skip"}[case.status]
        events += [
            {"Time": fine(time, 9), "Action": "run", **test},
            {"Time": fine(time, 9), "Action": "output", **test, "Output": f"=== RUN   {test['Test']}\n"},
            {"Time": fine(time + timedelta(seconds=case.seconds), 9), "Action": word, **test, "Elapsed": case.seconds},
        ]
        ended.append(f"{len(events) - 1}:/Action")
    events.append({"Time": fine(start + timedelta(minutes=1), 9), "Action": "pass", "Package": package, "Elapsed": 60.0})
    made = lines_document(
        world.path("tests", f"{level}.jsonl"),
        _SOURCE,
        "go-test-json",
        events,
        time=tuple(f"{number}:/Time" for number in range(len(events))),
        verdict=f"{len(events) - 1}:/Action",
        status=ended[0],
        statuses=tuple(ended),
        text="2:/Output",
    )
    return made.said(level=level, environment=environment)


def _totals(found: tuple[Case, ...] | list[Case]) -> dict[str, int]:
    return {"tests": len(found), "errors": 0, "skipped": sum(case.status == "skipped" for case in found), "failures": 0}


def _case(case: Case, classname: str, prefix: str = "") -> str:
    return element(
        "testcase", _attributes(case, classname, prefix), *([element("skipped", {"message": "later"})] if case.status == "skipped" else [])
    )


def _attributes(case: Case, classname: str, prefix: str = "") -> dict[str, object]:
    return {"classname": classname, "name": f"{prefix}{case.name}", "time": f"{case.seconds:.3f}"}


def _of_suite(count: int) -> dict[str, Places]:
    """Where the facts of a report of one suite stand."""
    suite = "/testsuites[1]/testsuite[1]"
    return {
        "time": f"{suite}/@timestamp",
        "total": f"{suite}/@tests",
        "failed": f"{suite}/@failures",
        "case": f"{suite}/testcase[1]",
        "cases": tuple(f"{suite}/testcase[{number}]" for number in range(1, count + 1)),
    }


def _local(name: str, position: int = 1) -> str:
    return f"/*[local-name()='{name}'][{position}]"


def _offset(time: datetime) -> str:
    """As .NET writes it: seven digits and the offset."""
    return fine(time, 7).removesuffix("Z") + "+00:00"
