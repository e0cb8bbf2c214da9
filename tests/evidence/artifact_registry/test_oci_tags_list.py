from pathlib import Path

from tests.evidence import corpus, drift
from tests.evidence.support import extract, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "tags-list.json").read_bytes()
FORMAT = "oci-tags-list"


def test_every_tag_is_a_row_without_a_digest():
    extraction = extract(SAMPLE, FORMAT)
    assert [(row["reference"], row["digest"]) for row in rows(extraction, "artifacts")] == [
        ("billing/billing-api:4.11.0", None),
        ("billing/billing-api:4.12.0-rc.3", None),
        ("billing/billing-api:latest", None),
    ]
    assert problems(extraction) == []
    assert extraction.loss()["not_understood"] == 0


def test_none_of_the_tags_is_the_candidate():
    assert rows(extract(SAMPLE, FORMAT), "claims") == []


def test_a_repository_without_tags_says_nothing():
    assert [code for code, _ in problems(extract(b'{"name": "billing/billing-api", "tags": []}', FORMAT))] == ["EVIDENCE_EMPTY"]


def test_anything_more_than_a_name_and_tags_is_something_else():
    for other in (
        b'{"name": "x", "tags": ["a"], "version": "1"}',
        b'{"name": "x", "tags": [1]}',
        b'{"name": "x", "tags": {"a": "b"}}',
        b'{"name": "", "tags": []}',
    ):
        assert recognised(other) == [], other


def test_drift_is_told():
    drift.assert_drift_is_told(SAMPLE, {"/name", "/tags"})


def test_the_corpus_is_read_whole():
    for path, extractions in corpus.read_all("artifact-registry/oci-tags-list").items():
        assert [extraction.format for extraction in extractions] == [FORMAT], path
        assert extractions[0].loss()["not_understood"] == 0, path
