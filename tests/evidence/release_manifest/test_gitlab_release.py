from pathlib import Path

from release_staging.parsing import json
from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "gitlab-release.json").read_bytes()
EVIDENCE = (Path(__file__).parent / "samples" / "gitlab-evidence.json").read_bytes()
FORMAT = "gitlab-release"


def test_a_release_names_tag_version_commit_and_project():
    claimed = [(c["field"], c["value"], c["confidence"], c["locator"]) for c in rows(extract(SAMPLE, FORMAT), "claims")]
    assert claimed == [
        ("candidate.tag", "v4.12.0-rc.3", "exact", "json-pointer:/tag_name"),
        ("candidate.version", "4.12.0-rc.3", "derived", "json-pointer:/tag_name"),
        ("candidate.commit", "9f2c4e1b7a6d5c3f8e0b1a2d4c6e8f0a1b3c5d7e", "exact", "json-pointer:/commit/id"),
        ("produced_at", "2026-11-20T09:05:00.000Z", "exact", "json-pointer:/released_at"),
        ("repository.url", "https://gitlab.example.com/acme-pay/billing-api", "derived", "json-pointer:/_links/self"),
    ]


def test_a_link_is_an_artifact_without_the_token_in_its_address():
    extraction = extract(SAMPLE, FORMAT)
    [row] = rows(extraction, "artifacts")
    assert (row["name"], row["kind"], row["version"]) == ("billing-api-linux-amd64", "package", "v4.12.0-rc.3")
    assert row["reference"] == "https://files.example.com/billing-api-linux-amd64"
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_release_evidence_names_neither_commit_nor_project_address():
    extraction = extract(EVIDENCE, f"{FORMAT}/evidence")
    assert {c["field"]: c["value"] for c in rows(extraction, "claims")} == {
        "candidate.tag": "v4.12.0-rc.3",
        "candidate.version": "4.12.0-rc.3",
        "produced_at": "2026-11-20 09:01:02 UTC",
    }
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_nil_in_release_evidence_is_no_time():
    value = json.parse(EVIDENCE)
    value["release"]["created_at"] = "nil"
    assert claims(extract(drift.as_json(value), f"{FORMAT}/evidence"), "produced_at") == []


def test_of_several_releases_none_is_the_candidate_and_that_is_told():
    value = json.parse(SAMPLE)
    extraction = extract(drift.as_json([value, value]), FORMAT)
    assert rows(extraction, "claims") == []
    assert len(rows(extraction, "artifacts")) == 2
    assert problems(extraction) == [("LOW_CONFIDENCE", "json-pointer:")]


def test_a_list_of_one_release_is_that_release():
    extraction = extract(drift.as_json([json.parse(SAMPLE)]), FORMAT)
    assert claims(extraction, "candidate.commit") == ["9f2c4e1b7a6d5c3f8e0b1a2d4c6e8f0a1b3c5d7e"]
    assert not_understood(extraction) == []


def test_a_tag_that_is_no_version_is_only_a_tag():
    value = json.parse(SAMPLE) | {"tag_name": "billing-api/nightly"}
    extraction = extract(drift.as_json(value), FORMAT)
    assert (claims(extraction, "candidate.tag"), claims(extraction, "candidate.version")) == (["billing-api/nightly"], [])


def test_no_person_is_copied():
    extraction = extract(SAMPLE, FORMAT)
    assert "a.person" not in str([rows(extraction, table) for table in extraction.tables])


def test_an_unknown_member_is_not_understood():
    assert not_understood(extract(drift.as_json(json.parse(SAMPLE) | {"sealed": True}), FORMAT)) == ["/sealed"]


def test_a_github_release_is_something_else():
    assert recognised(b'{"tag_name": "v1", "target_commitish": "main", "commit": {}, "released_at": "x"}') == []


def test_drift_is_told():
    required = {"/tag_name", "/commit", "/commit/id", "/released_at", "/assets/links/*/name", "/assets/links/*/url"}
    drift.assert_drift_is_told(SAMPLE, required)
    drift.assert_drift_is_told(EVIDENCE, {"/release", "/release/tag_name"})


def test_the_corpus_is_read():
    for path, extractions in corpus.read_all("release-manifest/gitlab-release").items():
        assert [extraction.format for extraction in extractions] == [FORMAT], path
        assert rows(extractions[0], "artifacts"), path
