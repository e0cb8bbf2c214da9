from pathlib import Path

from release_staging.parsing.yaml import dump, parse
from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "csv.yaml").read_bytes()
FORMAT = "olm-csv@v1alpha1"


def test_an_operator_names_itself_without_its_version():
    [claim] = [claim for claim in rows(extract(SAMPLE, FORMAT), "claims") if claim["field"] == "service.name"]
    assert (claim["value"], claim["source_value"], claim["confidence"]) == (
        "billing-operator",
        "billing-operator.v4.12.0-rc.3",
        "derived",
    )


def test_version_time_and_repository_are_claimed():
    extraction = extract(SAMPLE, FORMAT)
    assert claims(extraction, "candidate.version") == ["4.12.0-rc.3"]
    assert claims(extraction, "produced_at") == ["2026-11-20T09:00:00Z"]
    assert claims(extraction, "repository.url") == ["https://github.com/acme-pay/billing-operator"]


def test_every_image_it_deploys_or_uses_is_an_artifact():
    extraction = extract(SAMPLE, FORMAT)
    assert [(row["name"], row["kind"], row["digest"] is not None) for row in rows(extraction, "artifacts")] == [
        ("billing-operator", "container-image", False),
        ("manager", "container-image", True),
        ("worker", "container-image", True),
        ("billing-operator", "operator", False),
    ]
    assert len(claims(extraction, "artifact.digest")) == 2
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_an_unknown_member_is_not_understood():
    value = parse(SAMPLE)
    value["spec"]["sealed"] = True
    assert not_understood(extract(dump(value), FORMAT)) == ["/spec/sealed"]


def test_other_kinds_of_olm_are_something_else():
    assert recognised(b"apiVersion: operators.coreos.com/v1alpha1\nkind: Subscription\nmetadata: {name: x}\nspec: {}\n") == []


def test_drift_is_told():
    deployment = "/spec/install/spec/deployments/*/spec"
    required = {"/metadata", "/metadata/name", "/spec", "/spec/version", deployment, f"{deployment}/template/spec/containers/*/image"}
    drift.assert_drift_is_told(SAMPLE, required | {"/spec/relatedImages/*/image"}, parse=parse, dump=dump)


def test_the_corpus_is_read_whole():
    for path, extractions in corpus.read_all("release-manifest/olm-csv").items():
        assert [extraction.format for extraction in extractions] == [FORMAT], path
        assert problems(extractions[0]) == [], path
        assert not_understood(extractions[0]) == [], path
