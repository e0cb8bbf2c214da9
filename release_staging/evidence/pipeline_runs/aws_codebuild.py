"""AWS CodeBuild builds: ``aws codebuild batch-get-builds``.

``resolvedSourceVersion`` is the commit where the source is a repository; ``artifacts.sha256sum`` the digest of the output, where CodeBuild
was told to make one. Builds asked for and not found are told. Phases are rows. Environment variables are never read.
"""

from __future__ import annotations

import re

from release_staging.evidence.pipeline_runs.aws import claim_time, time_of
from release_staging.evidence.pipeline_runs.runs import Claims, borne_out
from release_staging.evidence.reader import JSON, Extract, Head, Reader, Tree
from release_staging.evidence.tree import Node
from release_staging.model.exceptions import Code

_VOCABULARY = "aws-codebuild-status"
_FAILED = ("FAILED", "FAULT", "TIMED_OUT", "CLIENT_ERROR")
_TELLING = {"arn", "buildStatus", "projectName"}
_ARN = re.compile(r"arn:aws[a-z-]*:codebuild:")
_REPOSITORY = ("https://", "http://", "ssh://", "git@")


def recognise(head: Head) -> str | None:
    build = head.get("builds", 0)
    return "" if isinstance(build, dict) and (_ARN.match(str(build.get("arn"))) or build.keys() >= _TELLING) else None


def read(tree: Tree, out: Extract) -> None:
    claims = Claims(out)
    for build in tree.root.items("builds", required=True):
        _build(build, claims)
    for missing in tree.root.items("buildsNotFound"):
        out.scalar(missing)
        out.problem(Code.EVIDENCE_MISSING, "a build that was asked for was not found", missing)


def _build(build: Node, claims: Claims) -> None:
    out = claims.out
    claims.claim("build.id", build["id"], required=True)
    claims.commit(build["resolvedSourceVersion"], required=False)
    source = build.object("source", required=True)
    if (source.text("location") or "").startswith(_REPOSITORY):
        claims.claim("repository.url", source["location"])
    output = build.object("artifacts")
    location, digest = output.text("location"), output.text("sha256sum")
    if digest is not None:
        claims.claim("artifact.digest", output["sha256sum"], value=f"sha256:{digest}", subject=location)
    claim_time("started_at", build["startTime"], claims)
    claim_time("finished_at", build["endTime"], claims)
    name = build.text("projectName", required=True)
    claims.claim("verdict", build["buildStatus"], required=True, vocabulary=_VOCABULARY, subject=build.text("id"))
    _row(build, "run", name, None, build.text("buildStatus"), out)
    failed = None
    for phase in build.items("phases"):
        kind = phase.text("phaseType", required=True)
        status = phase.text("phaseStatus", required=kind != "COMPLETED")
        if kind != "COMPLETED":  # a mark of the end, not a phase that runs
            _row(phase, "step", kind, name, status, out)
        failed = failed or (phase["phaseStatus"] if status in _FAILED else None)
    borne_out(build["buildStatus"], build["buildStatus"].raw == "SUCCEEDED", failed)


def _row(node: Node, kind: str, name: str | None, parent: str | None, status: str | None, out: Extract) -> None:
    out.row(
        "jobs",
        node,
        kind=kind,
        name=name,
        parent=parent,
        status=status,
        vocabulary=_VOCABULARY,
        started_at=time_of(node["startTime"]),
        finished_at=time_of(node["endTime"]),
    )


_DETAIL = (
    *("arn", "buildNumber", "buildComplete", "currentPhase", "sourceVersion", "initiator", "serviceRole", "timeoutInMinutes"),
    *("queuedTimeoutInMinutes", "encryptionKey", "logs/**", "cache/**", "networkInterface/**", "vpcConfig/**", "secondary*/**"),
    *("reportArns/**", "fileSystemLocations/**", "debugSession/**", "buildBatchArn", "autoRetryConfig/**"),
)

READER = Reader(
    source="pipeline_runs",
    format="aws-codebuild",
    title="AWS CodeBuild builds",
    reference="AWS CLI Command Reference, codebuild batch-get-builds",
    encodings=(JSON,),
    media_type="application/json",
    recognise=recognise,
    read=read,
    drops={
        "build-detail": tuple(f"/builds/*/{key}" for key in _DETAIL),
        # Variables and buildspecs may hold secrets.
        "build-environment": ("/builds/*/environment/**", "/builds/*/exportedEnvironmentVariables/**"),
        "source-detail": tuple(
            f"/builds/*/source/{key}"
            for key in (
                "type",
                "buildspec",
                "gitCloneDepth",
                "insecureSsl",
                "auth/**",
                "reportBuildStatus",
                "gitSubmodulesConfig/**",
                "sourceIdentifier",
            )
        ),
        "artifact-detail": tuple(
            f"/builds/*/artifacts/{key}" for key in ("md5sum", "encryptionDisabled", "overrideArtifactName", "artifactIdentifier")
        ),
        "phase-detail": ("/builds/*/phases/*/durationInSeconds", "/builds/*/phases/*/contexts/**"),
    },
)
