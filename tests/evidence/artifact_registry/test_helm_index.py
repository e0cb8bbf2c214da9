from pathlib import Path

from release_staging.parsing.yaml import dump, parse
from tests.evidence import corpus, drift
from tests.evidence.support import claims, extract, not_understood, problems, recognised, rows

SAMPLE = (Path(__file__).parent / "samples" / "helm-index.yaml").read_bytes()
FORMAT = "helm-index@v1"
DIGEST = "87901b18d44454484d00e86486da9262de5b851a15473e0314e116bdc2efcbda"


def test_every_version_of_a_chart_is_a_row():
    extraction = extract(SAMPLE, FORMAT)
    assert [(row["name"], row["version"], row["kind"]) for row in rows(extraction, "artifacts")] == [
        ("billing-api", "1.7.2", "helm-chart"),
        ("billing-api", "1.7.1", "helm-chart"),
    ]
    assert claims(extraction, "produced_at") == ["2026-11-20T09:00:01.123456789Z"]
    assert problems(extraction) == []
    assert not_understood(extraction) == []


def test_none_of_the_versions_is_the_candidate():
    extraction = extract(SAMPLE, FORMAT)
    assert claims(extraction, "candidate.version") == claims(extraction, "service.name") == []


def test_a_bare_digest_gets_its_algorithm_from_its_length():
    claim = next(claim for claim in rows(extract(SAMPLE, FORMAT), "claims") if claim["field"] == "artifact.digest")
    assert (claim["subject"], claim["value"], claim["source_value"]) == ("billing-api-1.7.2", f"sha256:{DIGEST}", DIGEST)
    assert (claim["confidence"], claim["locator"]) == ("derived", "yaml=0;json-pointer:/entries/billing-api/0/digest")


def test_an_old_checksum_is_a_sha1():
    value = parse(SAMPLE)
    chart = value["entries"]["billing-api"][0]
    del chart["digest"]
    chart["checksum"] = "0e6661f193211d7a5206918d42f5c2a9470b737d"
    assert claims(extract(dump(value), FORMAT), "artifact.digest")[0] == "sha1:0e6661f193211d7a5206918d42f5c2a9470b737d"


def test_no_password_and_no_token_of_an_address_is_copied():
    extraction = extract(SAMPLE, FORMAT)
    assert [row["reference"] for row in rows(extraction, "artifacts")] == [
        "https://charts.example.com/billing-api-1.7.2.tgz",
        "charts/billing-api-1.7.1.tgz",
    ]
    assert "correct-horse" not in str([rows(extraction, table) for table in extraction.tables])


def test_an_unknown_member_is_not_understood():
    value = parse(SAMPLE)
    value["entries"]["billing-api"][0]["sealed"] = True
    assert not_understood(extract(dump(value), FORMAT)) == ["/entries/*/*/sealed"]


def test_entries_without_an_api_version_are_something_else():
    assert recognised(b"entries:\n  a: []\n") == []


def test_drift_is_told():
    required = {"/apiVersion", "/entries", "/entries/billing-api/*/version"}
    drift.assert_drift_is_told(SAMPLE, required, named={"/entries/billing-api"}, parse=parse, dump=dump)


def test_the_corpus_is_read_whole():
    for path, extractions in corpus.read_all("artifact-registry/helm-index").items():
        assert [extraction.format for extraction in extractions] == [FORMAT], path
        assert problems(extractions[0]) == [], path
        assert not_understood(extractions[0]) == [], path
