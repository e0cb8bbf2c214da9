from pathlib import Path

from release_staging.parsing import json
from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "dist-manifest.json").read_bytes()
FORMAT = "cargo-dist-manifest"
ARCHIVE = "billctl-x86_64-unknown-linux-gnu.tar.xz"


def test_the_one_application_announced_is_the_candidate():
    claimed = {c["field"]: (c["subject"], c["value"]) for c in rows(extract(SAMPLE, FORMAT), "claims")}
    assert claimed == {
        "tool.version": (None, "0.30.3"),
        "candidate.tag": (None, "v4.12.0-rc.3"),
        "service.name": ("billctl", "billctl"),
        "candidate.version": ("billctl", "4.12.0-rc.3"),
        "repository.url": ("billctl", "https://github.com/acme-pay/billctl"),
        "artifact.digest": (ARCHIVE, "sha256:170a2e78120a47b059b6bbda1fa3d97092bc658f9560be22987ed214daa0eff3"),
    }


def test_every_file_is_listed_with_its_kind_platform_and_version():
    extraction = extract(SAMPLE, FORMAT)
    archive, checksum = rows(extraction, "artifacts")
    assert (archive["name"], archive["kind"], archive["platform"], archive["version"]) == (
        ARCHIVE,
        "executable-zip",
        "x86_64-unknown-linux-gnu",
        "4.12.0-rc.3",
    )
    assert (checksum["kind"], checksum["digest"]) == ("checksum", None)
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_of_several_applications_none_is_the_candidate():
    value = json.parse(SAMPLE)
    value["releases"].append({"app_name": "other", "app_version": "1.0.0", "artifacts": []})
    extraction = extract(drift.as_json(value), FORMAT)
    assert claims(extraction, "service.name") == claims(extraction, "candidate.version") == []
    assert len(rows(extraction, "artifacts")) == 2


def test_paths_of_the_build_host_are_not_copied():
    extraction = extract(SAMPLE, FORMAT)
    assert "/home/runner" not in str([rows(extraction, table) for table in extraction.tables])


def test_an_unknown_member_is_not_understood():
    assert not_understood(extract(drift.as_json(json.parse(SAMPLE) | {"sealed": True}), FORMAT)) == ["/sealed"]


def test_releases_and_artifacts_alone_are_not_enough():
    assert recognised(b'{"releases": [], "artifacts": {}}') == []


def test_drift_is_told():
    required = {"/dist_version", "/releases", "/artifacts", "/releases/*/app_name", "/releases/*/app_version", "/releases/*/artifacts"}
    files = {f"/artifacts/{ARCHIVE}", f"/artifacts/{ARCHIVE}.sha256"}
    drift.assert_drift_is_told(SAMPLE, required, joined={"repository.url"}, named=files)


def test_the_corpus_is_read_whole():
    for path, extractions in corpus.read_all("release-manifest/cargo-dist-manifest").items():
        assert [extraction.format for extraction in extractions] == [FORMAT], path
        assert problems(extractions[0]) == [], path
        assert not_understood(extractions[0]) == [], path
