"""The CI run a process runs in, from what the common CI systems put into its environment. Pure: a mapping in, a value out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

Environ = Mapping[str, str]


@dataclass(frozen=True)
class CiRun:
    """``id`` is the one by which the system's own run records name the run. What the environment does not say is None."""

    system: str
    id: str
    url: str | None = None
    attempt: str | None = None
    commit: str | None = None
    branch: str | None = None
    tag: str | None = None
    repository: str | None = None


def ci_run(environ: Environ) -> CiRun | None:
    """The run of the environment, or None where it is no CI system's.

    Tekton, and others without variables of their own, are served by ``RELEASE_STAGING_RUN_ID`` and its companions, which
    go before all others.
    """
    for read in (_own, _github, _gitlab, _buildkite, _circle, _azure, _jenkins):
        run = read(lambda name: environ.get(name, "").strip() or None)
        if run is not None:
            return run
    return None


_Get = Callable[[str], str | None]


def _own(get: _Get) -> CiRun | None:
    run = get("RELEASE_STAGING_RUN_ID")
    if run is None:
        return None
    return CiRun(
        "environment",
        run,
        url=get("RELEASE_STAGING_RUN_URL"),
        attempt=get("RELEASE_STAGING_RUN_ATTEMPT"),
        commit=get("RELEASE_STAGING_COMMIT"),
        branch=get("RELEASE_STAGING_BRANCH"),
        tag=get("RELEASE_STAGING_TAG"),
        repository=_public(get("RELEASE_STAGING_REPOSITORY")),
    )


def _github(get: _Get) -> CiRun | None:
    run = get("GITHUB_RUN_ID")
    if get("GITHUB_ACTIONS") != "true" or not run:
        return None
    server, name = get("GITHUB_SERVER_URL"), get("GITHUB_REPOSITORY")
    repository = f"{server}/{name}" if server and name else None
    tagged = get("GITHUB_REF_TYPE") == "tag"
    return CiRun(
        "github-actions",
        run,
        url=f"{repository}/actions/runs/{run}" if repository else None,
        attempt=get("GITHUB_RUN_ATTEMPT"),
        commit=get("GITHUB_SHA"),
        branch=None if tagged else get("GITHUB_HEAD_REF") or get("GITHUB_REF_NAME"),
        tag=get("GITHUB_REF_NAME") if tagged else None,
        repository=_public(repository),
    )


def _gitlab(get: _Get) -> CiRun | None:
    run = get("CI_PIPELINE_ID")
    if get("GITLAB_CI") != "true" or not run:
        return None
    return CiRun(
        "gitlab-ci",
        run,
        url=get("CI_PIPELINE_URL"),
        commit=get("CI_COMMIT_SHA"),
        branch=get("CI_COMMIT_BRANCH") or get("CI_MERGE_REQUEST_SOURCE_BRANCH_NAME"),
        tag=get("CI_COMMIT_TAG"),
        repository=_public(get("CI_PROJECT_URL")),
    )


def _buildkite(get: _Get) -> CiRun | None:
    run = get("BUILDKITE_BUILD_ID")
    if get("BUILDKITE") != "true" or not run:
        return None
    commit = get("BUILDKITE_COMMIT")
    return CiRun(
        "buildkite",
        run,
        url=get("BUILDKITE_BUILD_URL"),
        commit=None if commit == "HEAD" else commit,  # HEAD: the branch's tip, whichever that was
        branch=get("BUILDKITE_BRANCH"),
        tag=get("BUILDKITE_TAG"),
        repository=_public(get("BUILDKITE_REPO")),
    )


def _circle(get: _Get) -> CiRun | None:
    run = get("CIRCLE_WORKFLOW_ID")
    if get("CIRCLECI") != "true" or not run:
        return None
    return CiRun(
        "circleci",
        run,
        url=get("CIRCLE_BUILD_URL"),
        commit=get("CIRCLE_SHA1"),
        branch=get("CIRCLE_BRANCH"),
        tag=get("CIRCLE_TAG"),
        repository=_public(get("CIRCLE_REPOSITORY_URL")),
    )


def _azure(get: _Get) -> CiRun | None:
    run = get("BUILD_BUILDID")
    if (get("TF_BUILD") or "").lower() != "true" or not run:
        return None
    collection, project = get("SYSTEM_COLLECTIONURI"), get("SYSTEM_TEAMPROJECT")
    ref = get("BUILD_SOURCEBRANCH") or ""
    return CiRun(
        "azure-pipelines",
        run,
        url=f"{collection.rstrip('/')}/{project}/_build/results?buildId={run}" if collection and project else None,
        attempt=get("SYSTEM_JOBATTEMPT"),
        commit=get("BUILD_SOURCEVERSION"),
        branch=_after(ref, "refs/heads/"),
        tag=_after(ref, "refs/tags/"),
        repository=_public(get("BUILD_REPOSITORY_URI")),
    )


def _jenkins(get: _Get) -> CiRun | None:
    run = get("BUILD_NUMBER")
    if not get("JENKINS_URL") or not run:
        return None
    branch = get("BRANCH_NAME") or get("GIT_LOCAL_BRANCH") or (get("GIT_BRANCH") or "").removeprefix("origin/")
    return CiRun(
        "jenkins",
        run,
        url=get("BUILD_URL"),
        commit=get("GIT_COMMIT"),
        branch=None if get("TAG_NAME") else branch or None,
        tag=get("TAG_NAME"),
        repository=_public(get("GIT_URL")),
    )


def _after(text: str, prefix: str) -> str | None:
    return text[len(prefix) :] if text.startswith(prefix) else None


def _public(address: str | None) -> str | None:
    """A repository address without the user name and password that some systems put into it."""
    if not address or "://" not in address:
        return address
    parts = urlsplit(address)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
