"""Tekton: a PipelineRun and the TaskRun that built the image."""

from __future__ import annotations

from typing import Any

from release_staging.evaluation.documents import Written, yaml_document, z
from release_staging.evaluation.tools import oci
from release_staging.evaluation.worlds import World

_SOURCE = "pipeline_runs"


def run(world: World) -> str:
    return world.uuid("pipeline run")


def pipeline_run(world: World) -> Written:
    name = _name(world)
    tree = {
        "apiVersion": "tekton.dev/v1",
        "kind": "PipelineRun",
        "metadata": _metadata(world, name, run(world)),
        "spec": {
            "pipelineRef": {"name": "release"},
            "taskRunTemplate": {"serviceAccountName": "ci"},
            "timeouts": {"pipeline": "4h0m0s"},
        },
        "status": {
            "startTime": z(world.started),
            "completionTime": z(world.ended),
            "conditions": [_condition(world, "Tasks Completed: 6 (Failed: 0, Cancelled 0), Skipped: 0")],
            "results": _results(world),
            "childReferences": [{"apiVersion": "tekton.dev/v1", "kind": "TaskRun", "name": f"{name}-build", "pipelineTaskName": "build"}],
        },
    }
    return yaml_document(
        world.path("ci", "pipelinerun.yaml"),
        _SOURCE,
        "tekton-pipelinerun",
        tree,
        commit=("/metadata/annotations/pipelinesascode.tekton.dev~1sha", "/status/results/0/value"),
        digest="/status/results/3/value",
        time=("/status/startTime", "/status/completionTime"),
        build="/metadata/uid",
        verdict="/status/conditions/0/reason",
        format="/apiVersion",
    )


def task_run(world: World) -> Written:
    name = f"{_name(world)}-build"
    owner = {
        "apiVersion": "tekton.dev/v1",
        "kind": "PipelineRun",
        "name": _name(world),
        "uid": run(world),
        "controller": True,
        "blockOwnerDeletion": True,
    }
    step = {
        "name": "build",
        "container": "step-build",
        "imageID": f"registry.example.com/tools/buildah@{world.digest('buildah')}",
        "terminated": {
            "exitCode": 0,
            "reason": "Completed",
            "startedAt": z(world.after(-10)),
            "finishedAt": z(world.after(2)),
            "containerID": "containerd://1",
        },
    }
    tree = {
        "apiVersion": "tekton.dev/v1",
        "kind": "TaskRun",
        "metadata": _metadata(world, name, world.uuid("task run")) | {"ownerReferences": [owner]},
        "spec": {"params": [], "taskRef": {"name": "build", "kind": "Task"}, "serviceAccountName": "ci"},
        "status": {
            "podName": f"{name}-pod",
            "startTime": z(world.after(-12)),
            "completionTime": z(world.after(3)),
            "conditions": [_condition(world, "All Steps have completed executing")],
            "results": _results(world),
            "steps": [step],
        },
    }
    return yaml_document(
        world.path("ci", "taskrun.yaml"),
        _SOURCE,
        "tekton-taskrun",
        tree,
        commit=("/metadata/annotations/pipelinesascode.tekton.dev~1sha", "/status/results/0/value"),
        digest="/status/results/3/value",
        time=("/status/startTime", "/status/completionTime"),
        format="/apiVersion",
    )


def _name(world: World) -> str:
    return f"release-{world.hex('run name', 5)}"


def _metadata(world: World, name: str, uid: str) -> dict[str, Any]:
    return {
        "name": name,
        "namespace": "apps-ci",
        "uid": uid,
        "generation": 1,
        "resourceVersion": "9140",
        "creationTimestamp": z(world.started),
        "labels": {"tekton.dev/pipeline": "release"},
        "annotations": {"pipelinesascode.tekton.dev/sha": world.commit, "pipelinesascode.tekton.dev/repo-url": world.service.repository},
    }


def _condition(world: World, message: str) -> dict[str, str]:
    return {"type": "Succeeded", "status": "True", "reason": "Succeeded", "message": message, "lastTransitionTime": z(world.ended)}


def _results(world: World) -> list[dict[str, str]]:
    """By the conventions that Chains reads; steps write a newline after a value."""
    values = {
        "CHAINS-GIT_COMMIT": world.commit + "\n",
        "CHAINS-GIT_URL": world.service.repository,
        "IMAGE_URL": f"{world.image}:{world.version.text}\n",
        "IMAGE_DIGEST": oci.image(world).digest,
    }
    return [{"name": name, "type": "string", "value": value} for name, value in values.items()]
