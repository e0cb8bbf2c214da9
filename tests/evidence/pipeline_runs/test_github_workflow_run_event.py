from tests.evidence.pipeline_runs.support import assert_corpus_is_read, assert_drift_is_told, assert_read_whole, changed, jobs, said
from tests.evidence.support import claims, extract, not_understood, recognised

NAME, FORMAT = "workflow-run-event.json", "github-workflow-run-event"


def test_the_event_says_what_its_run_says():
    extraction = assert_read_whole(NAME, FORMAT)
    assert ("candidate.commit", "9f2c4e1b7a6d5c3f8e0b1a2d4c6e8f0a1b3c5d7e", "/workflow_run/head_sha") in said(extraction)
    assert ("verdict", "success", "/workflow_run/conclusion") in said(extraction)
    assert jobs(extraction) == [("run", None, "release", "success")]


def test_a_run_that_was_only_requested_has_no_end_and_no_conclusion():
    def requested(event):
        event["action"] = "requested"
        event["workflow_run"] |= {"status": "queued", "conclusion": None}

    extraction = extract(changed(NAME, requested), FORMAT)
    assert claims(extraction, "verdict") == ["queued"]
    assert claims(extraction, "finished_at") == []


def test_an_event_about_a_deployment_is_something_else():
    assert recognised(changed(NAME, lambda event: event.update(deployment={"id": 1}))) == []


def test_an_unknown_member_is_not_understood():
    data = changed(NAME, lambda event: event.update(ring="eu"))
    assert not_understood(extract(data, FORMAT)) == ["/ring"]


def test_drift_is_told():
    assert_drift_is_told(
        NAME, {"/workflow_run", *(f"/workflow_run/{key}" for key in ("id", "head_sha", "status", "conclusion", "repository"))}
    )


def test_the_corpus_is_read():
    assert_corpus_is_read(FORMAT, "ci/github-webhook", least=4)
