import orjson

from tests.evidence.pipeline_runs.support import (
    COMMIT,
    REPOSITORY,
    assert_corpus_is_read,
    assert_drift_is_told,
    assert_read_whole,
    changed,
    claimed,
    jobs,
    sample,
)
from tests.evidence.support import claims, extract, not_understood, problems

NAME, FORMAT = "check-runs.json", "github-check-runs"


def test_checks_are_rows_with_the_word_of_their_conclusion():
    extraction = assert_read_whole(NAME, FORMAT)
    assert jobs(extraction) == [("job", "GitHub Actions", "unit tests", "success"), ("job", "Scanly", "licence scan", "neutral")]


def test_checks_say_what_commit_they_are_of():
    extraction = assert_read_whole(NAME, FORMAT)
    assert claims(extraction, "candidate.commit") == [COMMIT]
    assert claimed(extraction, "repository.url") == [(REPOSITORY, "derived", "the address is cut down to its repository")]
    assert claims(extraction, "started_at") == ["2026-11-20T08:32:00Z"]
    assert claims(extraction, "verdict") == []


def test_a_check_without_conclusion_is_its_status():
    running = {"status": "in_progress", "conclusion": None, "completed_at": None}
    extraction = extract(changed(NAME, lambda page: page["check_runs"][0].update(running)), FORMAT)
    assert jobs(extraction)[0][3] == "in_progress"
    assert claims(extraction, "finished_at") == []


def test_a_single_check_has_a_verdict():
    extraction = extract(orjson.dumps(orjson.loads(sample(NAME))["check_runs"][1]), FORMAT)
    assert claims(extraction, "verdict") == ["neutral"]
    assert not_understood(extraction) == []


def test_checks_that_the_page_leaves_out_are_told():
    extraction = extract(changed(NAME, lambda page: page.update(total_count=8)), FORMAT)
    assert problems(extraction) == [("EVIDENCE_MISSING", "json-pointer:/total_count")]


def test_an_unknown_member_is_not_understood():
    extraction = extract(changed(NAME, lambda page: page["check_runs"][0].update(ring="eu")), FORMAT)
    assert not_understood(extraction) == ["/check_runs/*/ring"]


def test_drift_is_told():
    each = ("head_sha", "name", "status", "conclusion")
    required = {"/total_count", "/check_runs", *(f"/check_runs/*/{key}" for key in each)}
    assert_drift_is_told(NAME, required, joined={"started_at", "finished_at"})


def test_the_corpus_is_read():
    assert_corpus_is_read(FORMAT, "ci/github-check-runs", least=10, told=["EVIDENCE_MISSING"])
