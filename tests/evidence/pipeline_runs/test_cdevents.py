import orjson
import pytest

from tests.evidence.pipeline_runs.support import (
    DIGEST,
    assert_corpus_is_read,
    assert_drift_is_told,
    assert_read_whole,
    changed,
    jobs,
    said,
    sample,
)
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

NAME, LINES, TICKET, FORMAT = "cdevents-pipelinerun.json", "cdevents.jsonl", "cdevents-ticket.json", "cdevents@0.5"
OTHER = "v4.12.0 is ready"


def test_a_finished_run_says_how_it_ended():
    assert said(assert_read_whole(NAME, FORMAT)) == [
        ("produced_at", "2026-11-20T08:41:02Z", "/context/timestamp"),
        ("build.id", "run-157", "/subject/id"),
        ("build.url", "https://ci.example.com/runs/157", "/subject/content/uri"),
        ("verdict", "failure", "/subject/content/outcome"),
    ]
    assert jobs(assert_read_whole(NAME, FORMAT)) == [("run", None, "release", "failure")]


@pytest.mark.parametrize("word", ["success", "error", "cancel"])
def test_an_outcome_is_carried_as_the_word_it_is(word):
    extraction = extract(changed(NAME, lambda event: event["subject"]["content"].update(outcome=word)), FORMAT)
    assert claims(extraction, "verdict") == [word]


def test_a_finished_run_without_outcome_is_told():
    extraction = extract(changed(NAME, lambda event: event["subject"]["content"].pop("outcome") and None), FORMAT)
    assert claims(extraction, "verdict") == []
    assert problems(extraction) == [("SCHEMA_DRIFT", "json-pointer:/subject/content/outcome")]


def test_that_a_run_started_is_a_row_only_until_it_is_over():
    assert jobs(assert_read_whole(LINES, FORMAT)) == [
        ("job", None, "unit", "success"),
        ("job", None, "fuzz", "started"),
        ("job", None, "build-9", "finished"),
        ("run", None, "release", "failure"),
    ]


def test_an_artifact_is_claimed_by_the_digest_in_its_package_url():
    [digest] = [claim for claim in rows(assert_read_whole(LINES, FORMAT), "claims") if claim["field"] == "artifact.digest"]
    assert (digest["value"], digest["subject"], digest["confidence"]) == (DIGEST, "billing-api", "derived")


def test_a_finished_build_without_outcome_is_no_success():
    assert ("job", None, "build-9", "finished") in jobs(assert_read_whole(LINES, FORMAT))


def test_events_of_other_subjects_say_nothing_of_a_pipeline():
    extraction = extract(sample(TICKET), FORMAT)
    assert said(extraction) == []
    assert [code for code, _ in problems(extraction)] == ["EVIDENCE_EMPTY"]


def test_an_event_may_be_the_data_of_a_cloudevent_or_stand_in_an_array():
    event = orjson.loads(sample(NAME))
    kind = event["context"]["type"]
    carried = {"specversion": "1.0", "id": "1", "source": "/ci", "type": kind, "datacontenttype": "application/json", "data": event}
    extraction = extract(orjson.dumps(carried), FORMAT)
    assert ("verdict", "failure", "/data/subject/content/outcome") in said(extraction)
    assert not_understood(extraction) == []
    assert ("verdict", "failure", "/0/subject/content/outcome") in said(extract(orjson.dumps([event]), FORMAT))


def test_what_is_no_cdevent_among_others_is_told():
    extraction = extract(orjson.dumps([orjson.loads(sample(NAME)), {"text": OTHER}]), FORMAT)
    assert ("EVIDENCE_UNRECOGNISED", "json-pointer:/1") in problems(extraction)


def test_another_version_of_the_specification_is_told():
    extraction = extract(changed(NAME, lambda event: event["context"].update(specversion="1.2.0")), "cdevents@1.2")
    assert problems(extraction) == [("SCHEMA_DRIFT", None)]


def test_another_cloudevent_is_something_else():
    assert recognised(b'{"specversion": "1.0", "id": "1", "source": "/x", "type": "com.example.x", "data": {}}') == []


def test_an_unknown_member_is_not_understood():
    extraction = extract(changed(NAME, lambda event: event["subject"]["content"].update(ring="eu")), FORMAT)
    assert not_understood(extraction) == ["/subject/content/ring"]


def test_drift_is_told():
    required = {
        "/context",
        "/context/type",
        "/context/timestamp",
        "/subject",
        "/subject/id",
        "/subject/content",
        "/subject/content/outcome",
    }
    assert_drift_is_told(NAME, required, joined={"name"})


def test_the_corpus_is_read():
    assert_corpus_is_read("cdevents", "ci/cdevents", least=53, told=["EVIDENCE_EMPTY", "SCHEMA_DRIFT"])
