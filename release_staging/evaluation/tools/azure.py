"""Azure DevOps: a build, and the test run of a release stage."""

from __future__ import annotations

from release_staging.evaluation.documents import Written, fine, json_document
from release_staging.evaluation.worlds import World


def run(world: World) -> str:
    return str(world.run % 10**6)


def run_url(world: World) -> str:
    return f"{_project(world)}/_build/results?buildId={run(world)}"


def build(world: World) -> Written:
    project = {"id": world.uuid("project"), "name": world.service.name, "state": "wellFormed", "visibility": "private"}
    tree = {
        "_links": {"self": {"href": f"{_project(world)}/_apis/build/Builds/{run(world)}"}, "web": {"href": run_url(world)}},
        "properties": {},
        "tags": [],
        "validationResults": [],
        "plans": [{"planId": world.uuid("plan")}],
        "triggerInfo": {"ci.sourceBranch": f"refs/heads/{world.branch}", "ci.message": world.subject},
        "id": int(run(world)),
        "buildNumber": world.started.strftime("%Y%m%d.1"),
        "status": "completed",
        "result": "succeeded",
        "queueTime": fine(world.started, 7),
        "startTime": fine(world.started, 7),
        "finishTime": fine(world.ended, 7),
        "url": f"{_project(world)}/_apis/build/Builds/{run(world)}",
        "definition": {
            "id": 5,
            "name": "release",
            "path": "\\",
            "type": "build",
            "queueStatus": "enabled",
            "revision": 9,
            "project": project,
        },
        "buildNumberRevision": 1,
        "project": project,
        "uri": f"vstfs:///Build/Build/{run(world)}",
        "sourceBranch": f"refs/heads/{world.branch}",
        "sourceVersion": world.commit,
        "queue": {"id": 9, "name": "Azure Pipelines", "pool": {"id": 9, "name": "Azure Pipelines", "isHosted": True}},
        "priority": "normal",
        "reason": "individualCI",
        "lastChangedDate": fine(world.ended),
        "orchestrationPlan": {"planId": world.uuid("plan")},
        "logs": {"id": 0, "type": "Container", "url": f"{_project(world)}/_apis/build/builds/{run(world)}/logs"},
        "repository": {
            "id": world.uuid("repository"),
            "type": "TfsGit",
            "name": world.service.name,
            "url": world.service.repository,
            "clean": None,
            "checkoutSubmodules": False,
        },
        "retainedByRelease": False,
        "triggeredByBuild": None,
        "appendCommitMessageToRunName": True,
    }
    return json_document(
        world.path("ci", "build.json"),
        "pipeline_runs",
        "azure-devops-build",
        tree,
        commit="/sourceVersion",
        time=("/finishTime", "/startTime"),
        build="/id",
        verdict="/result",
        repository="/repository/url",
        text="/triggerInfo/ci.message",
    )


def test_run(world: World, level: str, environment: str) -> Written:
    """A test run of the Test API: statistics, no cases."""
    total = world.number(f"{level} tests", 20, 200)
    tree = {
        "id": 4000 + world.run % 1000,
        "name": f"{level} tests",
        "url": f"{_project(world)}/_apis/test/Runs/{4000 + world.run % 1000}",
        "isAutomated": True,
        "state": "Completed",
        "totalTests": total,
        "incompleteTests": 0,
        "notApplicableTests": 0,
        "passedTests": total - 1,
        "unanalyzedTests": 0,
        "startedDate": fine(world.after(80), 7),
        "completedDate": fine(world.after(85), 7),
        "revision": 3,
        "build": {
            "id": run(world),
            "name": world.started.strftime("%Y%m%d.1"),
            "url": f"{_project(world)}/_apis/build/Builds/{run(world)}",
        },
        "runStatistics": [
            {"state": "Completed", "outcome": "Passed", "count": total - 1},
            {"state": "Completed", "outcome": "NotExecuted", "count": 1},
        ],
        "webAccessUrl": f"{_project(world)}/_testManagement/runs?runId={4000 + world.run % 1000}",
    }
    made = json_document(
        world.path("tests", f"{level}-run.json"),
        "test_reports",
        "azure-test-run",
        tree,
        time=("/startedDate", "/completedDate"),
        verdict="/state",
        status="/runStatistics/0/outcome",
        total="/totalTests",
    )
    return made.said(level=level, environment=environment)


def _project(world: World) -> str:
    return world.service.repository.partition("/_git/")[0]
