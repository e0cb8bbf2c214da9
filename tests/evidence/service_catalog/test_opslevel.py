from pathlib import Path

from release_staging.parsing.yaml import dump, parse
from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "opslevel.yml").read_bytes()
FORMAT = "opslevel@1"


def changed(**members):
    value = parse(SAMPLE)
    value["service"] |= members
    return extract(dump(value), FORMAT)


def test_a_service_says_who_owns_it_and_its_tier():
    claimed = {(c["field"], c["value"], c["confidence"]) for c in rows(extract(SAMPLE, FORMAT), "claims")}
    assert claimed == {
        ("service.name", "billing-api", "exact"),
        ("service.owner", "billing-team", "exact"),
        ("service.tier", "tier_1", "exact"),
        ("repository.url", "https://github.com/acme-pay/billing-api", "low"),
    }


def test_a_service_is_a_row():
    extraction = extract(SAMPLE, FORMAT)
    [row] = rows(extraction, "catalog_entities")
    assert (row["kind"], row["name"], row["system"], row["lifecycle"]) == ("service", "billing-api", "billing", "generally_available")
    assert row["locator"] == "yaml=0;json-pointer:/service"
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_a_component_is_what_a_service_was():
    value = parse(SAMPLE)
    extraction = extract(dump({"version": 1, "component": value["service"]}), FORMAT)
    assert claims(extraction, "service.name") == ["billing-api"]
    assert [row["kind"] for row in rows(extraction, "catalog_entities")] == ["component"]


def test_a_repository_names_an_owner_and_no_service():
    extraction = extract(b"version: 1\nrepository:\n  owner: billing-team\n", FORMAT)
    assert [(c["field"], c["value"]) for c in rows(extraction, "claims")] == [("service.owner", "billing-team")]
    assert problems(extraction) == []


def test_of_several_repositories_none_is_the_candidate_s():
    other = {"name": "acme-pay/other", "provider": "github"}
    assert claims(changed(repositories=[other, other]), "repository.url") == []


def test_a_provider_without_a_public_host_gives_no_address():
    assert claims(changed(repositories=[{"name": "acme/billing", "provider": "gitlab_self_hosted"}]), "repository.url") == []


def test_an_unknown_member_is_not_understood():
    assert not_understood(changed(sealed=True)) == ["/service/sealed"]


def test_the_configuration_of_the_kubernetes_import_is_something_else():
    assert recognised(b"version: 1.2.0\nservice:\n  import:\n    - selector: {kind: Pod}\n") == []
    assert recognised(b"version: 2\nservice:\n  name: x\n") == []


def test_a_version_that_is_not_read_yet_is_drift():
    data = dump(parse(SAMPLE) | {"version": 2})
    assert recognised(data) == ["opslevel@2"]
    assert "SCHEMA_DRIFT" in {code for code, _ in problems(extract(data, "opslevel@2"))}


def test_drift_is_told():
    drift.assert_drift_is_told(SAMPLE, {"/version", "/service", "/service/name"}, parse=parse, dump=dump)


def test_the_corpus_is_read_whole():
    for path, extractions in corpus.read_all("service-catalogue/opslevel-yml").items():
        if path.endswith("example-opslevel-k8s.yaml"):
            assert extractions == [], path
        else:
            assert [extraction.format for extraction in extractions] == [FORMAT], path
            assert problems(extractions[0]) == [], path
            assert not_understood(extractions[0]) == [], path
