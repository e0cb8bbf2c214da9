"""Google Cloud Build: ``gcloud builds describe --format=json`` (``google.devtools.cloudbuild.v1.Build``), or a list of builds.

The commit stands in ``sourceProvenance`` where Cloud Build fetched the source, else in the substitutions a trigger fills in. Steps are
rows, named by their id, or by the image they run in. Other substitutions may hold anything and are never read.
"""

from __future__ import annotations

from release_staging.evidence.pipeline_runs.runs import Claims, borne_out, first_node, prefixed
from release_staging.evidence.reader import JSON, YAML, Extract, Head, Reader, Tree
from release_staging.evidence.tree import Node
from release_staging.model.confidence import Confidence

_VOCABULARY = "cloud-build-status"
_FAILED = ("FAILURE", "INTERNAL_ERROR", "TIMEOUT")
_SUBSTITUTIONS = {"COMMIT_SHA": "candidate.commit", "BRANCH_NAME": "candidate.branch", "TAG_NAME": "candidate.tag"}


def recognise(head: Head) -> str | None:
    build = head.get(0) if isinstance(head.root, list) else head.root
    known = isinstance(build, dict) and {"id", "projectId", "status", "steps", "createTime"} <= build.keys()
    return "" if known else None


def read(tree: Tree, out: Extract) -> None:
    claims = Claims(out)
    listed = isinstance(tree.root.raw, list)
    for build in tree.root.items() if listed else [tree.root]:
        _build(build, claims, build.text("id") if listed else None)


def _build(build: Node, claims: Claims, subject: str | None) -> None:
    claims.claim("build.id", build["id"], required=True)
    claims.claim("build.url", build["logUrl"])
    _source(build, claims)
    for image in build.object("results").items("images"):
        name = image.text("name", required=True)
        claims.claim("artifact.reference", image["name"])
        claims.claim("artifact.digest", image["digest"], required=True, subject=name)
    claims.claim("started_at", build["startTime"])
    claims.claim("finished_at", build["finishTime"])
    claims.claim("verdict", build["status"], required=True, vocabulary=_VOCABULARY, subject=subject)
    _row(build, "run", None, None, (build["startTime"], build["finishTime"]), claims.out)
    failed = None
    for step in build.items("steps", required=True):
        timing = step.object("timing")
        name = claims.out.scalar(first_node(step["id"], step["name"]), required=True)
        _row(step, "step", name, build.text("id"), (timing["startTime"], timing["endTime"]), claims.out)
        allowed = step["allowFailure"].raw is True or step["allowExitCodes"].exists
        failed = failed or (step["status"] if step["status"].raw in _FAILED and not allowed else None)
    borne_out(build["status"], build["status"].raw == "SUCCESS", failed)


def _source(build: Node, claims: Claims) -> None:
    provenance = build.object("sourceProvenance")
    claims.commit(provenance.object("resolvedRepoSource")["commitSha"], required=False)
    git = provenance.object("resolvedGitSource")
    claims.commit(git["revision"], required=False)
    claims.claim("repository.url", git["url"])
    substitutions = build.object("substitutions")
    for key, field in _SUBSTITUTIONS.items():
        claims.claim(field, substitutions[key])
    if (substitutions.text("REPO_FULL_NAME") or "").count("/") == 1:
        value, loss = f"https://github.com/{substitutions.text('REPO_FULL_NAME')}", "owner and name, taken for a repository on GitHub"
        claims.claim("repository.url", substitutions["REPO_FULL_NAME"], value=value, confidence=Confidence.LOW, loss=loss)


def _row(node: Node, kind: str, name: str | None, parent: str | None, times: tuple[Node, Node], out: Extract) -> None:
    out.row(
        "jobs",
        node,
        kind=kind,
        name=name,
        parent=parent,
        status=node.text("status", required=kind == "run"),
        vocabulary=_VOCABULARY,
        started_at=out.scalar(times[0]),
        finished_at=out.scalar(times[1]),
    )


_BUILD = (
    *("name", "projectId", "createTime", "buildTriggerId", "timeout", "queueTtl", "logsBucket", "serviceAccount", "tags/**", "timing/**"),
    *("statusDetail", "failureInfo/**", "warnings/**", "approval/**", "availableSecrets/**", "secrets/**", "options/**", "artifacts/**"),
    *(
        "images/**",
        "source/**",
        "results/buildStepImages/**",
        "results/buildStepOutputs/**",
        "results/numArtifacts",
        "results/artifact*/**",
    ),
    *("results/images/*/pushTiming/**", "substitutions/_*", "gitConfig/**", "dependencies/**"),
)
_STEP = (
    *(
        "args/**",
        "env/**",
        "secretEnv/**",
        "script",
        "dir",
        "entrypoint",
        "waitFor/**",
        "volumes/**",
        "pullTiming/**",
        "timeout",
        "exitCode",
    ),
    *("allowFailure", "allowExitCodes/**", "automapSubstitutions", "name"),
)

READER = Reader(
    source="pipeline_runs",
    format="google-cloud-build",
    title="Google Cloud Build",
    reference="Cloud Build API v1, projects.builds",
    encodings=(JSON, YAML),
    media_type="application/json",
    recognise=recognise,
    read=read,
    drops={
        "build-detail": prefixed(("", "/*"), *(f"/{key}" for key in _BUILD)),
        # Arguments, environment and scripts of steps may hold secrets.
        "step-detail": prefixed(("", "/*"), *(f"/steps/*/{key}" for key in _STEP)),
        "source-detail": prefixed(
            ("", "/*"),
            *(
                f"/substitutions/{key}"
                for key in ("REPO_NAME", "SHORT_SHA", "REVISION_ID", "REF_NAME", "TRIGGER_*", "PROJECT_*", "BUILD_ID")
            ),
            *("/substitutions/LOCATION", "/substitutions/SERVICE_ACCOUNT*"),
            *(f"/sourceProvenance/resolvedRepoSource/{key}" for key in ("projectId", "repoName", "dir", "branchName", "tagName")),
            *("/sourceProvenance/resolvedGitSource/dir", "/sourceProvenance/fileHashes/**", "/sourceProvenance/resolved*StorageSource*/**"),
            "/sourceProvenance/resolvedConnectedRepository/**",
        ),
    },
)
