from pathlib import Path

from release_staging.parsing.yaml import dump, parse
from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "eksd-release.yaml").read_bytes()
FORMAT = "eksd-release@v1alpha1"
IMAGE = "public.example.com/eks-distro/etcd-io/etcd:v3.5.16-eks-1-31-9"


def test_images_and_archives_are_artifacts_with_their_digests():
    extraction = extract(SAMPLE, FORMAT)
    image, archive = rows(extraction, "artifacts")
    assert (image["kind"], image["reference"], image["version"]) == ("Image", IMAGE, "v3.5.16")
    assert image["platform"] == "linux/amd64, linux/arm64"
    assert (archive["kind"], archive["platform"]) == ("Archive", "linux/amd64")
    digests = [(c["subject"], c["value"]) for c in rows(extraction, "claims") if c["field"] == "artifact.digest"]
    assert digests == [
        (IMAGE, "sha256:3b1f6a0de0c1b1a7f4d5c6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b"),
        ("etcd-linux-amd64-v3.5.16.tar.gz", "sha256:d63f06f65eb5eb5983d8249cdb39379fa92e837c106b8d60c5d82429220e5234"),
    ]
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_the_commits_of_upstream_components_are_not_the_candidate_s():
    extraction = extract(SAMPLE, FORMAT)
    assert claims(extraction, "candidate.commit") == claims(extraction, "candidate.tag") == []
    assert claims(extraction, "produced_at") == ["2026-11-20T09:00:00Z"]


def test_an_unknown_member_is_not_understood():
    value = parse(SAMPLE)
    value["status"]["components"][0]["sealed"] = True
    assert not_understood(extract(dump(value), FORMAT)) == ["/status/components/*/sealed"]


def test_a_release_of_another_tool_is_something_else():
    assert recognised(b"apiVersion: helm.example.com/v1\nkind: Release\nmetadata: {name: x}\nstatus: {}\n") == []


def test_drift_is_told():
    asset = "/status/components/*/assets/*"
    required = {"/metadata", "/status", "/status/components", "/status/components/*/assets", f"{asset}/name", f"{asset}/type"}
    drift.assert_drift_is_told(SAMPLE, required | {f"{asset}/image/uri"}, joined={"platform"}, parse=parse, dump=dump)


def test_the_corpus_is_read_whole():
    for path, extractions in corpus.read_all("release-manifest/eksd-release").items():
        assert [extraction.format for extraction in extractions] == [FORMAT], path
        assert problems(extractions[0]) == [], path
        assert not_understood(extractions[0]) == [], path
