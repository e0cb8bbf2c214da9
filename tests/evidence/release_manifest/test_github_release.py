from pathlib import Path

import pytest

from release_staging.parsing import json
from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "github-release.json").read_bytes()
FORMAT = "github-release"


def read(**changes):
    return extract(drift.as_json(json.parse(SAMPLE) | changes), FORMAT)


def claim_of(extraction, field):
    [claim] = [claim for claim in rows(extraction, "claims") if claim["field"] == field]
    return claim


def test_a_release_names_its_tag_version_commit_and_repository():
    extraction = extract(SAMPLE, FORMAT)
    assert claim_of(extraction, "candidate.tag")["locator"] == "json-pointer:/tag_name"
    assert claims(extraction, "candidate.commit") == ["9f2c4e1b7a6d5c3f8e0b1a2d4c6e8f0a1b3c5d7e"]
    version, repository = claim_of(extraction, "candidate.version"), claim_of(extraction, "repository.url")
    assert (version["value"], version["source_value"], version["confidence"]) == ("4.12.0-rc.3", "v4.12.0-rc.3", "derived")
    assert (repository["value"], repository["confidence"]) == ("https://github.com/acme-pay/billing-api", "derived")
    assert claims(extraction, "produced_at") == ["2026-11-20T08:44:58Z"]
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_an_asset_has_a_digest_only_where_the_release_says_one():
    extraction = extract(SAMPLE, FORMAT)
    assert [(row["name"], row["size"], row["digest"] is not None) for row in rows(extraction, "artifacts")] == [
        ("billing-api_4.12.0-rc.3_linux_amd64.tar.gz", 7340032, True),
        ("checksums.txt", 212, False),
    ]
    digest = claim_of(extraction, "artifact.digest")
    assert (digest["subject"], digest["locator"]) == (
        "billing-api_4.12.0-rc.3_linux_amd64.tar.gz",
        "json-pointer:/assets/0/digest",
    )


@pytest.mark.parametrize("target", ["main", "release/4.12", "9f2c4e1"])
def test_a_branch_to_tag_is_neither_the_commit_nor_the_branch_of_the_candidate(target):
    extraction = read(target_commitish=target)
    assert claims(extraction, "candidate.commit") == []
    assert claims(extraction, "candidate.branch") == []
    assert problems(extraction) == []


def test_the_date_of_the_commit_is_not_the_time_of_the_release():
    extraction = read(published_at=None)
    assert claims(extraction, "produced_at") == []


@pytest.mark.parametrize("tag", ["v0.3.0__src_cli22.0.1", "billing-api/v4.12.0", "latest", "nightly-2026"])
def test_a_tag_that_is_not_wholly_a_version_is_no_version(tag):
    extraction = read(tag_name=tag)
    assert claims(extraction, "candidate.tag") == [tag]
    assert claims(extraction, "candidate.version") == []


def test_the_tag_of_a_draft_is_of_low_confidence():
    extraction = read(draft=True)
    assert claim_of(extraction, "candidate.tag")["confidence"] == "low"
    assert claim_of(extraction, "candidate.version")["confidence"] == "low"


def test_no_person_and_no_release_text_is_copied():
    extraction = extract(SAMPLE, FORMAT)
    copied = str([rows(extraction, table) for table in extraction.tables if table != "losses"])
    assert "release-bot" not in copied
    assert "Third candidate" not in copied


def test_an_unknown_member_is_not_understood():
    assert not_understood(read(retention="90 days")) == ["/retention"]


def test_releases_of_other_forges_are_something_else():
    gitlab = b'{"tag_name": "v1", "commit": {"id": "x"}, "released_at": "2026-01-01T00:00:00Z", "assets": {}}'
    assert recognised(gitlab) == ["gitlab-release"]
    assert recognised(b"[" + SAMPLE + b"," + gitlab + b"]") == []


def test_of_several_releases_none_is_the_candidate():
    other = drift.as_json(json.parse(SAMPLE) | {"tag_name": "v4.11.2"})
    extraction = extract(b"[" + SAMPLE + b"," + other + b"]", FORMAT)
    assert rows(extraction, "claims") == []
    assert [row["version"] for row in rows(extraction, "artifacts")] == ["v4.12.0-rc.3"] * 2 + ["v4.11.2"] * 2
    assert problems(extraction) == [("LOW_CONFIDENCE", "json-pointer:")]
    assert not_understood(extraction) == []
    [alone] = [extract(b"[" + SAMPLE + b"]", FORMAT)]
    assert claim_of(alone, "candidate.tag")["locator"] == "json-pointer:/0/tag_name"


@pytest.mark.parametrize(("action", "confidence"), [("published", "exact"), ("unpublished", "low"), ("deleted", "low")])
def test_the_event_of_a_release_is_read_as_the_release(action, confidence):
    event = {"action": action, "release": json.parse(SAMPLE), "repository": {"private": True}, "sender": {"login": "bot"}}
    extraction = extract(drift.as_json(event), FORMAT)
    tag = claim_of(extraction, "candidate.tag")
    assert (tag["value"], tag["confidence"], tag["locator"]) == ("v4.12.0-rc.3", confidence, "json-pointer:/release/tag_name")
    assert not_understood(extraction) == []


def test_drift_is_told():
    drift.assert_drift_is_told(SAMPLE, {"/tag_name", "/target_commitish", "/html_url", "/assets", "/assets/*/name"}, joined=("confidence",))


def test_the_corpus_is_read():
    read_as = corpus.read_all("release-manifest/github-release", "release-manifest/github-release-webhook")
    assert sum([extraction.format for extraction in found] == [FORMAT] for found in read_as.values()) == 46
    for path, extractions in read_as.items():
        for extraction in extractions:
            assert extraction.format == FORMAT, path
            assert extraction.loss()["not_understood"] == 0, path
            assert {code for code, _ in problems(extraction)} <= {"LOW_CONFIDENCE"}, path
