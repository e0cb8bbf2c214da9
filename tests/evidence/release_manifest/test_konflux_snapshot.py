from pathlib import Path

from release_staging.parsing.yaml import dump, parse
from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLES = Path(__file__).parent / "samples"
SNAPSHOT = (SAMPLES / "snapshot.yaml").read_bytes()
RELEASE = (SAMPLES / "konflux-release.yaml").read_bytes()
FORMAT = "konflux-snapshot@v1alpha1"
DIGEST = "sha256:3b1f6a0de0c1b1a7f4d5c6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b"


def test_a_snapshot_ties_images_to_their_source():
    extraction = extract(SNAPSHOT, FORMAT)
    assert claims(extraction, "service.name") == ["billing"]
    assert claims(extraction, "candidate.commit") == ["9f2c4e1b7a6d5c3f8e0b1a2d4c6e8f0a1b3c5d7e"]
    assert claims(extraction, "repository.url") == ["https://github.com/acme-pay/billing-api"]
    assert claims(extraction, "artifact.digest") == [DIGEST]
    assert [(row["name"], row["digest"]) for row in rows(extraction, "artifacts")] == [("billing-api", DIGEST)]
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_components_of_several_revisions_claim_no_commit():
    value = parse(SNAPSHOT)
    other = parse(SNAPSHOT)["spec"]["components"][0]
    other["source"]["git"]["revision"] = "0000000000000000000000000000000000000001"
    value["spec"]["components"].append(other)
    extraction = extract(dump(value), FORMAT)
    assert claims(extraction, "candidate.commit") == []
    assert claims(extraction, "repository.url") == ["https://github.com/acme-pay/billing-api"]


def test_that_a_release_pipeline_succeeded_is_no_verdict():
    extraction = extract(RELEASE, FORMAT)
    assert claims(extraction, "verdict") == []
    assert claims(extraction, "finished_at") == ["2026-11-20T09:14:00Z"]
    assert [(row["kind"], row["reference"]) for row in rows(extraction, "artifacts")] == [("release", "billing-20261120-090000")]
    assert not_understood(extraction) == []


def test_an_unknown_member_is_not_understood():
    value = parse(SNAPSHOT)
    value["spec"]["sealed"] = True
    assert not_understood(extract(dump(value), FORMAT)) == ["/spec/sealed"]


def test_a_release_plan_is_something_else():
    assert recognised(b"apiVersion: appstudio.redhat.com/v1alpha1\nkind: ReleasePlan\nmetadata: {name: x}\nspec: {}\n") == []


def test_drift_is_told():
    required = {"/metadata", "/spec", "/spec/application", "/spec/components", "/spec/components/*/containerImage"}
    drift.assert_drift_is_told(SNAPSHOT, required, parse=parse, dump=dump)
    drift.assert_drift_is_told(RELEASE, {"/metadata/name", "/spec/snapshot"}, parse=parse, dump=dump)


def test_a_sample_of_the_corpus_without_a_snapshot_is_told():
    for path, extractions in corpus.read_all("release-manifest/konflux-release").items():
        assert [extraction.format for extraction in extractions] == [FORMAT], path
        assert problems(extractions[0]) == [("SCHEMA_DRIFT", "yaml=0;json-pointer:/spec/snapshot")], path
