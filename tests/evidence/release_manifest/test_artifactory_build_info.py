from pathlib import Path

from release_staging.parsing import json
from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "build-info.json").read_bytes()
FORMAT = "artifactory-build-info"
JAR = "billing-api-4.12.0-rc.3.jar"


def changed(**members):
    return extract(drift.as_json(json.parse(SAMPLE) | members), FORMAT)


def test_a_build_names_its_source_its_run_and_its_artifacts():
    claimed = {(c["field"], c["subject"]): c["value"] for c in rows(extract(SAMPLE, FORMAT), "claims")}
    assert claimed == {
        ("started_at", None): "2026-11-20T11:38:02.957+0300",
        ("build.url", None): "https://ci.example.com/acme-pay/billing-api/runs/88123",
        ("tool.name", None): "jfrog-cli-go",
        ("tool.version", None): "2.74.1",
        ("candidate.commit", None): "9f2c4e1b7a6d5c3f8e0b1a2d4c6e8f0a1b3c5d7e",
        ("repository.url", None): "https://github.com/acme-pay/billing-api.git",
        ("candidate.branch", None): "release/4.12",
        ("artifact.digest", JAR): "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef",
        ("artifact.digest", "billing-api-4.12.0-rc.3.pom"): "sha1:cf0b76aff537dac952984b79cc20244bef19b03f",
    }


def test_the_best_digest_of_an_artifact_is_taken():
    extraction = extract(SAMPLE, FORMAT)
    first, second = rows(extraction, "artifacts")
    assert (first["name"], first["kind"], first["version"], first["locator"]) == (
        JAR,
        "jar",
        "4.12.0-rc.3",
        "json-pointer:/modules/0/artifacts/0",
    )
    assert second["digest"] == "sha1:cf0b76aff537dac952984b79cc20244bef19b03f"
    assert problems(extraction) == []


def test_the_number_of_a_build_is_not_the_id_of_its_run():
    assert claims(extract(SAMPLE, FORMAT), "build.id") == []


def test_the_environment_of_the_build_is_never_copied():
    extraction = extract(SAMPLE, FORMAT)
    assert "npm_abc" not in str([rows(extraction, table) for table in extraction.tables])


def test_an_address_with_credentials_is_dropped():
    extraction = changed(vcs=[{"url": "https://ci:hunter2@git.example.com/acme/billing-api.git", "revision": "9f2c4e1"}])
    assert claims(extraction, "repository.url") == []
    assert claims(extraction, "candidate.commit") == ["9f2c4e1"]
    assert "hunter2" not in str([rows(extraction, table) for table in extraction.tables])


def test_the_answer_of_the_rest_api_wraps_the_build():
    value = {"buildInfo": json.parse(SAMPLE), "uri": "https://artifacts.example.com/api/build/billing-api/1842"}
    extraction = extract(drift.as_json(value), FORMAT)
    assert claims(extraction, "candidate.commit") == ["9f2c4e1b7a6d5c3f8e0b1a2d4c6e8f0a1b3c5d7e"]
    assert problems(extraction) == []


def test_an_old_build_names_its_revision_at_the_root():
    value = json.parse(SAMPLE)
    del value["vcs"]
    value |= {"vcsRevision": "9f2c4e1b7a6d5c3f8e0b1a2d4c6e8f0a1b3c5d7e", "vcsUrl": "git@github.com:acme-pay/billing-api.git"}
    extraction = extract(drift.as_json(value), FORMAT)
    assert claims(extraction, "candidate.commit") == ["9f2c4e1b7a6d5c3f8e0b1a2d4c6e8f0a1b3c5d7e"]
    assert claims(extraction, "repository.url") == ["git@github.com:acme-pay/billing-api.git"]


def test_an_artifact_without_a_digest_is_told():
    extraction = changed(modules=[{"id": "a:1", "artifacts": [{"name": "a.jar", "type": "jar"}]}])
    assert problems(extraction) == [("SCHEMA_DRIFT", "json-pointer:/modules/0/artifacts/0/sha256")]


def test_an_unknown_member_is_not_understood():
    assert not_understood(changed(sealed=True)) == ["/sealed"]
    assert not_understood(extract(SAMPLE, FORMAT)) == []


def test_a_list_of_modules_is_not_enough():
    assert recognised(b'{"name": "x", "modules": []}') == []


def test_drift_is_told():
    required = {"/modules", "/modules/*/id", "/modules/*/artifacts/*/name"}
    drift.assert_drift_is_told(SAMPLE, required, joined={"digest", "version", "artifact.digest"})


def test_the_corpus_is_read_whole():
    for path, extractions in corpus.read_all("artifact-registry/artifactory-build-info").items():
        assert [extraction.format for extraction in extractions] == [FORMAT], path
        assert problems(extractions[0]) == [], path
        assert extractions[0].loss()["not_understood"] == 0, path
