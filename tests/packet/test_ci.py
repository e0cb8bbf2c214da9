"""What each CI system puts into the environment names the run."""

from __future__ import annotations

import pytest

from release_staging.packet.ci import CiRun, ci_run

SHA = "9f2c1e7a5b3d4c6f8a0e1b2c3d4e5f60718293a4"
REPOSITORY = "https://git.example.com/acme-pay/billing-api"

GITHUB = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_RUN_ID": "7714620931",
    "GITHUB_RUN_ATTEMPT": "2",
    "GITHUB_SERVER_URL": "https://git.example.com",
    "GITHUB_REPOSITORY": "acme-pay/billing-api",
    "GITHUB_SHA": SHA,
    "GITHUB_REF_TYPE": "branch",
    "GITHUB_REF_NAME": "release/4.12",
}
GITLAB = {
    "GITLAB_CI": "true",
    "CI_PIPELINE_ID": "1001",
    "CI_PIPELINE_URL": f"{REPOSITORY}/-/pipelines/1001",
    "CI_COMMIT_SHA": SHA,
    "CI_COMMIT_BRANCH": "main",
    "CI_PROJECT_URL": REPOSITORY,
}
JENKINS = {
    "JENKINS_URL": "https://ci.example.com/",
    "BUILD_NUMBER": "42",
    "BUILD_URL": "https://ci.example.com/job/billing/42/",
    "GIT_COMMIT": SHA,
    "GIT_BRANCH": "origin/main",
    "GIT_URL": "https://bot:hunter2@git.example.com/acme-pay/billing-api",
}
BUILDKITE = {
    "BUILDKITE": "true",
    "BUILDKITE_BUILD_ID": "0190a1",
    "BUILDKITE_BUILD_URL": "https://ci.example.com/builds/7",
    "BUILDKITE_COMMIT": SHA,
    "BUILDKITE_BRANCH": "main",
    "BUILDKITE_TAG": "",
    "BUILDKITE_REPO": "git@git.example.com:acme-pay/billing-api.git",
}
CIRCLE = {
    "CIRCLECI": "true",
    "CIRCLE_WORKFLOW_ID": "w-1",
    "CIRCLE_BUILD_URL": "https://ci.example.com/jobs/9",
    "CIRCLE_SHA1": SHA,
    "CIRCLE_TAG": "v4.12.0",
    "CIRCLE_REPOSITORY_URL": REPOSITORY,
}
AZURE = {
    "TF_BUILD": "True",
    "BUILD_BUILDID": "555",
    "SYSTEM_COLLECTIONURI": "https://dev.example.com/acme/",
    "SYSTEM_TEAMPROJECT": "billing",
    "SYSTEM_JOBATTEMPT": "1",
    "BUILD_SOURCEVERSION": SHA,
    "BUILD_SOURCEBRANCH": "refs/heads/main",
    "BUILD_REPOSITORY_URI": REPOSITORY,
}


@pytest.mark.parametrize(
    ("environ", "run"),
    [
        (
            GITHUB,
            CiRun("github-actions", "7714620931", f"{REPOSITORY}/actions/runs/7714620931", "2", SHA, "release/4.12", None, REPOSITORY),
        ),
        (GITLAB, CiRun("gitlab-ci", "1001", f"{REPOSITORY}/-/pipelines/1001", None, SHA, "main", None, REPOSITORY)),
        (JENKINS, CiRun("jenkins", "42", "https://ci.example.com/job/billing/42/", None, SHA, "main", None, REPOSITORY)),
        (
            BUILDKITE,
            CiRun("buildkite", "0190a1", "https://ci.example.com/builds/7", None, SHA, "main", None, BUILDKITE["BUILDKITE_REPO"]),
        ),
        (CIRCLE, CiRun("circleci", "w-1", "https://ci.example.com/jobs/9", None, SHA, None, "v4.12.0", REPOSITORY)),
        (
            AZURE,
            CiRun(
                "azure-pipelines",
                "555",
                "https://dev.example.com/acme/billing/_build/results?buildId=555",
                "1",
                SHA,
                "main",
                None,
                REPOSITORY,
            ),
        ),
    ],
    ids=lambda value: value.system if isinstance(value, CiRun) else "",
)
def test_each_ci_system_names_its_run(environ: dict[str, str], run: CiRun) -> None:
    assert ci_run(environ) == run


def test_outside_of_ci_there_is_no_run() -> None:
    assert ci_run({"PATH": "/bin", "HOME": "/root", "CI": "true", "BUILD_NUMBER": "42"}) is None


def test_tekton_names_no_run_unless_its_task_does() -> None:
    assert ci_run({"KUBERNETES_SERVICE_HOST": "10.0.0.1"}) is None
    own = {"RELEASE_STAGING_RUN_ID": "billing-run-x7k", "RELEASE_STAGING_COMMIT": SHA, "RELEASE_STAGING_REPOSITORY": REPOSITORY}
    assert ci_run(own) == CiRun("environment", "billing-run-x7k", commit=SHA, repository=REPOSITORY)


def test_a_run_that_is_named_goes_before_the_systems_own() -> None:
    run = ci_run(GITHUB | {"RELEASE_STAGING_RUN_ID": "outer"})
    assert run is not None
    assert run.id == "outer"


def test_a_tag_is_not_taken_for_a_branch() -> None:
    for environ in (
        GITHUB | {"GITHUB_REF_TYPE": "tag", "GITHUB_REF_NAME": "v4.12.0"},
        GITLAB | {"CI_COMMIT_BRANCH": "", "CI_COMMIT_TAG": "v4.12.0"},
        JENKINS | {"TAG_NAME": "v4.12.0", "BRANCH_NAME": "v4.12.0"},
        AZURE | {"BUILD_SOURCEBRANCH": "refs/tags/v4.12.0"},
        CIRCLE,
    ):
        run = ci_run(environ)
        assert run is not None
        assert (run.branch, run.tag) == (None, "v4.12.0")


def test_the_branch_of_a_pull_request_is_its_own() -> None:
    run = ci_run(GITHUB | {"GITHUB_REF_NAME": "17/merge", "GITHUB_HEAD_REF": "fix/rounding"})
    assert run is not None
    assert run.branch == "fix/rounding"


def test_a_moving_name_is_not_a_commit() -> None:
    run = ci_run(BUILDKITE | {"BUILDKITE_COMMIT": "HEAD"})
    assert run is not None
    assert run.commit is None


@pytest.mark.parametrize(
    "environ", [JENKINS, GITLAB | {"CI_PROJECT_URL": JENKINS["GIT_URL"]}, CIRCLE | {"CIRCLE_REPOSITORY_URL": JENKINS["GIT_URL"]}]
)
def test_credentials_in_a_repository_address_are_not_carried_on(environ: dict[str, str]) -> None:
    assert "hunter2" not in str(ci_run(environ))
    assert "bot" not in str(ci_run(environ))
