from pathlib import Path

import yaml

from release_staging.parsing.yaml import dump, parse, parse_all
from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLES = Path(__file__).parent / "samples"
V2, V22, V3 = ((SAMPLES / f"datadog-{version}.yaml").read_bytes() for version in ("v2", "v2.2", "v3"))
FORMAT = "datadog-service"


def stream(values):
    return yaml.safe_dump_all(values).encode()


def test_a_definition_says_who_owns_a_service_its_tier_and_its_source():
    claimed = [(c["field"], c["subject"], c["value"], c["locator"]) for c in rows(extract(V22, f"{FORMAT}@v2.2"), "claims")]
    assert claimed == [
        ("service.name", "billing-api", "billing-api", "yaml=0;json-pointer:/dd-service"),
        ("service.owner", "billing-api", "billing-team", "yaml=0;json-pointer:/team"),
        ("service.tier", "billing-api", "1", "yaml=0;json-pointer:/tier"),
        ("repository.url", "billing-api", "https://github.com/acme-pay/billing-api", "yaml=0;json-pointer:/links/0/url"),
    ]


def test_a_definition_is_a_row():
    extraction = extract(V22, f"{FORMAT}@v2.2")
    assert rows(extraction, "catalog_entities") == [
        {
            "locator": "yaml=0;json-pointer:",
            "kind": "service",
            "name": "billing-api",
            "owner": "billing-team",
            "lifecycle": "production",
            "tier": "1",
            "system": "billing",
            "repository": "https://github.com/acme-pay/billing-api",
        }
    ]
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_the_first_schema_names_repositories_elsewhere():
    extraction = extract(V2, f"{FORMAT}@v2")
    assert claims(extraction, "repository.url") == ["https://github.com/acme-pay/billing-api"]
    assert not_understood(extraction) == []


def test_the_newest_schema_has_systems_beside_services():
    extraction = extract(V3, f"{FORMAT}@v3")
    assert [(row["kind"], row["name"], row["system"]) for row in rows(extraction, "catalog_entities")] == [
        ("system", "billing", None),
        ("service", "billing-api", "system:billing"),
    ]
    assert claims(extraction, "service.name") == ["billing-api"]
    assert claims(extraction, "service.owner") == ["billing-team"]
    assert claims(extraction, "repository.url") == ["https://github.com/acme-pay/billing-api.git"]
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_of_several_services_none_is_the_candidate_s():
    value = parse(V22)
    extraction = extract(stream([value, value | {"dd-service": "billing-worker"}]), f"{FORMAT}@v2.2")
    assert rows(extraction, "claims") == []
    assert [row["name"] for row in rows(extraction, "catalog_entities")] == ["billing-api", "billing-worker"]


def test_no_address_of_a_person_is_copied():
    for data, version in ((V22, "v2.2"), (V3, "v3")):
        extraction = extract(data, f"{FORMAT}@{version}")
        assert "a.person" not in str([rows(extraction, table) for table in extraction.tables])


def test_a_document_of_somebody_else_in_the_stream_is_told():
    extraction = extract(V2 + b"---\nkind: Service\nmetadata:\n  name: other\n", f"{FORMAT}@v2")
    assert problems(extraction) == [("EVIDENCE_UNRECOGNISED", "yaml=1;json-pointer:")]
    assert claims(extraction, "service.name") == ["billing-api"]


def test_an_unknown_member_is_not_understood():
    assert not_understood(extract(dump(parse(V22) | {"sealed": True}), f"{FORMAT}@v2.2")) == ["/sealed"]


def test_other_configuration_of_datadog_is_something_else():
    assert recognised(b"schema-version: v1\nrulesets: [go-security]\n") == []
    assert recognised(b"apiVersion: v3\nname: chart\nversion: 1.0.0\n") == ["helm-chart@v3"]


def test_drift_is_told():
    drift.assert_drift_is_told(V22, {"/schema-version", "/dd-service", "/links/*/type"}, parse=parse, dump=dump)
    drift.assert_drift_is_told(V2, {"/schema-version", "/dd-service"}, parse=parse, dump=dump)
    required = {"/*/apiVersion", "/*/kind", "/*/metadata", "/*/metadata/name"}
    drift.assert_drift_is_told(V3, required, parse=parse_all, dump=stream)


def test_the_corpus_is_read_whole():
    for path, extractions in corpus.read_all("service-catalogue/datadog-service").items():
        if "static-analysis" in path:
            assert extractions == [], path
        else:
            [extraction] = extractions
            assert extraction.format.startswith(f"{FORMAT}@v2"), path
            assert problems(extraction) == [], path
            assert not_understood(extraction) == [], path
