from pathlib import Path

from release_staging.parsing.yaml import dump, parse
from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "Chart.yaml").read_bytes()
FORMAT = "helm-chart@v2"


def changed(**members):
    return extract(dump({**parse(SAMPLE), **members}), FORMAT)


def test_what_a_chart_deploys_is_the_candidate_and_not_the_chart():
    claimed = [(c["field"], c["subject"], c["value"], c["locator"]) for c in rows(extract(SAMPLE, FORMAT), "claims")]
    assert claimed == [
        ("service.name", "billing-api", "billing-api", "yaml=0;json-pointer:/name"),
        ("candidate.version", "billing-api", "4.12.0-rc.3", "yaml=0;json-pointer:/appVersion"),
        ("repository.url", "billing-api", "https://github.com/acme-pay/billing-api", "yaml=0;json-pointer:/sources/0"),
    ]


def test_the_chart_itself_is_an_artifact_with_its_own_version():
    extraction = extract(SAMPLE, FORMAT)
    [row] = rows(extraction, "artifacts")
    assert (row["role"], row["kind"], row["name"], row["version"]) == ("declared", "helm-chart", "billing-api", "1.7.2")
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_a_chart_without_an_app_version_names_no_version_of_the_candidate():
    value = parse(SAMPLE)
    del value["appVersion"]
    assert claims(extract(dump(value), FORMAT), "candidate.version") == []


def test_a_version_that_helm_would_read_as_a_number_says_what_it_would_lose():
    extraction = extract(b"apiVersion: v2\nname: a\nversion: 1.11\nappVersion: 1.10\n", FORMAT)
    [claim] = [claim for claim in rows(extraction, "claims") if claim["field"] == "candidate.version"]
    assert (claim["value"], claim["source_value"]) == ("1.10", "1.10")
    assert "without quotes" in claim["loss"]


def test_a_library_chart_releases_nothing():
    extraction = changed(type="library")
    assert rows(extraction, "claims") == []
    assert [row["name"] for row in rows(extraction, "artifacts")] == ["billing-api"]


def test_of_several_sources_none_is_the_repository():
    assert claims(changed(sources=["https://github.com/acme-pay/billing-api", "https://github.com/x/y"]), "repository.url") == []


def test_an_address_with_credentials_is_never_copied():
    extraction = changed(sources=["https://deploy:correct-horse@git.example.com/acme/billing-api"])
    assert "correct-horse" not in str([rows(extraction, table) for table in extraction.tables])
    assert claims(extraction, "repository.url") == []


def test_an_unknown_member_is_not_understood():
    assert not_understood(changed(sealed=True)) == ["/sealed"]


def test_a_chart_api_that_is_not_known_is_drift():
    extraction = extract(dump({**parse(SAMPLE), "apiVersion": "v3"}), "helm-chart@v3")
    assert [code for code, _ in problems(extraction)] == ["SCHEMA_DRIFT"]


def test_kubernetes_objects_and_repository_indexes_are_something_else():
    assert recognised(b"apiVersion: v1\nkind: Namespace\nname: x\nversion: '1'\n") == []
    assert recognised(b"apiVersion: v1\nentries: {}\ngenerated: '2026-11-20T09:00:00Z'\n") == ["helm-index@v1"]


def test_drift_is_told():
    drift.assert_drift_is_told(SAMPLE, {"/apiVersion", "/name", "/version"}, parse=parse, dump=dump)


def test_the_corpus_is_read():
    for path, extractions in corpus.read_all("artifact-registry/helm-chart-yaml").items():
        if "/malformed/" not in path:
            [extraction] = extractions
            assert extraction.format in ("helm-chart@v1", FORMAT), path
            assert problems(extraction) == [], path
            assert not_understood(extraction) == [], path
