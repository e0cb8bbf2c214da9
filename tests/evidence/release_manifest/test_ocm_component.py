from pathlib import Path

from release_staging.parsing.yaml import dump, parse
from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLES = Path(__file__).parent / "samples"
V2 = (SAMPLES / "ocm-v2.yaml").read_bytes()
V3 = (SAMPLES / "ocm-v3.yaml").read_bytes()
DIGEST = "sha256:3b1f6a0de0c1b1a7f4d5c6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b"


def changed(change):
    value = parse(V2)
    change(value["component"])
    return extract(dump(value), "ocm-component@v2")


def test_a_component_names_itself_its_source_and_its_own_resources():
    claimed = [(c["field"], c["subject"], c["value"]) for c in rows(extract(V2, "ocm-component@v2"), "claims")]
    assert claimed == [
        ("service.name", "acme.org/billing-api", "acme.org/billing-api"),
        ("candidate.version", "acme.org/billing-api", "4.12.0-rc.3"),
        ("produced_at", None, "2026-11-20T09:00:00Z"),
        ("candidate.commit", "acme.org/billing-api", "9f2c4e1b7a6d5c3f8e0b1a2d4c6e8f0a1b3c5d7e"),
        ("repository.url", "acme.org/billing-api", "https://github.com/acme-pay/billing-api"),
        ("artifact.reference", "image", "registry.example.com/billing/billing-api:4.12.0-rc.3"),
        ("artifact.digest", "image", DIGEST),
    ]


def test_a_resource_of_others_is_a_row_and_no_claim():
    extraction = extract(V2, "ocm-component@v2")
    assert [(row["name"], row["version"]) for row in rows(extraction, "artifacts")] == [("image", "4.12.0-rc.3"), ("database", "16.4")]
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_the_newer_schema_says_the_same_in_other_places():
    extraction = extract(V3, "ocm-component@v3alpha1")
    assert claims(extraction, "candidate.version") == ["4.12.0-rc.3"]
    [claim] = [claim for claim in rows(extraction, "claims") if claim["field"] == "artifact.digest"]
    assert claim["locator"] == "yaml=0;json-pointer:/spec/resources/0/digest/value"
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_the_digest_of_a_normalised_form_is_no_digest_of_bytes():
    def normalised(component):
        component["resources"][0]["digest"]["normalisationAlgorithm"] = "jsonNormalisation/v2"

    extraction = changed(normalised)
    assert claims(extraction, "artifact.digest") == []
    assert rows(extraction, "artifacts")[0]["digest"] is None


def test_of_several_sources_none_is_the_candidate_s():
    def twice(component):
        component["sources"] *= 2

    extraction = changed(twice)
    assert claims(extraction, "candidate.commit") == claims(extraction, "repository.url") == []


def test_an_address_with_credentials_is_dropped():
    def secret(component):
        component["sources"][0]["access"]["repoUrl"] = "https://ci:hunter2@git.example.com/acme/billing-api"

    extraction = changed(secret)
    assert claims(extraction, "repository.url") == []
    assert "hunter2" not in str([rows(extraction, table) for table in extraction.tables])


def test_an_unknown_member_is_not_understood():
    def unknown(component):
        component["resources"][0]["sealed"] = True

    assert not_understood(changed(unknown)) == ["/component/resources/*/sealed"]


def test_the_custom_resource_of_a_controller_is_something_else():
    assert recognised(b"apiVersion: delivery.ocm.software/v1alpha1\nkind: ComponentVersion\nmetadata: {name: x}\nspec: {}\n") == []


def test_drift_is_told():
    resource = "/component/resources/*"
    required = {"/meta", "/component/name", "/component/version", "/component/resources", f"{resource}/name", f"{resource}/relation"}
    required |= {f"{resource}/access", f"{resource}/digest/value", f"{resource}/digest/hashAlgorithm", "/component/sources/*/access"}
    drift.assert_drift_is_told(V2, required, joined={"artifact.digest", "digest"}, parse=parse, dump=dump)
    drift.assert_drift_is_told(V3, {"/spec", "/metadata", "/spec/resources"}, joined={"artifact.digest", "digest"}, parse=parse, dump=dump)


def test_the_corpus_is_read_whole():
    for path, extractions in corpus.read_all("release-manifest/ocm-component-descriptor").items():
        assert [extraction.format for extraction in extractions] == ["ocm-component@v2"], path
        assert not_understood(extractions[0]) == [], path
