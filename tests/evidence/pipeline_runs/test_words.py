"""Which words of CI systems are a pass: these, and no others."""

import pytest

from release_staging.config.registries import key
from tests.normalize.support import SAMPLE

PASSES = {
    "github-conclusion": {"success"},
    "gitlab-status": {"success"},
    "jenkins-result": {"SUCCESS"},
    "jenkins-wfapi-status": {"SUCCESS"},
    "tekton-reason": {"Succeeded", "Completed", "True"},
    "tekton-step": {"exit-zero"},
    "azure-devops-build": {"succeeded"},
    "bitbucket-pipeline": {"SUCCESSFUL"},
    "circleci-pipeline-state": set(),
    "circleci-status": {"success"},
    "buildkite-state": {"passed"},
    "cdevents-outcome": {"success"},
    "aws-codebuild-status": {"SUCCEEDED"},
    "aws-codepipeline-status": {"Succeeded"},
    "cloud-build-status": {"SUCCESS"},
}


@pytest.mark.parametrize("vocabulary", PASSES)
def test_no_other_word_is_a_pass(vocabulary):
    passed = {word for (name, word), meaning in SAMPLE.words["outcome"].items() if name == vocabulary and meaning.canonical == "passed"}
    assert passed == {key(word) for word in PASSES[vocabulary]}


def test_a_completed_pipeline_of_tekton_says_that_tasks_were_skipped():
    assert "skipped" in (SAMPLE.words["outcome"]["tekton-reason", key("Completed")].loss or "")


@pytest.mark.parametrize(
    ("vocabulary", "word", "outcome"),
    [
        ("gitlab-status", "success-with-warnings", "inconclusive"),
        ("gitlab-status", "manual", "skipped"),
        ("jenkins-result", "UNSTABLE", "failed"),
        ("azure-devops-build", "partiallySucceeded", "inconclusive"),
        ("buildkite-state", "blocked", "inconclusive"),
        ("buildkite-state", "soft_failed", "failed"),
        ("circleci-pipeline-state", "created", "inconclusive"),
        ("tekton-reason", "FailureIgnored", "failed"),
        ("cdevents-outcome", "finished", "inconclusive"),
    ],
)
def test_what_looks_like_a_pass_and_is_none(vocabulary, word, outcome):
    assert SAMPLE.words["outcome"][vocabulary, key(word)].canonical == outcome
