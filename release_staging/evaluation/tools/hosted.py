"""CI systems that others run for their users: Buildkite, CircleCI, Google Cloud Build, AWS CodePipeline and CodeBuild."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from release_staging.evaluation.documents import Written, fine, json_document, z
from release_staging.evaluation.tools import oci
from release_staging.evaluation.worlds import World

_SOURCE = "pipeline_runs"
_JOBS = ("unit", "integration", "image", "scan", "load", "smoke")


def run(world: World) -> str:
    """All of them name a run by a UUID."""
    return world.uuid("run")


def buildkite_url(world: World) -> str:
    return f"https://buildkite.com/{world.service.slug.partition('/')[0]}/{world.service.name}/builds/{world.run % 5000}"


def buildkite_build(world: World) -> Written:
    jobs = [
        {
            "id": world.uuid(f"job {name}"),
            "graphql_id": "Sm9iLS0t",
            "type": "script",
            "name": name,
            "step_key": name,
            "agent_query_rules": ["queue=default"],
            "state": "passed",
            "web_url": f"{buildkite_url(world)}#{world.uuid(f'job {name}')}",
            "command": f"make {name}",
            "soft_failed": False,
            "exit_status": 0,
            "artifact_paths": "",
            "created_at": fine(world.started),
            "scheduled_at": fine(world.started),
            "runnable_at": fine(world.started),
            "started_at": fine(world.after(-29 + 30 * number)),
            "finished_at": fine(world.after(30 * number)),
            "retried": False,
            "retried_in_job_id": None,
            "retries_count": None,
        }
        for number, name in enumerate(_JOBS)
    ]
    tree = {
        "id": run(world),
        "graphql_id": "QnVpbGQtLS0",
        "url": buildkite_url(world).replace("buildkite.com", "api.buildkite.com/v2/organizations"),
        "web_url": buildkite_url(world),
        "number": world.run % 5000,
        "state": "passed",
        "cancel_reason": None,
        "blocked": False,
        "message": world.subject,
        "commit": world.commit,
        "branch": world.branch,
        "tag": world.version.tag,
        "env": {},
        "source": "webhook",
        "jobs": jobs,
        "created_at": fine(world.started),
        "scheduled_at": fine(world.started),
        "started_at": fine(world.started),
        "finished_at": fine(world.ended),
        "meta_data": {},
        "pull_request": None,
        "rebuilt_from": None,
        "pipeline": {
            "id": world.uuid("pipeline"),
            "name": world.service.name,
            "slug": world.service.name,
            "repository": f"{world.service.repository}.git",
        },
    }
    return json_document(
        world.path("ci", "build.json"),
        _SOURCE,
        "buildkite-build",
        tree,
        commit="/commit",
        tag="/tag",
        time=("/finished_at", "/started_at"),
        build="/id",
        verdict="/state",
        status="/jobs/1/state",
        repository="/pipeline/repository",
        text="/message",
    )


def circleci_pipeline(world: World) -> Written:
    tree = {
        "id": run(world),
        "errors": [],
        "project_slug": f"gh/{world.service.slug}",
        "updated_at": fine(world.started),
        "number": world.run % 5000,
        "state": "created",
        "created_at": fine(world.started),
        "trigger": {"received_at": fine(world.started), "type": "webhook", "actor": {"login": "release-bot", "avatar_url": None}},
        "vcs": {
            "origin_repository_url": world.service.repository,
            "target_repository_url": world.service.repository,
            "revision": world.commit,
            "provider_name": "GitHub",
            "commit": {"body": "", "subject": world.subject},
            "branch": world.branch,
        },
    }
    return json_document(
        world.path("ci", "pipeline.json"),
        _SOURCE,
        "circleci-pipeline",
        tree,
        commit="/vcs/revision",
        time=("/created_at", "/updated_at"),
        build="/id",
        verdict="/state",
        repository="/vcs/origin_repository_url",
        text="/vcs/commit/subject",
    )


def circleci_workflow(world: World) -> Written:
    tree = {
        "pipeline_id": run(world),
        "id": world.uuid("workflow"),
        "name": "release",
        "project_slug": f"gh/{world.service.slug}",
        "status": "success",
        "started_by": world.uuid("somebody"),
        "pipeline_number": world.run % 5000,
        "created_at": z(world.started),
        "stopped_at": z(world.ended),
    }
    return json_document(
        world.path("ci", "workflow.json"),
        _SOURCE,
        "circleci-workflow",
        tree,
        time=("/stopped_at", "/created_at"),
        verdict="/status",
        build="/pipeline_id",
    )


def circleci_jobs(world: World) -> Written:
    jobs = [
        {
            "dependencies": [],
            "job_number": 40 + number,
            "id": world.uuid(f"job {name}"),
            "started_at": z(world.after(-29 + 30 * number)),
            "name": name,
            "project_slug": f"gh/{world.service.slug}",
            "status": "success",
            "type": "build",
            "stopped_at": z(world.after(30 * number)),
        }
        for number, name in enumerate(_JOBS)
    ]
    return json_document(
        world.path("ci", "jobs.json"),
        _SOURCE,
        "circleci-job",
        {"items": jobs, "next_page_token": None},
        time=tuple(f"/items/{number}/{key}" for number in range(len(jobs)) for key in ("started_at", "stopped_at")),
        status="/items/1/status",
    )


def cloud_build_url(world: World) -> str:
    return f"https://console.cloud.google.com/cloud-build/builds/{run(world)}?project={world.run}"


def cloud_build(world: World) -> Written:
    reference = f"{world.image}:{world.version.text}"
    tree = {
        "id": run(world),
        "name": f"projects/{world.run}/locations/global/builds/{run(world)}",
        "projectId": "apps",
        "status": "SUCCESS",
        "createTime": fine(world.started, 9),
        "startTime": fine(world.started, 9),
        "finishTime": fine(world.ended, 6),
        "logUrl": cloud_build_url(world),
        "logsBucket": f"gs://{world.run}.cloudbuild-logs.example",
        "buildTriggerId": world.uuid("trigger"),
        "timeout": "14400s",
        "queueTtl": "3600s",
        "images": [reference],
        "artifacts": {"images": [reference]},
        "sourceProvenance": {"resolvedGitSource": {"url": f"{world.service.repository}.git", "revision": world.commit}},
        "results": {
            "images": [
                {
                    "name": reference,
                    "digest": oci.image(world).digest,
                    "pushTiming": {"startTime": z(world.built), "endTime": z(world.after(1))},
                }
            ],
            "buildStepImages": [world.digest("step image")],
            "buildStepOutputs": [],
        },
        "substitutions": {"COMMIT_SHA": world.commit, "BRANCH_NAME": world.branch, "REPO_NAME": world.service.name},
        "steps": [
            {
                "name": "gcr.io/cloud-builders/docker",
                "id": name,
                "args": ["run", name],
                "status": "SUCCESS",
                "timing": {"startTime": z(world.after(-29 + 30 * number)), "endTime": z(world.after(30 * number))},
                "pullTiming": {"startTime": z(world.started), "endTime": z(world.started)},
            }
            for number, name in enumerate(_JOBS)
        ],
        "options": {"logging": "LEGACY"},
        "tags": ["release"],
        "timing": {"BUILD": {"startTime": z(world.started), "endTime": z(world.built)}},
    }
    return json_document(
        world.path("ci", "build.json"),
        _SOURCE,
        "google-cloud-build",
        tree,
        commit=("/sourceProvenance/resolvedGitSource/revision", "/substitutions/COMMIT_SHA"),
        digest="/results/images/0/digest",
        time=("/finishTime", "/startTime"),
        build="/id",
        verdict="/status",
        status="/steps/1/status",
        repository="/sourceProvenance/resolvedGitSource/url",
    )


def codepipeline_execution(world: World) -> Written:
    execution = {
        "pipelineName": f"{world.service.name}-release",
        "pipelineVersion": 4,
        "pipelineExecutionId": run(world),
        "status": "Succeeded",
        "artifactRevisions": [
            {
                "name": "Source",
                "revisionId": world.commit,
                "revisionSummary": world.subject,
                "revisionUrl": f"{world.service.repository}/commit/{world.commit}",
                "created": world.after(-95).timestamp(),
            }
        ],
        "executionMode": "SUPERSEDED",
        "executionType": "STANDARD",
        "trigger": {"triggerType": "Webhook", "triggerDetail": "arn:aws:codepipeline:eu-west-1:123456789012:webhook:release"},
    }
    return json_document(
        world.path("ci", "execution.json"),
        _SOURCE,
        "aws-codepipeline",
        {"pipelineExecution": execution},
        commit="/pipelineExecution/artifactRevisions/0/revisionId",
        build="/pipelineExecution/pipelineExecutionId",
        verdict="/pipelineExecution/status",
        text="/pipelineExecution/artifactRevisions/0/revisionSummary",
    )


def codebuild_builds(world: World) -> Written:
    project = f"{world.service.name}-release"
    build = {
        "id": f"{project}:{world.uuid('codebuild')}",
        "arn": f"arn:aws:codebuild:eu-west-1:123456789012:build/{project}:{world.uuid('codebuild')}",
        "buildNumber": world.run % 3000,
        "startTime": _seconds(world.started),
        "endTime": _seconds(world.ended),
        "currentPhase": "COMPLETED",
        "buildStatus": "SUCCEEDED",
        "sourceVersion": world.branch,
        "resolvedSourceVersion": world.commit,
        "projectName": project,
        "phases": [_phase(world, number, name) for number, name in enumerate(("INSTALL", "PRE_BUILD", "BUILD", "POST_BUILD"))],
        "source": {
            "type": "GITHUB",
            "location": f"{world.service.repository}.git",
            "gitCloneDepth": 1,
            "buildspec": "",
            "insecureSsl": False,
        },
        "artifacts": {"location": ""},
        "cache": {"type": "NO_CACHE"},
        "environment": {"type": "LINUX_CONTAINER", "image": "aws/codebuild/standard:7.0", "environmentVariables": []},
        "serviceRole": "arn:aws:iam::123456789012:role/release",
        "timeoutInMinutes": 240,
        "queuedTimeoutInMinutes": 480,
        "buildComplete": True,
        "initiator": "codepipeline/release",
        "encryptionKey": "arn:aws:kms:eu-west-1:123456789012:alias/aws/s3",
    }
    return json_document(
        world.path("ci", "builds.json"),
        _SOURCE,
        "aws-codebuild",
        {"builds": [build], "buildsNotFound": []},
        commit="/builds/0/resolvedSourceVersion",
        verdict="/builds/0/buildStatus",
        status="/builds/0/phases/2/phaseStatus",
        repository="/builds/0/source/location",
    )


def _phase(world: World, number: int, name: str) -> dict[str, Any]:
    return {
        "phaseType": name,
        "phaseStatus": "SUCCEEDED",
        "startTime": _seconds(world.after(-29 + 30 * number)),
        "endTime": _seconds(world.after(30 * number)),
        "durationInSeconds": 1740,
        "contexts": [{"statusCode": "", "message": ""}],
    }


def _seconds(time: datetime) -> float:
    """Seconds since 1970, as version 1 of the AWS command line writes them."""
    return time.timestamp() + 0.198
