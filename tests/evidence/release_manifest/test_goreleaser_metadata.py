from pathlib import Path

import pytest

from release_staging.parsing import json
from tests.evidence import corpus, drift
from tests.evidence.support import extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "goreleaser-metadata.json").read_bytes()
FORMAT = "goreleaser-metadata"


def said(**changes):
    extraction = extract(drift.as_json(json.parse(SAMPLE) | changes), FORMAT)
    return {claim["field"]: (claim["value"], claim["confidence"]) for claim in rows(extraction, "claims")}


def test_a_build_names_its_project_version_tag_and_commit():
    assert said() == {
        "service.name": ("billing-api", "exact"),
        "candidate.version": ("4.12.0-rc.3", "exact"),
        "candidate.tag": ("v4.12.0-rc.3", "exact"),
        "candidate.commit": ("9f2c4e1b7a6d5c3f8e0b1a2d4c6e8f0a1b3c5d7e", "exact"),
        "produced_at": ("2026-11-20T08:40:51.271718053Z", "exact"),
    }


def test_the_version_written_where_there_is_no_tag_is_of_low_confidence():
    claims = said(tag="v0.0.0", version="v0.0.0")
    assert claims["candidate.tag"] == ("v0.0.0", "low")
    assert claims["candidate.version"] == ("v0.0.0", "low")
    assert claims["candidate.commit"][1] == "exact"


@pytest.mark.parametrize("version", ["4.11.2-SNAPSHOT-9f2c4e1", "4.11.3-next", "4.11.2-3-g9f2c4e1"])
def test_the_tag_of_a_snapshot_is_not_the_tag_of_its_commit(version):
    claims = said(tag="v4.11.2", version=version)
    assert claims["candidate.tag"] == ("v4.11.2", "low")
    assert claims["candidate.version"] == (version, "exact")


def test_a_zero_within_a_version_is_no_placeholder():
    assert said(tag="v10.0.0", version="10.0.0")["candidate.version"] == ("10.0.0", "exact")


def test_an_unknown_member_is_not_understood():
    extraction = extract(drift.as_json(json.parse(SAMPLE) | {"signed_by": "x"}), FORMAT)
    assert not_understood(extraction) == ["/signed_by"]
    assert problems(extraction) == []


def test_a_release_without_a_commit_is_something_else():
    assert recognised(b'{"project_name": "x", "tag": "v1", "version": "1", "date": "2026-01-01T00:00:00Z"}') == []


def test_drift_is_told():
    drift.assert_drift_is_told(SAMPLE, {"/project_name", "/version", "/commit", "/date"})


def test_the_corpus_is_read_whole():
    for path, extractions in corpus.read_all("release-manifest/goreleaser-metadata").items():
        assert [extraction.format for extraction in extractions] == [FORMAT], path
        assert extractions[0].loss()["not_understood"] == 0, path
        assert problems(extractions[0]) == [], path
