from tests.evidence.pipeline_runs.support import (
    COMMIT,
    DIGEST,
    OTHER_COMMIT,
    assert_corpus_is_read,
    assert_drift_is_told,
    assert_read_whole,
    changed,
    jobs,
    said,
)
from tests.evidence.support import claims, extract, not_understood, problems, rows

BUILDS, EXECUTION, STATE = "aws-codebuild.json", "aws-codepipeline.json", "aws-codepipeline-state.json"
BUILD, PIPELINE = "aws-codebuild", "aws-codepipeline"


def test_a_build_says_what_it_built_from_what():
    assert said(assert_read_whole(BUILDS, BUILD)) == [
        ("build.id", "billing-release:815e755f", "/builds/0/id"),
        ("candidate.commit", COMMIT, "/builds/0/resolvedSourceVersion"),
        ("repository.url", "https://github.com/acme-pay/billing-api.git", "/builds/0/source/location"),
        ("artifact.digest", DIGEST, "/builds/0/artifacts/sha256sum"),
        ("started_at", "2026-11-20T08:31:20.198000Z", "/builds/0/startTime"),
        ("finished_at", "2026-11-20T08:41:01.380000Z", "/builds/0/endTime"),
        ("verdict", "SUCCEEDED", "/builds/0/buildStatus"),
    ]


def test_phases_are_steps_and_the_mark_of_the_end_is_none():
    assert jobs(assert_read_whole(BUILDS, BUILD)) == [
        ("run", None, "billing-release", "SUCCEEDED"),
        ("step", "billing-release", "BUILD", "SUCCEEDED"),
    ]


def test_a_build_that_passed_above_a_phase_that_failed_is_told():
    extraction = extract(changed(BUILDS, lambda page: page["builds"][0]["phases"][0].update(phaseStatus="FAILED")), BUILD)
    assert problems(extraction) == [("CONTRADICTION", "json-pointer:/builds/0/buildStatus")]


def test_version_2_of_the_command_line_writes_times_as_text():
    text = "2026-11-20T08:41:01.380000+00:00"
    extraction = extract(changed(BUILDS, lambda page: page["builds"][0].update(endTime=text)), BUILD)
    assert claims(extraction, "finished_at") == [text]
    assert rows(extraction, "jobs")[0]["finished_at"] == text


def test_an_output_without_digest_and_a_source_that_is_no_repository_claim_nothing():
    def from_a_pipeline(page):
        page["builds"][0]["artifacts"]["sha256sum"] = ""
        page["builds"][0]["source"] = {"type": "CODEPIPELINE"}

    extraction = extract(changed(BUILDS, from_a_pipeline), BUILD)
    assert claims(extraction, "artifact.digest") == claims(extraction, "repository.url") == []
    assert problems(extraction) == []


def test_a_build_that_was_not_found_is_told():
    extraction = extract(changed(BUILDS, lambda page: page.update(buildsNotFound=["billing-release:1"])), BUILD)
    assert problems(extraction) == [("EVIDENCE_MISSING", "json-pointer:/buildsNotFound/0")]


def test_an_execution_names_the_commit_of_its_one_source():
    assert said(assert_read_whole(EXECUTION, PIPELINE)) == [
        ("build.id", "7cf7f7cb-3137-439e-8458-d7eu3", "/pipelineExecution/pipelineExecutionId"),
        ("candidate.commit", COMMIT, "/pipelineExecution/artifactRevisions/0/revisionId"),
        ("verdict", "Succeeded", "/pipelineExecution/status"),
    ]
    assert jobs(assert_read_whole(EXECUTION, PIPELINE)) == [("run", None, "billing-release", "Succeeded")]


def test_of_several_sources_none_is_taken_for_the_candidate():
    second = {"name": "Library", "revisionId": OTHER_COMMIT}
    extraction = extract(changed(EXECUTION, lambda page: page["pipelineExecution"]["artifactRevisions"].append(second)), PIPELINE)
    assert claims(extraction, "candidate.commit") == []
    assert problems(extraction) == [("LOW_CONFIDENCE", "json-pointer:/pipelineExecution/artifactRevisions/0")]


def test_the_state_of_a_pipeline_is_that_of_its_stages_and_waiting_is_no_success():
    extraction = assert_read_whole(STATE, PIPELINE)
    assert jobs(extraction) == [
        ("job", "billing-release", "Source", "Succeeded"),
        ("step", "Source", "Checkout", "Succeeded"),
        ("job", "billing-release", "Release", "InProgress"),
        ("step", "Release", "Wait", "InProgress"),
    ]
    assert rows(extraction, "jobs")[3]["finished_at"] is None
    assert claims(extraction, "verdict") == []


def test_an_unknown_member_is_not_understood():
    assert not_understood(extract(changed(BUILDS, lambda page: page["builds"][0].update(ring="eu")), BUILD)) == ["/builds/*/ring"]
    assert not_understood(extract(changed(EXECUTION, lambda page: page.update(ring="eu")), PIPELINE)) == ["/ring"]


def test_drift_is_told():
    each = ("id", "projectName", "buildStatus", "source", "phases/*/phaseType", "phases/*/phaseStatus")
    assert_drift_is_told(BUILDS, {"/builds", *(f"/builds/*/{key}" for key in each)})
    required = ("pipelineExecutionId", "pipelineName", "status", "artifactRevisions/*/revisionId")
    assert_drift_is_told(EXECUTION, {f"/pipelineExecution/{key}" for key in required})
    action = "/stageStates/*/actionStates/*"
    required = {"/pipelineName", "/stageStates", "/stageStates/*/stageName", "/stageStates/*/latestExecution/status"}
    assert_drift_is_told(STATE, {*required, f"{action}/actionName", f"{action}/latestExecution/status"})


def test_the_corpus_is_read():
    assert_corpus_is_read(BUILD, "ci/aws-codebuild-codepipeline-codedeploy", least=1)
    assert_corpus_is_read(PIPELINE, "ci/aws-codebuild-codepipeline-codedeploy", least=2)
