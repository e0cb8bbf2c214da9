from pathlib import Path

from release_staging.parsing.yaml import dump, parse
from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "cortex.yaml").read_bytes()
FORMAT = "cortex@3.0"


def changed(**members):
    value = parse(SAMPLE)
    value["info"] |= {key.replace("_", "-"): member for key, member in members.items()}
    return extract(dump(value), FORMAT)


def test_an_entity_is_known_by_its_tag():
    claimed = [(c["field"], c["value"], c["confidence"], c["locator"]) for c in rows(extract(SAMPLE, FORMAT), "claims")]
    info = "yaml=0;json-pointer:/info"
    assert claimed == [
        ("service.name", "billing-api", "exact", f"{info}/x-cortex-tag"),
        ("service.owner", "billing-team", "exact", f"{info}/x-cortex-owners/0/name"),
        ("service.tier", "tier-1", "low", f"{info}/x-cortex-groups/1"),
        ("repository.url", "https://github.com/acme-pay/billing-api", "low", f"{info}/x-cortex-git/github/repository"),
    ]


def test_an_entity_is_a_row():
    extraction = extract(SAMPLE, FORMAT)
    [row] = rows(extraction, "catalog_entities")
    assert (row["kind"], row["name"], row["owner"], row["tier"]) == ("service", "billing-api", "billing-team", "tier-1")
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_a_person_who_owns_it_is_not_copied():
    extraction = extract(SAMPLE, FORMAT)
    assert "a.person" not in str([rows(extraction, table) for table in extraction.tables])


def test_of_several_owning_groups_none_is_the_owner():
    groups = [{"type": "group", "name": "billing-team"}, {"type": "group", "name": "platform"}]
    extraction = changed(x_cortex_owners=groups)
    assert claims(extraction, "service.owner") == []
    assert rows(extraction, "catalog_entities")[0]["owner"] == "billing-team, platform"


def test_a_group_that_is_no_tier_is_none():
    assert claims(changed(x_cortex_groups=["pci"]), "service.tier") == []


def test_what_is_no_service_claims_nothing():
    extraction = changed(x_cortex_type="domain")
    assert rows(extraction, "claims") == []
    assert [row["kind"] for row in rows(extraction, "catalog_entities")] == ["domain"]


def test_an_unknown_member_is_not_understood():
    assert not_understood(changed(x_cortex_sealed=True)) == ["/info/x-cortex-sealed"]


def test_an_ordinary_interface_description_is_something_else():
    assert recognised(b"openapi: 3.0.1\ninfo: {title: Billing, version: '1'}\npaths: {}\n") == []


def test_drift_is_told():
    required = {"/openapi", "/info", "/info/x-cortex-tag", "/info/x-cortex-owners/*/type", "/info/x-cortex-git/github/repository"}
    drift.assert_drift_is_told(SAMPLE, required, joined={"kind"}, parse=parse, dump=dump)


def test_the_corpus_is_read_whole():
    for path, extractions in corpus.read_all("service-catalogue/cortex-yaml").items():
        assert [extraction.format for extraction in extractions] == [FORMAT], path
        assert problems(extractions[0]) == [], path
        assert not_understood(extractions[0]) == [], path
