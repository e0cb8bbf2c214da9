"""Jenkins: a build as the remote access API tells it, and its stages."""

from __future__ import annotations

from release_staging.evaluation.documents import Written, json_document, millis
from release_staging.evaluation.worlds import World

_STAGES = ("Test", "Package", "Image", "Integration", "Load", "Smoke")
_SOURCE = "pipeline_runs"


def number(world: World) -> int:
    return world.run % 9000 + 1


def run(world: World) -> str:
    return str(number(world))


def run_url(world: World) -> str:
    return f"https://jenkins.example.com/job/{world.service.name}/job/release/{number(world)}/"


def build(world: World) -> Written:
    remote = f"refs/remotes/origin/{world.branch}"
    checkout = {
        "_class": "hudson.plugins.git.util.BuildData",
        "buildsByBranchName": {remote: {"_class": "hudson.plugins.git.util.Build", "buildNumber": number(world), "buildResult": None}},
        "lastBuiltRevision": {"SHA1": world.commit, "branch": [{"SHA1": world.commit, "name": remote}]},
        "remoteUrls": [f"{world.service.repository}.git"],
        "scmName": "",
    }
    duration = round((world.ended - world.started).total_seconds() * 1000)
    tree = {
        "_class": "org.jenkinsci.plugins.workflow.job.WorkflowRun",
        "actions": [{"_class": "hudson.model.CauseAction", "causes": [{"shortDescription": "Started by an SCM change"}]}, {}, checkout],
        "artifacts": [],
        "building": False,
        "description": world.subject,
        "displayName": f"#{number(world)}",
        "duration": duration,
        "estimatedDuration": duration + 5000,
        "executor": None,
        "fullDisplayName": f"{world.service.name} » release #{number(world)}",
        "id": run(world),
        "keepLog": False,
        "number": number(world),
        "queueId": 9120,
        "result": "SUCCESS",
        "timestamp": millis(world.started),
        "url": run_url(world),
        "changeSets": [],
        "culprits": [],
        "inProgress": False,
        "nextBuild": None,
        "previousBuild": None,
    }
    return json_document(
        world.path("ci", "build.json"),
        _SOURCE,
        "jenkins-build",
        tree,
        commit="/actions/2/lastBuiltRevision/SHA1",
        time="/timestamp",
        build=("/id", "/number"),
        verdict="/result",
        checkouts="/actions",
        repository="/actions/2/remoteUrls/0",
        text="/description",
    )


def stages(world: World) -> Written:
    job = f"/job/{world.service.name}/job/release/{number(world)}"
    found = [
        {
            "_links": {"self": {"href": f"{job}/execution/node/{place}/wfapi/describe"}},
            "id": str(place),
            "name": name,
            "execNode": "",
            "status": "SUCCESS",
            "startTimeMillis": millis(world.after(-29 + 30 * index)),
            "durationMillis": 1_740_000,
            "pauseDurationMillis": 0,
        }
        for index, name in enumerate(_STAGES)
        for place in (6 + index * 8,)
    ]
    tree = {
        "_links": {"self": {"href": f"{job}/wfapi/describe"}},
        "id": run(world),
        "name": f"#{number(world)}",
        "status": "SUCCESS",
        "startTimeMillis": millis(world.started),
        "endTimeMillis": millis(world.ended),
        "durationMillis": millis(world.ended) - millis(world.started),
        "queueDurationMillis": 3,
        "pauseDurationMillis": 0,
        "stages": found,
    }
    return json_document(
        world.path("ci", "stages.json"),
        _SOURCE,
        "jenkins-wfapi",
        tree,
        time="/startTimeMillis",
        verdict="/status",
        status="/stages/3/status",
    )
