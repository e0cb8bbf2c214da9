from pathlib import Path

import yaml

from release_staging.parsing.yaml import parse_all
from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLES = Path(__file__).parent / "samples"
CATALOG = (SAMPLES / "catalog-info.yaml").read_bytes()
SKELETON = (SAMPLES / "skeleton.yaml").read_bytes()
TEMPLATE = (SAMPLES / "template.yaml").read_bytes()
FORMAT = "backstage-catalog@v1alpha1"


def dump(value):
    return yaml.safe_dump_all(value).encode()


def component(**annotations):
    [first, _] = parse_all(CATALOG)
    first["metadata"]["annotations"] = annotations
    return extract(dump([first]), FORMAT)


def test_a_component_says_who_owns_it_and_where_it_lives():
    claimed = [(c["field"], c["subject"], c["value"], c["locator"]) for c in rows(extract(CATALOG, FORMAT), "claims")]
    assert claimed == [
        ("service.name", "billing-api", "billing-api", "yaml=0;json-pointer:/metadata/name"),
        ("service.owner", "billing-api", "group:payments/billing-team", "yaml=0;json-pointer:/spec/owner"),
        (
            "repository.url",
            "billing-api",
            "https://github.com/acme-pay/billing-api",
            "yaml=0;json-pointer:/metadata/annotations/github.com~1project-slug",
        ),
    ]


def test_the_address_of_the_repository_is_derived_and_says_from_what():
    [claim] = [claim for claim in rows(extract(CATALOG, FORMAT), "claims") if claim["field"] == "repository.url"]
    assert claim["source_value"] == "acme-pay/billing-api"
    assert claim["confidence"] == "derived"
    assert "host is taken from its key" in claim["loss"]


def test_every_entity_of_the_stream_is_a_row():
    extraction = extract(CATALOG, FORMAT)
    first, second = rows(extraction, "catalog_entities")
    assert first == {
        "locator": "yaml=0;json-pointer:",
        "kind": "Component",
        "name": "billing-api",
        "owner": "group:payments/billing-team",
        "lifecycle": "production",
        "tier": None,
        "system": "payments/billing",
        "repository": "https://github.com/acme-pay/billing-api",
    }
    assert (second["kind"], second["name"], second["locator"]) == ("API", "invoices", "yaml=1;json-pointer:")
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_a_template_is_not_a_component():
    extraction = extract(TEMPLATE, FORMAT)
    assert rows(extraction, "claims") == []
    assert [row["kind"] for row in rows(extraction, "catalog_entities")] == ["Template"]
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_a_placeholder_names_nothing_and_is_told():
    extraction = extract(SKELETON, FORMAT)
    assert rows(extraction, "claims") == []
    [row] = rows(extraction, "catalog_entities")
    assert (row["name"], row["owner"], row["repository"], row["lifecycle"]) == (None, None, None, "experimental")
    assert {locator for code, locator in problems(extraction) if code == "SCHEMA_DRIFT"} == {
        "yaml=0;json-pointer:/metadata/name",
        "yaml=0;json-pointer:/spec/owner",
        "yaml=0;json-pointer:/metadata/annotations/github.com~1project-slug",
    }


def test_a_source_location_is_cut_down_to_its_repository():
    location = "url:https://gitlab.example.com/acme/billing-api/-/tree/main/services/"
    assert claims(component(**{"backstage.io/source-location": location}), "repository.url") == [
        "https://gitlab.example.com/acme/billing-api"
    ]


def test_a_project_of_gitlab_is_of_its_instance():
    slug, instance = {"gitlab.com/project-slug": "acme/billing-api"}, {"gitlab.com/instance": "gitlab.example.com"}
    assert claims(component(**slug), "repository.url") == ["https://gitlab.com/acme/billing-api"]
    assert claims(component(**slug, **instance), "repository.url") == ["https://gitlab.example.com/acme/billing-api"]
    location = {"backstage.io/source-location": "url:https://git.example.com/acme/billing-api/tree/main"}
    assert claims(component(**slug, **location), "repository.url") == ["https://git.example.com/acme/billing-api"]


def test_a_location_that_is_no_address_claims_nothing():
    assert claims(component(**{"backstage.io/source-location": "dir:."}), "repository.url") == []


def test_annotations_that_are_no_mapping_are_told():
    [first, _] = parse_all(CATALOG)
    first["metadata"]["annotations"] = [{"github.com/project-slug": "acme-pay/billing-api"}]
    extraction = extract(dump([first]), FORMAT)
    assert problems(extraction) == [("SCHEMA_DRIFT", "yaml=0;json-pointer:/metadata/annotations")]
    assert claims(extraction, "repository.url") == []


def test_the_address_book_of_an_unknown_tool_is_not_understood():
    assert not_understood(component(**{"example.org/ring": "eu"})) == ["/metadata/annotations/example.org~1ring"]


def test_a_document_of_somebody_else_in_the_stream_is_told():
    extraction = extract(CATALOG + b"---\nkind: Service\nmetadata:\n  name: other\n", FORMAT)
    assert len(rows(extraction, "catalog_entities")) == 2
    assert problems(extraction) == [("EVIDENCE_UNRECOGNISED", "yaml=2;json-pointer:")]


def test_a_scaffolder_template_and_kubernetes_objects_are_something_else():
    assert recognised(b"apiVersion: scaffolder.backstage.io/v1beta3\nkind: Template\nmetadata: {name: x}\n") == []
    assert recognised(b"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\n") == []


def test_drift_is_told():
    drift.assert_drift_is_told(
        CATALOG,
        {"/*/kind", "/*/metadata", "/*/metadata/name", "/*/spec/owner", "/*/spec/lifecycle", "/*/apiVersion"},
        parse=parse_all,
        dump=dump,
    )


def test_the_corpus_is_read():
    for path, extractions in corpus.read_all("service-catalogue/backstage-entity").items():
        assert [extraction.format for extraction in extractions] == [FORMAT], path
        assert rows(extractions[0], "catalog_entities"), path
