import orjson

from tests.evidence.pipeline_runs.support import assert_corpus_is_read, assert_drift_is_told, assert_read_whole, changed, jobs, said, sample
from tests.evidence.support import claims, extract, not_understood, problems, rows

NAME, FORMAT = "jenkins-wfapi.json", "jenkins-wfapi"


def test_stages_and_steps_are_rows_with_their_own_words():
    assert jobs(assert_read_whole(NAME, FORMAT)) == [
        ("run", None, "#57", "UNSTABLE"),
        ("job", "#57", "Build", "SUCCESS"),
        ("step", "Build", "Shell Script", "SUCCESS"),
        ("job", "#57", "Test", "UNSTABLE"),
        ("job", "#57", "Deploy", "NOT_EXECUTED"),
    ]


def test_the_build_is_named_and_no_commit():
    assert said(assert_read_whole(NAME, FORMAT)) == [
        ("build.id", "57", "/id"),
        ("verdict", "UNSTABLE", "/status"),
        ("started_at", "2026-11-20T08:31:20.198000Z", "/startTimeMillis"),
        ("finished_at", "2026-11-20T08:41:01.380000Z", "/startTimeMillis"),
    ]


def test_a_stage_that_was_not_executed_did_not_end():
    deploy = rows(assert_read_whole(NAME, FORMAT), "jobs")[-1]
    assert deploy["finished_at"] is None


def test_a_single_stage_has_the_number_of_its_build_in_its_address():
    extraction = extract(orjson.dumps(orjson.loads(sample(NAME))["stages"][1]), FORMAT)
    assert ("build.id", "57", "/_links/self/href") in said(extraction)
    assert jobs(extraction) == [("job", None, "Test", "UNSTABLE")]
    assert not_understood(extraction) == []


def test_a_status_of_null_is_told_and_never_a_verdict():
    extraction = extract(changed(NAME, lambda build: build["stages"][0].update(status=None)), FORMAT)
    assert problems(extraction) == [("SCHEMA_DRIFT", "json-pointer:/stages/0/status")]
    assert jobs(extraction)[1][3] is None


def test_a_paused_build_has_no_end():
    extraction = extract(changed(NAME, lambda build: build.update(status="PAUSED_PENDING_INPUT")), FORMAT)
    assert claims(extraction, "finished_at") == []


def test_an_unknown_member_is_not_understood():
    assert not_understood(extract(changed(NAME, lambda build: build["stages"][0].update(ring="eu")), FORMAT)) == ["/stages/*/ring"]


def test_drift_is_told():
    required = {"/id", "/name", "/status", "/startTimeMillis", "/durationMillis", "/stages", "/stages/*/name", "/stages/*/status"}
    assert_drift_is_told(NAME, required)


def test_the_corpus_is_read():
    assert_corpus_is_read(FORMAT, "ci/jenkins-wfapi", least=8, told=["SCHEMA_DRIFT"])
